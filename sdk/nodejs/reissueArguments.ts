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

/** The validation method of a reissue, where it was given as a plain text. */
export function methodOf(resource: object): string | undefined {
    return noted.get(resource)?.method;
}

/** The explicit provider of a reissue. */
export function providerOf(resource: object): pulumi.ProviderResource | undefined {
    return noted.get(resource)?.provider;
}
