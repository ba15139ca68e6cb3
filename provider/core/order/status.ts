/**
 * The statuses of an order (DigiCert glossary, "order status"), and whether they allow a reissue.
 *
 * @module
 */
import { RefusedError } from "../errors.js";
import type { Order } from "../certcentral/answers.js";
import { quote } from "../quote.js";

/** Status of an order with a pending reissue. */
export const REISSUE_PENDING = "reissue_pending";
/** Statuses of an order with an issued certificate. `expired` may mean that the certificate ended and the plan has not. */
export const REISSUABLE: ReadonlySet<string> = new Set(["issued", "approved", "expired"]);
/** Statuses that are final. */
export const CLOSED: ReadonlySet<string> = new Set(["revoked", "canceled", "rejected", "denied"]);
/** Statuses of an order that is not issued yet. */
export const UNISSUED: ReadonlySet<string> = new Set([
    "pending",
    "needs_approval",
    "needs_csr",
    "processing",
    "waiting_pickup",
]);

/** Statuses of an order that had a certificate at some time; it may have expired or be revoked. */
const EVER_ISSUED: ReadonlySet<string> = new Set(["issued", REISSUE_PENDING, "expired", "revoked"]);

const DAY = 86_400_000;

/** Whether this version knows a status. */
export function isKnownStatus(status: string): boolean {
    return status === REISSUE_PENDING || [REISSUABLE, CLOSED, UNISSUED].some((states) => states.has(status));
}

/**
 * Whether an order ever had a certificate. If its status does not show it (`approved`, an unknown status, and
 * `pending`, which some accounts show while a reissue is pending), the serial number decides: a certificate has none before issuance.
 */
export function hasHadCertificate({ status, certificate }: Pick<Order, "status" | "certificate">): boolean {
    if (EVER_ISSUED.has(status)) return true;
    return !CLOSED.has(status) && certificate.serial_number !== undefined;
}

/**
 * Refuses an order with a status that this version does not know.
 *
 * @param operation - the beginning of the sentence
 * @param consequence - what the caller did not do, as the end of the sentence
 * @throws RefusedError naming the status.
 */
export function refuseUnknownStatus({ status }: Order, operation: string, consequence: string): void {
    if (isKnownStatus(status)) return;
    throw new RefusedError(
        `${operation}: the order is in the state "${quote(status)}", which this version does not know, so ${consequence}`,
        { remedy: "upgrade" },
    );
}

/** The reason why an order allows no further reissue, in words that follow "the order"; undefined if it allows one. */
export function closedReasonOf(
    { status, order_valid_till: end }: Pick<Order, "status" | "order_valid_till">,
    now: Date,
): string | undefined {
    if (CLOSED.has(status)) return `is ${status}`;
    return end !== undefined && Date.parse(end) + DAY <= now.getTime() ? `ended on ${end}` : undefined;
}
