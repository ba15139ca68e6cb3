/**
 * The functions of the plugin.
 *
 * @module
 */
import type { Tell } from "../core/message.js";
import type { Sources } from "../core/settings.js";
import type { Bag } from "./values.js";

/** Carries out a function. */
export type Invoke = (sources: Sources, args: Bag, tell: Tell) => Promise<object>;

const FUNCTIONS: Readonly<Record<string, Invoke>> = {
    "digicert:index:getOrder": async (sources, { orderId, followRenewals }, tell) => {
        const { readOrder } = await import("../core/order/read.js");
        return readOrder(sources, orderId, { followRenewals: followRenewals === true, tell });
    },
};

/** The function of a token. */
export function functionOf(token: string): Invoke {
    const found = FUNCTIONS[token];
    if (!found) throw new Error(`The plugin digicert has no function ${token}.`);
    return found;
}
