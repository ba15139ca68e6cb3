/**
 * Loads the HTTP client when the first order is read, so that importing `pulumi-digicert` does not. The other modules of the SDK
 * import only those files of `provider/` that load no library; `eslint.config.mjs` lists these modules.
 *
 * @module
 */

/** Loads the code that reads orders. */
export function loadOrderReader(): Promise<typeof import("../../provider/core/order/read.js")> {
    return import("../../provider/core/order/read.js");
}

/** Loads the code that lists orders. */
export function loadOrderLister(): Promise<typeof import("../../provider/core/order/list.js")> {
    return import("../../provider/core/order/list.js");
}
