/**
 * Returns to the certificate that was last issued. A pending reissue of this resource is cancelled. If it was issued meanwhile,
 * the last certificate is requested again, because DigiCert has replaced it; otherwise no reissue is requested.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { RefusedError } from "../errors.js";
import { info } from "../message.js";
import { closedReasonOf, refuseUnknownStatus } from "../order/status.js";
import { PartialFailure } from "../resource.js";
import type { Session } from "../session.js";
import { recordedAttempt, requestedKeyAndNames } from "./attempt.js";
import { cancelUnlessEnded, waitUntilGone } from "./cancel.js";
import { obtainLastIssued } from "./certificate.js";
import { confirmAttempt, isShown } from "./confirm.js";
import { certificateStatus, issuedState, keptOutputs, withOrder } from "./nextState.js";
import { newShown, observe, type Observation } from "./observe.js";
import {
    currentEntry,
    isIssued,
    isPendingOrder,
    isStillPending,
    staysPending,
    type PendingFinding,
} from "./recognise.js";
import { requestReissue } from "./request.js";
import type { CertificateOutputs, LastIssued, ReissueInputs, ReissueState } from "./state.js";

/**
 * Cancels the pending reissue of this resource, if there is one, and returns to the certificate that was issued for these
 * inputs; see the module.
 *
 * @param options.hasEnded - whether DigiCert had nothing to cancel and the order showed nothing pending
 * @throws PartialFailure if the reads do not show what became of the pending reissue; the next run goes on searching for it.
 * @throws RefusedError if the pending reissue may be somebody else's; the next run goes on waiting for it.
 * @throws PartialFailure if that certificate was revoked meanwhile; the next plan requests a new certificate.
 */
export async function restoreCertificate(
    session: Session,
    inputs: ReissueInputs,
    identity: string,
    state: ReissueState,
    { hasEnded = false }: { readonly hasEnded?: boolean } = {},
): Promise<ReissueState> {
    const { issued } = state;
    const { orderId } = inputs;
    if (!issued) throw new RefusedError(`order ${orderId}: there is no earlier certificate to return to`);
    const { order, finding, shown } = await observePending(session, state, issued.certificateId);
    if (finding.kind !== "rejected") {
        const operation = `Returning to certificate ${issued.certificateId} of order ${orderId}`;
        refuseUnknownStatus(order, operation, "nothing is cancelled or requested");
    }
    // The last certificate is requested again: the reissue was issued meanwhile, and has replaced it as the order's certificate.
    if (finding.kind === "issued") return requestReissue(session, inputs, identity, "program", state);
    if (finding.kind === "pending" && !(hasEnded && !isStillPending(shown, finding))) {
        refuseUncancelled(session, state, finding, hasEnded);
        const outcome = finding.isShown ? await cancelCertain(session, orderId, finding) : "hidden";
        if (outcome === "gone")
            return restoreCertificate(session, inputs, identity, state, { hasEnded: true });
    }
    const next = await restoredState(session, inputs, state, order, issued);
    if (next.status !== "revoked" || closedReasonOf(order, session.now()) !== undefined) return next;
    throw new PartialFailure(next, [
        new RefusedError(
            `order ${orderId}: certificate ${issued.certificateId}, to which the program returns, has been revoked since`,
            { remedy: "runAgain" },
        ),
    ]);
}

/** Makes the state with the certificate that was last issued. */
async function restoredState(
    session: Session,
    inputs: ReissueInputs,
    state: ReissueState,
    order: Order,
    { added, endsNoLater, ownCertificateId, ...last }: LastIssued,
): Promise<ReissueState> {
    const outputs = await lastOutputs(session, inputs, state, order, last);
    const restored = issuedState(inputs, outputs, { requestIds: [], dcvRandomValue: state.dcvRandomValue });
    const status = certificateStatus(order, restored, session.now());
    const issued = restored.issued && { ...restored.issued, added, endsNoLater, ownCertificateId };
    return withOrder({ ...restored, status, issued }, order, session.now());
}

/** Returns the outputs of the certificate that was last issued, from the state or by a download. */
async function lastOutputs(
    session: Session,
    inputs: ReissueInputs,
    state: ReissueState,
    order: Order,
    issued: LastIssued,
): Promise<CertificateOutputs> {
    const recorded = state.issuedCertificateId === issued.certificateId ? keptOutputs(inputs, state) : {};
    if (recorded.certificatePem !== undefined) return recorded as CertificateOutputs;
    const { key } = requestedKeyAndNames(inputs);
    return obtainLastIssued(session, { orderId: inputs.orderId, issued, key }, order);
}

/**
 * Refuses the return if the pending reissue cannot be cancelled: the order does not show it and its time is not over, or it is
 * pending although it was cancelled.
 */
function refuseUncancelled(
    session: Session,
    state: ReissueState,
    { isShown }: PendingFinding,
    hasEnded: boolean,
): void {
    const attempt = recordedAttempt(state);
    const isHidden = !isShown && attempt !== undefined && staysPending(attempt, session.now());
    if (!isHidden && !hasEnded) return;
    const why = isHidden
        ? "the order does not show it yet, so it cannot be cancelled"
        : "it is still pending after its cancellation";
    throw new RefusedError(
        `order ${state.orderId}: returning to the certificate that was last issued: DigiCert accepted the reissue requested at ` +
            `${state.asked?.at ?? "an earlier time"}, and ${why}`,
        { remedy: "tryLater" },
    );
}

/** Cancels the pending reissue, if it is certainly this resource's. */
async function cancelCertain(
    session: Session,
    orderId: string,
    { certainty }: PendingFinding,
): Promise<"cancelled" | "gone"> {
    if (certainty !== "certain") {
        throw new RefusedError(
            `order ${orderId}: returning to the certificate that was last issued: a reissue is pending that may be this ` +
                "resource's, but DigiCert does not tell, so it is not cancelled",
            { remedy: "waitOrCancel" },
        );
    }
    const note = "Cancelled by pulumi-digicert: the stack wants again what was last issued.";
    const outcome = await cancelUnlessEnded(session, orderId, note);
    if (outcome === "cancelled") {
        session.tell(info(`order ${orderId}: cancelled the pending reissue of this resource`));
        // The next read of this order may still show the cancelled reissue; it must not count as somebody else's.
        const isGone =
            !isPendingOrder(await session.client.order(orderId)) || (await waitUntilGone(session, orderId));
        if (!isGone) return "gone";
    }
    return outcome;
}

/** Decides the result of the recorded attempt. If there is none, nothing was accepted, unless the order shows it by now. */
async function observePending(session: Session, state: ReissueState, issuedId: number): Promise<Observation> {
    const attempt = recordedAttempt(state);
    if (attempt) {
        const seen = await observe(session, attempt);
        // A reissue that shows late, or cannot be read yet, could replace the program's certificate later.
        const isDecided = isShown(seen.finding) || staysPending(attempt, session.now());
        return isDecided ? seen : confirmAttempt(session, attempt, undefined);
    }
    const order = await session.client.order(state.orderId);
    const shown = newShown(state.orderId, order);
    const current = currentEntry(order);
    // An order that is older than the last certificate is no news: a read may lag behind.
    if (current?.id === undefined || current.id <= issuedId || !isIssued(current) || isPendingOrder(order)) {
        return { order, shown, finding: { kind: "absent" } };
    }
    return { order, shown, finding: { kind: "issued", certificateId: current.id, isRevoked: false } };
}
