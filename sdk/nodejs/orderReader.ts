/**
 * The only module of the SDK that loads code of `provider/`: it loads the HTTP client when the first order is read, so that
 * importing `pulumi-digicert` does not. Lint knows this file by name, and forbids such an import everywhere else.
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
