/**
 * Reads an order through the plugin, with the settings of its provider.
 *
 * @module
 */
import { type InvokeOptions, output, type Output, runtime } from "@pulumi/pulumi";
import type { Order } from "../../../provider/core/order/order.js";
import type { GetOrderArgs, GetOrderOutputArgs } from "../getOrder.js";

export type { GetOrderArgs, GetOrderOutputArgs } from "../getOrder.js";

/**
 * Reads an order: names, product, end of the plan, current certificate, pending reissue. Its requests are made by the plugin
 * whenever the program runs, in previews too: one GET, and one more while a reissue is pending.
 *
 * Source: DigiCert Services API, "Order info", `GET /order/certificate/{order_id}`.
 *
 * @param args - which order
 * @param opts - `provider` takes a {@link Provider}; default the stack's own settings
 * @returns the order as it is now
 * @throws Error with the sentence of the plugin
 */
export async function getOrder(args: GetOrderArgs, opts: InvokeOptions = {}): Promise<Order> {
    const known = { ...args, orderId: String(args.orderId) };
    const order: unknown = await runtime.invoke("digicert:index:getOrder", known, opts);
    return order as Order;
}

/**
 * The same as {@link getOrder} for a program that has outputs. While the id is unknown in preview, the order stays unknown too,
 * without a request. A secret order id makes the result secret.
 *
 * @param args - which order
 * @param opts - `provider` takes a {@link Provider}; default the stack's own settings
 */
export function getOrderOutput(args: GetOrderOutputArgs, opts: InvokeOptions = {}): Output<Order> {
    return output(args).apply((known) => getOrder(known, opts));
}
