/**
 * Follows the renewals of an order.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import type { CertCentral } from "../certcentral/client.js";
import { isRefusal } from "../errorKinds.js";
import { InvalidRequestError, type DigiCertError } from "../errors.js";
import { warning, type Tell } from "../message.js";
import { quote } from "../quote.js";
import { renewedOrderOf } from "../reissue/attempt.js";
import { hasHadCertificate } from "./status.js";

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
 * counts, so a program that follows renewals never returns to an earlier order.
 *
 * The chain ends at a renewal that this key may not read. A temporary failure is thrown: if it ended the chain, the program would
 * return to an earlier order, and the resource would be replaced.
 *
 * @throws DigiCertError if the first order cannot be read, and for temporary failures.
 */
export async function followRenewals(
    client: Pick<CertCentral, "order">,
    orderId: string,
    tell: Tell,
): Promise<FollowedOrder> {
    let last: Read = { orderId, order: await client.order(orderId) };
    const chain = [last];
    for (let next = renewedOrderOf(last.order); next !== undefined; next = renewedOrderOf(last.order)) {
        const read = whyChainEnds(chain, next) ?? (await readRenewal(client, next));
        if (typeof read === "string") {
            tell(warning(`order ${last.orderId}: it was renewed as order ${next}, ${read}`));
            break;
        }
        last = read;
        chain.push(last);
    }
    const index = Math.max(
        0,
        chain.findLastIndex(({ order }) => hasHadCertificate(order)),
    );
    const found = chain[index] ?? last;
    return { ...found, renewedFrom: chain.slice(0, index).map((earlier) => earlier.orderId) };
}

type Read = Omit<FollowedOrder, "renewedFrom">;

function whyChainEnds(chain: readonly Read[], next: string): string | undefined {
    if (chain.some(({ orderId }) => orderId === next)) {
        return "which comes earlier in the same chain of renewals, so the chain ends here";
    }
    return chain.length > MOST_RENEWALS
        ? `but ${MOST_RENEWALS} renewals were followed already, so the chain ends here`
        : undefined;
}

/** Reads a renewal; returns the reason, in words that follow its id, if this key may not read it. */
async function readRenewal(client: Pick<CertCentral, "order">, orderId: string): Promise<Read | string> {
    try {
        return { orderId, order: await client.order(orderId) };
    } catch (error) {
        if (!isLastingRefusal(error)) throw error;
        return `which this API key cannot read (${describe(error)}), so the chain ends here`;
    }
}

/** Whether DigiCert refused the read; a gateway's 400 has no errors of DigiCert's, and may pass. */
function isLastingRefusal(error: unknown): error is DigiCertError {
    return isRefusal(error) && !(error instanceof InvalidRequestError && error.errors.length === 0);
}

function describe({ errors, status, message }: DigiCertError): string {
    const [first] = errors;
    return first === undefined ? quote(message) : `${status ?? ""} ${first.code}`.trim();
}
