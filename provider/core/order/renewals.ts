/**
 * Follows the renewals of an order.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import type { CertCentral } from "../certcentral/client.js";
import {
    InvalidRequestError,
    NotFoundError,
    PermissionError,
    RefusedError,
    type DigiCertError,
} from "../errors.js";
import { warning, type Tell } from "../message.js";
import { quote } from "../quote.js";
import { renewedOrderOf } from "../reissue/attempt.js";
import { closedReasonOf, hasHadCertificate } from "./status.js";

/** Highest number of renewals that are followed; an order is renewed about once a year. */
const MOST_RENEWALS = 10;

/** The order at the end of a chain of renewals. */
export interface FollowedOrder {
    readonly orderId: string;
    readonly order: Order;
    /** Ids of the orders before it, the first order first; empty if the first order is the result. */
    readonly renewedFrom: readonly string[];
}

/**
 * Reads an order and, one after the other, the orders that renewed it. The result is the last order that ever had a certificate.
 * A renewal without a certificate is left out until its first issuance. An order whose certificate was revoked or has expired
 * counts, so a program that follows renewals does not return to an earlier order.
 *
 * A renewal that this key may not read ends the chain with a warning, unless the result would be an order that has ended: the
 * program may have moved on to the renewal already, and would be led back to an order that allows no reissue. That, and a
 * temporary failure, is thrown.
 *
 * @param now - decides whether an order has ended
 * @throws DigiCertError if the first order cannot be read, and for temporary failures.
 * @throws RefusedError if the order before an unreadable renewal has ended.
 */
export async function followRenewals(
    client: Pick<CertCentral, "order">,
    orderId: string,
    tell: Tell,
    now: Date,
): Promise<FollowedOrder> {
    let last: Read = { orderId, order: await client.order(orderId) };
    const chain: [Read, ...Read[]] = [last];
    for (let next = renewedOrderOf(last.order); next !== undefined; next = renewedOrderOf(last.order)) {
        const renewal = `order ${last.orderId}: it was renewed as order ${next}`;
        const end = whyChainEnds(chain, next);
        if (end !== undefined) {
            tell(warning(`${renewal}, ${end}, so the chain ends here`));
            break;
        }
        const read = await readRenewal(client, next);
        if (read instanceof Error) {
            const what = `${renewal}, which this API key cannot read (${describe(read)})`;
            refuseEndedOrder(lastWithCertificate(chain), what, read, now);
            tell(warning(`${what}, so the chain ends here`));
            break;
        }
        last = read;
        chain.push(last);
    }
    const found = lastWithCertificate(chain);
    return { ...found, renewedFrom: chain.slice(0, chain.indexOf(found)).map((earlier) => earlier.orderId) };
}

type Read = Omit<FollowedOrder, "renewedFrom">;

/** The last order that ever had a certificate; the first order if there is none. */
function lastWithCertificate(chain: readonly [Read, ...Read[]]): Read {
    return chain.findLast(({ order }) => hasHadCertificate(order)) ?? chain[0];
}

/** Refuses an order that has ended as the end of a chain whose next order cannot be read. */
function refuseEndedOrder({ orderId, order }: Read, what: string, cause: DigiCertError, now: Date): void {
    const closed = closedReasonOf(order, now);
    if (closed === undefined) return;
    throw new RefusedError(`${what}, and order ${orderId} ${closed}, so there is no order to go on with`, {
        status: cause.status,
        errors: cause.errors,
        remedy: "readRenewal",
        cause,
    });
}

function whyChainEnds(chain: readonly Read[], next: string): string | undefined {
    if (chain.some(({ orderId }) => orderId === next)) {
        return "which comes earlier in the same chain of renewals";
    }
    return chain.length > MOST_RENEWALS ? `but ${MOST_RENEWALS} renewals were followed already` : undefined;
}

/** Reads a renewal; returns the error if this key may not read it. */
async function readRenewal(
    client: Pick<CertCentral, "order">,
    orderId: string,
): Promise<Read | DigiCertError> {
    try {
        return { orderId, order: await client.order(orderId) };
    } catch (error) {
        if (!isRefusal(error)) throw error;
        return error;
    }
}

/** Whether DigiCert refused the read; a gateway's 400 has no errors of DigiCert's, and may pass. */
function isRefusal(error: unknown): error is DigiCertError {
    if (error instanceof InvalidRequestError) return error.errors.length > 0;
    return error instanceof NotFoundError || error instanceof PermissionError;
}

function describe({ errors, status, message }: DigiCertError): string {
    const [first] = errors;
    return first === undefined ? quote(message) : `${status ?? ""} ${first.code}`.trim();
}
