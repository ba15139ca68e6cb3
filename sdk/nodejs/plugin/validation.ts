/**
 * The plugin's resource that stands for "this reissue is issued".
 *
 * @module
 */
import {
    CustomResource,
    type CustomResourceOptions,
    type dynamic,
    mergeOptions,
    type Output,
} from "@pulumi/pulumi";
import { INPUT_NAMES, OUTPUT_NAMES } from "../../../provider/core/validation/declaration.js";
import { fullChain } from "../reissue.js";
import { announceOutputs, withProviderOf } from "../reissueArguments.js";
import { pauseTraces } from "../stackTraces.js";
import { expandReissue, type DigiCertValidation, type DigiCertValidationArgs } from "../validation.js";
import { refuseDynamicProvider } from "./provider.js";

/** Arguments of {@link Validation}; the same as those of the dynamic resource. */
export type ValidationArgs = DigiCertValidationArgs;

/** The outputs of a {@link Validation}; the same as those of the dynamic resource. */
export type ValidationState = Omit<DigiCertValidation, keyof dynamic.Resource | "fullChainPem">;

// The outputs exist at run time because they are announced; here they get their types.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type
export interface Validation extends ValidationState {}

/**
 * Stands for "this reissue is issued": has DigiCert check the domains, waits, and hands on the certificate. The same as
 * `DigiCertValidation`, through the provider plugin. It never requests a reissue, and deleting it makes no request.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { Reissue, Validation } from "pulumi-digicert/plugin";
 *
 * const shop = new Reissue("shop", {
 *     orderId: 112233,
 *     certificate: { commonName: "shop.example", csr: readFileSync("shop.csr", "utf8") },
 *     dcvMethod: "dns-txt-token",
 *     skipApproval: true,
 *     allowPendingOutputs: true,
 * });
 * const issued = new Validation("shop", { reissue: shop }, { dependsOn: [] }); // depends on the DNS records
 * export const chain = issued.fullChainPem;
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class Validation extends CustomResource {
    /**
     * @param name - name of the resource in the stack
     * @param args - the reissue
     * @param opts - Pulumi's resource options: `dependsOn` takes the records; the provider is that of the reissue, unless
     * `provider` says otherwise
     */
    constructor(name: string, args: ValidationArgs, opts: CustomResourceOptions = {}) {
        refuseDynamicProvider(`Validation "${name}"`, opts);
        const props = { ...NO_OUTPUTS_YET, ...expandReissue(args) };
        const resumeTraces = pauseTraces();
        try {
            super(TOKEN, name, props, mergeOptions(withProviderOf(args, opts, TOKEN), ALIASES));
        } catch (error) {
            resumeTraces(error);
            throw error;
        }
        resumeTraces();
    }

    /** Leaf and intermediates in one PEM, as servers read it; not stored in the state. */
    get fullChainPem(): Output<string | undefined> {
        return fullChain(this);
    }
}

const TOKEN = "digicert:index:Validation";

/** Stacks of the dynamic resource move over by this alias. */
const ALIASES: CustomResourceOptions = {
    aliases: [{ type: "pulumi-nodejs:dynamic/digicert:Validation" }],
};

const NO_OUTPUTS_YET = announceOutputs([...INPUT_NAMES, ...OUTPUT_NAMES]);
