/**
 * What a program gave a reissue as plain values, for what is made from the reissue: records have to be known in preview, when
 * outputs are not.
 *
 * @module
 */
import type * as pulumi from "@pulumi/pulumi";

/** The validation methods, beside the resources, and not in them, so that nothing of it becomes an output. */
const methods = new WeakMap<object, string>();

/** Notes the validation method of a reissue. */
export function noteArguments(
    resource: object,
    args: { readonly dcvMethod?: unknown; readonly additionalParameters?: unknown },
): void {
    const { dcvMethod, additionalParameters: parameters } = args;
    const other =
        typeof parameters === "object" && parameters !== null && "dcv_method" in parameters
            ? parameters.dcv_method
            : undefined;
    const method = [dcvMethod, other].find((one) => typeof one === "string");
    if (method !== undefined) methods.set(resource, method);
}

/** Undefined outputs, so that they exist on a resource before the engine has answered, and after `get`. */
export function announceOutputs<Name extends string>(names: readonly Name[]): Record<Name, undefined> {
    return Object.fromEntries(names.map((name) => [name, undefined])) as Record<Name, undefined>;
}

/**
 * Resource options with the provider of the reissue, which may be that of its parent, unless they have one.
 *
 * @param type - of the resource that gets the options
 */
export function withProviderOf(
    args: object,
    opts: pulumi.CustomResourceOptions | undefined,
    type: string,
): pulumi.CustomResourceOptions {
    const { reissue } = args as { readonly reissue?: Partial<pulumi.Resource> };
    const provider = opts?.provider ?? reissue?.getProvider?.(type);
    return { ...opts, ...(provider && { provider }) };
}

/** The validation method of a reissue, where it was given as a plain text. */
export function methodOf(resource: object): string | undefined {
    return methods.get(resource);
}
