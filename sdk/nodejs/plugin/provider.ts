/**
 * An explicit provider of the plugin.
 *
 * @module
 */
import { type CustomResourceOptions, ProviderResource, type ResourceOptions, RunError } from "@pulumi/pulumi";
import { DigiCertProvider, type DigiCertProviderArgs, otherSettings, recordedSettings } from "../provider.js";

/** Settings of a {@link Provider}. */
export type ProviderArgs = DigiCertProviderArgs;

/**
 * A second account or region for some resources and reads. Key, region and base URL are this provider's own, never taken from
 * stack config or environment. No change of a setting replaces the provider or makes a request.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { Provider, Reissue } from "pulumi-digicert/plugin";
 *
 * const config = new pulumi.Config();
 * const eu = new Provider("eu", { apiKey: config.requireSecret("euApiKey"), region: "eu" });
 *
 * export const shop = new Reissue(
 *     "shop",
 *     { orderId: 112233, certificate: { commonName: "shop.example", csr: config.require("csr") } },
 *     { provider: eu },
 * );
 * ```
 */
export class Provider extends ProviderResource {
    /**
     * @param name - name of the provider in the stack
     * @param args - its settings
     * @param opts - Pulumi's resource options
     * @throws pulumi.RunError for the names of Pulumi's own providers: `default`, and names that begin with `default_`
     */
    constructor(name: string, args: ProviderArgs, opts?: ResourceOptions) {
        // The plugin recognises Pulumi's own providers by their names, and lets them take the key from the environment.
        if (/^default(?:_|$)/.test(name))
            throw new RunError(
                `Making the Provider "${name}": Pulumi gives this name to its own providers. Choose another name.`,
            );
        super("digicert", name, { ...otherSettings(args), ...recordedSettings(args) }, opts);
    }
}

/**
 * Refuses the provider of dynamic resources, which a program that moves may still have: Pulumi would fail in words that do not
 * say why.
 *
 * @internal
 */
export function refuseDynamicProvider(resource: string, { provider }: CustomResourceOptions): void {
    if (provider instanceof DigiCertProvider)
        throw new RunError(
            `Making the ${resource}: a DigiCertProvider serves dynamic resources only. Pass a Provider of pulumi-digicert/plugin.`,
        );
}
