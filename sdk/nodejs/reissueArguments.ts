/**
 * What a program gave a reissue as plain values, for what is made from the reissue: records have to be known in preview, when
 * outputs are not.
 *
 * @module
 */
import type * as pulumi from "@pulumi/pulumi";

interface Noted {
    readonly method: string | undefined;
    readonly provider: pulumi.ProviderResource | undefined;
}

/** Beside the resources, and not in them, so that nothing of it becomes an output. */
const noted = new WeakMap<object, Noted>();

/** Notes the validation method and the provider of a reissue. */
export function noteArguments(
    resource: object,
    args: { readonly dcvMethod?: unknown; readonly additionalParameters?: unknown },
    opts: pulumi.CustomResourceOptions | undefined,
): void {
    const { dcvMethod, additionalParameters: parameters } = args;
    const other =
        typeof parameters === "object" && parameters !== null && "dcv_method" in parameters
            ? parameters.dcv_method
            : undefined;
    const method = [dcvMethod, other].find((one) => typeof one === "string");
    noted.set(resource, { method, provider: opts?.provider });
}

/** Undefined outputs, so that they exist on a resource before the engine has answered, and after `get`. */
export function announceOutputs<Name extends string>(names: readonly Name[]): Record<Name, undefined> {
    return Object.fromEntries(names.map((name) => [name, undefined])) as Record<Name, undefined>;
}

/** Resource options with the provider of the reissue, unless they have one. */
export function withProviderOf(
    args: object,
    opts: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
    const { reissue } = args as { readonly reissue?: object };
    const provider = reissue === undefined ? undefined : noted.get(reissue)?.provider;
    return { ...(provider && { provider }), ...opts };
}

/** The validation method of a reissue, where it was given as a plain text. */
export function methodOf(resource: object): string | undefined {
    return noted.get(resource)?.method;
}
