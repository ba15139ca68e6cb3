/**
 * From an order to the one that renewed it.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import type { CertCentral } from "../certcentral/client.js";
import { NotFoundError, PermissionError, type DigiCertError } from "../errors.js";
import { warning, type Tell } from "../message.js";
import { quote } from "../quote.js";
import { renewedOrderOf } from "../reissue/attempt.js";
import { hasHadCertificate } from "./status.js";

/** Far above any real chain: an order is renewed once a year. */
const MOST_RENEWALS = 10;

/** An order, and how it was reached. */
export interface FollowedOrder {
    readonly orderId: string;
    readonly order: Order;
    /** The orders on the way to it, the first one first; empty where the first order is the one. */
    readonly renewedFrom: readonly string[];
}

/**
 * Reads an order and, one after the other, those with which it was renewed. The result is the last of them that ever had a
 * certificate. A renewal that waits for its first certificate is passed over until then, and an order whose certificate was
 * revoked or has expired still counts, so a program that follows renewals never goes back to an earlier order.
 *
 * A renewal that DigiCert does not show to this key ends the chain. A passing failure is thrown instead: an end of the chain
 * would lead back to an earlier order, and replace the resource.
 *
 * @throws DigiCertError when the first order cannot be read, and for passing failures.
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

/** A renewal, or why it cannot be read in words that follow its id. */
async function readRenewal(client: Pick<CertCentral, "order">, orderId: string): Promise<Read | string> {
    try {
        return { orderId, order: await client.order(orderId) };
    } catch (error) {
        if (!(error instanceof NotFoundError || error instanceof PermissionError)) throw error;
        return `which this API key cannot read (${describe(error)}), so the chain ends here`;
    }
}

function describe({ errors, status, message }: DigiCertError): string {
    const [first] = errors;
    return first === undefined ? quote(message) : `${status ?? ""} ${first.code}`.trim();
}
