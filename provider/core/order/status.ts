/**
 * States of an order, as CertCentral names them (glossary: order status).
 *
 * @module
 */
import { RefusedError } from "../errors.js";
import type { Order } from "../certcentral/answers.js";
import { quote } from "../quote.js";

/** An order with a reissue that is not settled. */
export const PENDING = "reissue_pending";
/** States of an order with an issued certificate. `expired` may be the certificate's end, not the plan's. */
export const REISSUABLE: ReadonlySet<string> = new Set(["issued", "approved", "expired"]);
/** States that an order does not leave again. */
export const FINAL: ReadonlySet<string> = new Set(["revoked", "canceled", "rejected", "denied"]);
/** States of an order that was not issued yet. */
export const UNISSUED: ReadonlySet<string> = new Set([
    "pending",
    "needs_approval",
    "needs_csr",
    "processing",
    "waiting_pickup",
]);

/**
 * Refuses a state that may mean anything.
 *
 * @param doing - begins the sentence
 * @param therefore - what was not done because of it
 * @throws RefusedError naming the state.
 */
export function assertKnown({ status }: Order, doing: string, therefore: string): void {
    if ([REISSUABLE, FINAL, UNISSUED].some((states) => states.has(status)) || status === PENDING) return;
    throw new RefusedError(
        `${doing}: the order is in the state "${quote(status)}", which this version does not know, so ${therefore}. ` +
            "Look at the order in CertCentral, and upgrade pulumi-digicert.",
    );
}
