/**
 * Cancels a pending reissue of this resource.
 *
 * @module
 */
import { isTemporary } from "../errorKinds.js";
import { InvalidRequestError, RateLimitError } from "../errors.js";
import type { Session } from "../session.js";
import { MIN_READS } from "./confirm.js";
import { pauseTelling, progressTeller } from "./progress.js";
import { isPendingOrder } from "./recognise.js";

/**
 * Cancels the pending reissue of an order, which must be this resource's. After a lost answer the order is read until nothing is
 * pending: DigiCert's request names only the order, and a cancel that DigiCert carries out late would cancel the next reissue.
 *
 * @returns `gone` if the answer was lost and nothing is pending afterwards: the reissue may have been issued instead.
 * @throws DigiCertError if the reissue is still pending after all reads, or if DigiCert refused.
 */
export async function cancelPendingReissue(
    session: Session,
    orderId: string,
    note: string,
): Promise<"cancelled" | "gone"> {
    try {
        await session.client.cancelReissue(orderId, note);
        return "cancelled";
    } catch (error) {
        const isUnclear = isTemporary(error) && !(error instanceof RateLimitError);
        if (isUnclear && (await waitUntilGone(session, orderId))) return "gone";
        throw error;
    }
}

/**
 * Does the same as {@link cancelPendingReissue}, but returns `gone` also if DigiCert refuses and the order shows nothing pending:
 * the reissue was issued, rejected or cancelled meanwhile, and the order shows which, perhaps late.
 */
export async function cancelUnlessEnded(
    session: Session,
    orderId: string,
    note: string,
): Promise<"cancelled" | "gone"> {
    try {
        return await cancelPendingReissue(session, orderId, note);
    } catch (error) {
        const isRefused = error instanceof InvalidRequestError;
        if (isRefused && (await waitUntilGone(session, orderId))) return "gone";
        throw error;
    }
}

/** Reads the order three times over `settleSeconds`; returns true as soon as nothing is pending, false if a reissue still is. */
export async function waitUntilGone(session: Session, orderId: string): Promise<boolean> {
    const tell = progressTeller(session, orderId);
    let outage: string | undefined;
    for (let reads = 0; reads < MIN_READS; reads++) {
        await pauseTelling(session, session.settleMs / MIN_READS, () => {
            tell({ waitsFor: "the cancellation of the pending reissue", outage });
        });
        try {
            if (!isPendingOrder(await session.client.order(orderId))) return true;
            outage = undefined;
        } catch (error) {
            if (!isTemporary(error)) throw error;
            outage = (error as Error).message;
        }
    }
    return false;
}
