/**
 * The functions of the plugin.
 *
 * @module
 */
import type { Sessions } from "../core/session.js";
import type { Bag } from "./values.js";

/** A function of the plugin. */
export type Invoke = (sessions: Sessions, args: Bag) => Promise<object>;

const FUNCTIONS: Readonly<Record<string, Invoke>> = {
    "digicert:index:getOrder": async (sessions, args) => {
        const { checkOrderInputs, fetchOrder } = await import("../core/order/read.js");
        const inputs = checkOrderInputs(args);
        const { client, tell } = await sessions.open();
        return fetchOrder(client, inputs, tell);
    },
    "digicert:index:getDcvRecords": async (_sessions, args) => {
        const { getDcvRecords } = await import("../core/validation/getDcvRecords.js");
        return getDcvRecords(args);
    },
};

/**
 * Finds the function of a token.
 *
 * @throws Error naming the token if there is none.
 */
export function functionOf(token: string): Invoke {
    const found = FUNCTIONS[token];
    if (!found) throw new Error(`The plugin digicert has no function ${token}.`);
    return found;
}
