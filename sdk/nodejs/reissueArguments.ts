/**
 * Remembers arguments of a reissue that were plain values. The DNS records of the reissue are made from them, because outputs are
 * unknown in a preview.
 *
 * @module
 */
import type * as pulumi from "@pulumi/pulumi";

/** The validation methods are kept outside of the resources, so that they become no output. */
const methods = new WeakMap<object, string>();

/** Remembers the validation method of a reissue, if it is a plain text. */
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

/** Makes the members for undefined outputs, so that the outputs exist on a resource before the engine answers, and after `get`. */
export function announceOutputs<Name extends string>(names: readonly Name[]): Record<Name, undefined> {
    return Object.fromEntries(names.map((name) => [name, undefined])) as Record<Name, undefined>;
}

/**
 * Adds to resource options the provider of the reissue, unless the options name a provider.
 *
 * @param type - type of the resource that gets the options
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

/** The validation method that {@link noteArguments} remembered; undefined if the program gave it in another form. */
export function notedMethodOf(resource: object): string | undefined {
    return methods.get(resource);
}
