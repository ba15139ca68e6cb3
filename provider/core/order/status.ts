/**
 * States of an order, as CertCentral names them (DigiCert glossary, "order status").
 *
 * @module
 */
import { RefusedError } from "../errors.js";
import type { Order } from "../certcentral/answers.js";
import { quote } from "../quote.js";

/** An order with a reissue that is not issued yet. */
export const PENDING = "reissue_pending";
/** States of an order with an issued certificate. `expired` may be the certificate's end, not the plan's. */
export const REISSUABLE: ReadonlySet<string> = new Set(["issued", "approved", "expired"]);
/** States that an order does not leave again. */
export const CLOSED: ReadonlySet<string> = new Set(["revoked", "canceled", "rejected", "denied"]);
/** States of an order that was not issued yet. */
export const UNISSUED: ReadonlySet<string> = new Set([
    "pending",
    "needs_approval",
    "needs_csr",
    "processing",
    "waiting_pickup",
]);

/** States of an order that had a certificate at some time, whatever became of it. */
const EVER_ISSUED: ReadonlySet<string> = new Set(["issued", PENDING, "expired", "revoked"]);

const DAY = 86_400_000;

/** Whether this version knows a state. */
export function isKnownStatus(status: string): boolean {
    return status === PENDING || [REISSUABLE, CLOSED, UNISSUED].some((states) => states.has(status));
}

/**
 * Whether an order ever had a certificate. Where its state does not tell (`approved`, one that is not known, and `pending`,
 * which some accounts show while a reissue waits), a serial number does: a certificate that was not issued has none.
 */
export function hasHadCertificate({ status, certificate }: Pick<Order, "status" | "certificate">): boolean {
    if (EVER_ISSUED.has(status)) return true;
    return !CLOSED.has(status) && certificate.serial_number !== undefined;
}

/**
 * Refuses a state that may mean anything.
 *
 * @param operation - begins the sentence
 * @param consequence - what was not done because of it
 * @throws RefusedError naming the state.
 */
export function refuseUnknownStatus({ status }: Order, operation: string, consequence: string): void {
    if (isKnownStatus(status)) return;
    throw new RefusedError(
        `${operation}: the order is in the state "${quote(status)}", which this version does not know, so ${consequence}`,
        { remedy: "upgrade" },
    );
}

/** Why an order allows no reissue any more, in words that follow "the order"; undefined while it does. */
export function closedReasonOf(
    { status, order_valid_till: end }: Pick<Order, "status" | "order_valid_till">,
    now: Date,
): string | undefined {
    if (CLOSED.has(status)) return `is ${status}`;
    return end !== undefined && Date.parse(end) + DAY <= now.getTime() ? `ended on ${end}` : undefined;
}
