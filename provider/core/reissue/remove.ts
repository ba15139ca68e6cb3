/**
 * `deletionPolicy`: what deleting the resource does at DigiCert.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { InvalidRequestError, RefusedError } from "../errors.js";
import { info } from "../message.js";
import { closedReasonOf } from "../order/status.js";
import type { Session } from "../session.js";
import { recordedAttempt } from "./attempt.js";
import { cancelPendingReissue } from "./cancel.js";
import { observe } from "./observe.js";
import type { ReissueState } from "./state.js";

/**
 * Cancels a pending reissue of this resource; with `revoke`, revokes its certificate as well. A certificate that was revoked
 * by mistake cannot be brought back, and Pulumi does not tell why it deletes, so this run must confirm its id.
 *
 * @throws RefusedError before any request where the revocation is not confirmed.
 */
export async function removeReissue(session: Session, state: ReissueState): Promise<void> {
    const revokes = state.deletionPolicy === "revoke";
    const { issued } = state;
    if (revokes && issued) refuseUnconfirmed(session, state, issued.certificateId);
    const issuedMeanwhile = await cancelPending(session, state);
    if (!revokes) return;
    if (issuedMeanwhile !== undefined) refuseUnconfirmed(session, state, issuedMeanwhile);
    const ids = new Set([issued?.certificateId, issuedMeanwhile]);
    for (const id of ids) if (id !== undefined) await revokeCertificate(session, state, id);
}

function refuseUnconfirmed(session: Session, { orderId, issued }: ReissueState, id: number): void {
    if (session.confirmedRevocations.has(id)) return;
    const isExpired = issued?.certificateId === id && Date.parse(issued.validTill) <= session.now().getTime();
    if (isExpired) return;
    throw new RefusedError(
        `Deleting the resource of order ${orderId} with deletionPolicy "revoke": certificate ${id} is not revoked, because ` +
            "DIGICERT_CONFIRM_REVOKE does not name it; a certificate that was revoked by mistake cannot be brought back",
        { remedy: "confirmRevoke" },
    );
}

/** Returns the id of the reissue if it is not pending any more, but issued. */
async function cancelPending(session: Session, state: ReissueState): Promise<number | undefined> {
    const { orderId } = state;
    const attempt = state.status === "rejected" ? undefined : recordedAttempt(state);
    if (!attempt) return undefined;
    const { finding } = await observe(session, attempt);
    if (finding.kind === "issued") return finding.isRevoked ? undefined : finding.certificateId;
    if (finding.kind !== "pending" || !finding.isShown) return undefined;
    if (finding.certainty !== "certain") {
        session.tell(
            info(
                `order ${orderId}: a reissue is pending that may be this resource's, but DigiCert does not tell; it is not cancelled`,
            ),
        );
        return undefined;
    }
    // DigiCert refuses to revoke while a reissue is pending, so this comes first.
    await cancelPendingReissue(session, orderId, "Cancelled by pulumi-digicert: the resource was deleted.");
    session.tell(info(`order ${orderId}: cancelled the pending reissue of this resource`));
    return undefined;
}

async function revokeCertificate(session: Session, state: ReissueState, id: number): Promise<void> {
    const { orderId, skipApproval, issued } = state;
    if (issued?.certificateId === id && Date.parse(issued.validTill) <= session.now().getTime()) {
        session.tell(info(`order ${orderId}: certificate ${id} has expired, so there is nothing to revoke`));
        return;
    }
    if (await isRevoked(session, orderId, id)) return;
    try {
        await session.client.revoke(id, orderId, skipApproval);
    } catch (error) {
        // Somebody else, or an earlier run that was cut off, may have revoked it.
        if (saysRevoked(error) || (await isRevoked(session, orderId, id))) return;
        throw error;
    }
    session.tell(info(`order ${orderId}: requested the revocation of certificate ${id}`));
}

/** Whether the order shows it as revoked; of a certificate that is not current, only the list of reissues tells. */
async function isRevoked({ client, now }: Session, orderId: string, id: number): Promise<boolean> {
    const order: Order = await client.order(orderId);
    if (order.status === "revoked" || isCanceled(order, now())) return true;
    if (order.certificate.id === id) return order.certificate.status === "revoked";
    const items = await client.reissues(orderId);
    return items.some((item) => item.id === id && item.status === "revoked");
}

/** The certificates of an order that was cancelled as a whole are revoked with it. */
function isCanceled(order: Order, now: Date): boolean {
    return order.status === "canceled" && closedReasonOf(order, now) !== undefined;
}

function saysRevoked(error: unknown): boolean {
    return (
        error instanceof InvalidRequestError &&
        error.errors.some(({ code, message }) => /already.{0,20}revoked/i.test(`${code} ${message}`))
    );
}
