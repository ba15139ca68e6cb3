/**
 * Deletes the resource as `deletionPolicy` says.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { InvalidRequestError, RefusedError } from "../errors.js";
import { info, warning } from "../message.js";
import { closedReasonOf } from "../order/status.js";
import { PartialFailure } from "../resource.js";
import type { Session } from "../session.js";
import { recordedAttempt, type Attempt } from "./attempt.js";
import { cancelUnlessEnded } from "./cancel.js";
import { confirmAttempt, isShown } from "./confirm.js";
import { observe } from "./observe.js";
import { isStillPending, staysPending, type Finding, type PendingFinding } from "./recognise.js";
import type { ReissueState } from "./state.js";

/**
 * Cancels a pending reissue of this resource; with `revoke`, revokes its certificate as well. The run must confirm the id of the
 * certificate, because a revocation cannot be undone, and Pulumi does not say why it deletes.
 *
 * @throws RefusedError before any request if the revocation is not confirmed.
 */
export async function removeReissue(session: Session, state: ReissueState): Promise<void> {
    const revokes = state.deletionPolicy === "revoke";
    const attempt = state.status === "rejected" ? undefined : recordedAttempt(state);
    const recordedId = state.issued?.certificateId;
    if (
        revokes &&
        recordedId !== undefined &&
        !(attempt && mayConfirmPending(session, attempt, recordedId))
    ) {
        refuseUnconfirmed(session, state, recordedId);
    }
    const finding = attempt && (await findOutcome(session, state, attempt));
    const isIssuedMeanwhile = finding?.kind === "issued" && !finding.isRevoked;
    let id = isIssuedMeanwhile ? finding.certificateId : recordedId;
    if (revokes && id !== undefined) refuseUnconfirmed(session, state, id);
    // The pending reissue is cancelled first, because DigiCert refuses to revoke while a reissue is pending.
    if (attempt && finding?.kind === "pending" && finding.isShown) {
        id = (await cancelPending(session, state, attempt, finding.certainty)) ?? id;
    }
    if (revokes && id !== undefined) await revokeCertificate(session, state, id);
}

/**
 * Reads the outcome of the recorded reissue. If the first read does not show the reissue, the order is read over `settleSeconds`: a
 * reissue that shows after the deletion would be pending with nobody to cancel it.
 *
 * @throws RefusedError if DigiCert accepted the reissue, and its time is not over.
 * @throws AmbiguousError if the reads do not show whether DigiCert accepted the reissue.
 */
async function findOutcome(session: Session, state: ReissueState, attempt: Attempt): Promise<Finding> {
    const first = await observe(session, attempt);
    if (isShown(first.finding)) return first.finding;
    const { finding } = await confirmAttempt(session, attempt, undefined).catch((error: unknown) => {
        // A deletion that failed keeps the state as it is.
        throw error instanceof PartialFailure ? (error.reasons[0] ?? error) : error;
    });
    if (isShown(finding) || !staysPending(attempt, session.now())) return finding;
    const { orderId, deletionPolicy } = state;
    throw new RefusedError(
        `Deleting the resource of order ${orderId} with deletionPolicy "${deletionPolicy}": DigiCert accepted the reissue ` +
            `requested at ${attempt.request.at}, but the order does not show it yet, so it cannot be cancelled`,
        { remedy: "tryLater" },
    );
}

/**
 * Whether the run may confirm the certificate of the pending reissue, which only a read shows. Its id is higher than the id of
 * the certificate before it.
 */
function mayConfirmPending(session: Session, { certificateId }: Attempt, recordedId: number): boolean {
    return [...session.confirmedRevocations].some((id) =>
        certificateId === undefined ? id > recordedId : id === certificateId,
    );
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

/** Cancels the pending reissue; returns the id of its certificate if it was issued instead. */
async function cancelPending(
    session: Session,
    state: ReissueState,
    attempt: Attempt,
    certainty: PendingFinding["certainty"],
): Promise<number | undefined> {
    const { orderId } = state;
    if (certainty !== "certain") {
        const text = `order ${orderId}: a reissue is pending that may be this resource's, but DigiCert does not tell; it is not cancelled`;
        session.tell(warning(text));
        return undefined;
    }
    const note = "Cancelled by pulumi-digicert: the resource was deleted.";
    // A reissue that has ended counts as cancelled.
    if ((await cancelUnlessEnded(session, orderId, note)) === "cancelled") {
        session.tell(info(`order ${orderId}: cancelled the pending reissue of this resource`));
        return undefined;
    }
    const { finding, shown } = await observe(session, attempt);
    if (isStillPending(shown, finding)) {
        throw new RefusedError(
            `Deleting the resource of order ${orderId}: its reissue is still pending after its cancellation`,
            { remedy: "tryLater" },
        );
    }
    if (finding.kind !== "issued" || finding.isRevoked) return undefined;
    if (state.deletionPolicy === "revoke") refuseUnconfirmed(session, state, finding.certificateId);
    return finding.certificateId;
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
        // The certificate may be revoked already, by somebody else or by an earlier run that was interrupted.
        if (saysRevoked(error) || (await isRevoked(session, orderId, id))) return;
        throw error;
    }
    session.tell(info(`order ${orderId}: requested the revocation of certificate ${id}`));
}

/** Whether the certificate is revoked. The order shows it for the current certificate, the list of reissues for the others. */
async function isRevoked(session: Session, orderId: string, id: number): Promise<boolean> {
    const order = await session.client.order(orderId);
    if (order.status === "revoked" || isCanceled(order, session.now())) return true;
    if (order.certificate.id === id) return order.certificate.status === "revoked";
    const items = await session.client.reissues(orderId);
    return items.some((item) => item.id === id && item.status === "revoked");
}

/** Whether the order was cancelled or revoked as a whole; DigiCert revokes its certificates then. */
function isCanceled(order: Order, now: Date): boolean {
    return order.status === "canceled" && closedReasonOf(order, now) !== undefined;
}

function saysRevoked(error: unknown): boolean {
    return (
        error instanceof InvalidRequestError &&
        error.errors.some(({ code, message }) => /already.{0,20}revoked/i.test(`${code} ${message}`))
    );
}
