/**
 * Waits until a reissue is issued, requests checks of its domains meanwhile, and outputs its certificate. It never sends a POST.
 *
 * @module
 */
import {
    type DigiCertError,
    ExpiringError,
    PendingError,
    RejectedError,
    UnavailableError,
    type Remedy,
} from "../errors.js";
import { warning } from "../message.js";
import { CLOSED } from "../order/status.js";
import { renewedOrderOf, type Attempt } from "../reissue/attempt.js";
import { confirmAttempt } from "../reissue/confirm.js";
import { obtainIssued, rejectionOf, revokedError } from "../reissue/follow.js";
import { expiryFailure, renewalAdvice } from "../reissue/plan/due.js";
import { withFinding, type PendingFinding } from "../reissue/recognise.js";
import { readReissueId } from "../reissue/reissueId.js";
import {
    unreadRequest,
    waitForIssuance,
    waitLimitOf,
    type PendingCheck,
    type WaitResult,
} from "../reissue/wait.js";
import { PartialFailure } from "../resource.js";
import type { Session } from "../session.js";
import { nameSet } from "../x509/names.js";
import { DomainCheck } from "./domainCheck.js";
import {
    toHandedOn,
    handedOnWithKey,
    makeState,
    reissueStateOf,
    REISSUE_SETTINGS,
    type ValidationInputs,
    type ValidationState,
} from "./state.js";

/**
 * Makes the next state: with the certificate of the reissue, or without it while the reissue waits for an approver.
 *
 * @param state - the state before; absent in a create
 * @throws DigiCertError where there is nothing to hand on; the state stays as it is.
 */
export async function followReissue(
    session: Session,
    inputs: ValidationInputs,
    state?: ValidationState,
): Promise<ValidationState> {
    try {
        return await waitAndConclude(session, inputs, state);
    } catch (error) {
        // The functions of `reissue/` attach a state to save. A validation sends no POST, so it has no new id to save.
        const [reason] = error instanceof PartialFailure ? error.reasons : [];
        throw reason ?? error;
    }
}

async function waitAndConclude(
    session: Session,
    inputs: ValidationInputs,
    state: ValidationState | undefined,
): Promise<ValidationState> {
    const named = readReissueId(inputs.reissueId);
    const isIssuedAlready = named?.kind === "certificate";
    const attempt = attemptOf(inputs, state);
    const limitMs = isIssuedAlready ? 0 : waitLimitOf(session, inputs.issuanceTimeoutSeconds).ms;
    const deadline = session.elapsed() + limitMs;
    const names = nameSet(inputs.certificate);
    const check = isIssuedAlready
        ? NOTHING_TO_CHECK
        : new DomainCheck(session, { orderId: inputs.orderId, names }, inputs.dcvMethod);
    const waited = await waitUntilKnown(session, attempt, deadline, check);
    const { finding } = waited;
    switch (finding.kind) {
        case "issued": {
            if (finding.isRevoked) throw revokedError(inputs, finding.certificateId);
            const at = Math.max(deadline, session.elapsed() + 2 * session.pollMs);
            const until = { at, isFresh: !isIssuedAlready };
            const outputs = await obtainIssued(session, attempt, finding.certificateId, waited, until);
            return makeState(inputs, "issued", toHandedOn(outputs));
        }
        case "pending":
            if (isIssuedAlready) throw notShown(inputs, named.certificateId);
            return concludePending(session, { inputs, state, waited, finding, check });
        case "rejected":
            throw await rejectedError(session, waited, finding.requestId);
        case "absent":
        case "unclear":
            throw new UnavailableError(
                `order ${inputs.orderId}: DigiCert shows no reissue from ${attempt.request.at} with this key and these names`,
                { remedy: "tryLater" },
            );
    }
}

async function rejectedError(
    session: Session,
    waited: WaitResult,
    requestId: number | undefined,
): Promise<RejectedError> {
    const rejection = await rejectionOf(session, waited.attempt, requestId);
    const ended = describeEnd(waited);
    return ended === undefined
        ? new RejectedError(rejection, { remedy: "changeProgram" })
        : new RejectedError(`${rejection}. ${ended}`);
}

/** Makes the attempt of the reissue that `reissueId` names. */
function attemptOf(inputs: ValidationInputs, state: ValidationState | undefined): Attempt {
    const {
        orderId,
        certificate,
        reissueId,
        requestIds = [],
        issuanceTimeoutSeconds,
        waitForApproval,
    } = inputs;
    const named = readReissueId(reissueId);
    const isReissue = named?.kind === "reissue";
    return {
        inputs: { ...REISSUE_SETTINGS, orderId, certificate, issuanceTimeoutSeconds, waitForApproval },
        identity: "",
        state: state && reissueStateOf(state),
        cause: "program",
        request: isReissue ? named.request : { marker: "", at: new Date(0).toISOString() },
        requestIds: isReissue ? requestIds : [],
        certificateId: isReissue ? inputs.certificateId : named?.certificateId,
    };
}

/** Like {@link waitForIssuance}; a reissue that no read shows is searched for until its absence is proven. */
async function waitUntilKnown(
    session: Session,
    attempt: Attempt,
    deadline: number,
    check: PendingCheck,
): Promise<WaitResult> {
    const waited = await waitForIssuance(session, attempt, deadline, { check });
    if (waited.finding.kind !== "absent" && waited.finding.kind !== "unclear") return waited;
    const { finding } = await confirmAttempt(session, attempt, undefined);
    if (finding.kind === "absent" || finding.kind === "unclear") return waited;
    return waitForIssuance(session, withFinding(attempt, finding), deadline, { check });
}

/** A certificate that is issued already has no domains to check. */
const NOTHING_TO_CHECK: PendingCheck = { nextAt: Infinity, unseen: [], make: () => Promise.resolve(false) };

interface Unissued {
    readonly inputs: ValidationInputs;
    readonly state: ValidationState | undefined;
    readonly waited: WaitResult;
    readonly finding: PendingFinding;
    readonly check: PendingCheck;
}

/** Keeps the present certificate while the reissue waits for an approver; fails in all other cases. */
function concludePending(
    session: Session,
    { inputs, state, waited, finding, check }: Unissued,
): ValidationState {
    const order = `order ${inputs.orderId}`;
    const { requestIds } = finding;
    const request = requestIds.length > 0 ? ` (request ${requestIds.join(", ")})` : "";
    const isApproval = finding.waitsFor === "approval";
    const unseen = isApproval ? [] : check.unseen;
    const waits = isApproval
        ? `waits for an approver in CertCentral${request}`
        : `waits for validation${request}${unreadRequest(finding)}`;
    const ended = describeEnd(waited);
    if (ended !== undefined) throw new RejectedError(`${order}: the reissue ${waits}. ${ended}`);
    const remedy: Remedy = isApproval ? "approve" : unseen.length > 0 ? "publishToken" : "resume";
    if (session.signal.aborted) {
        throw new PendingError(`${order}: stopped while the reissue ${waits}`, { remedy: "resume" });
    }
    if (!waited.needsPerson) {
        const places = unseen.length > 0 ? `; DigiCert does not see ${unseen.join(", ")}` : "";
        const { text: limit } = waitLimitOf(session, inputs.issuanceTimeoutSeconds);
        throw new PendingError(`${order}: the reissue ${waits}; it was not issued ${limit}${places}`, {
            remedy,
        });
    }
    const kept = handedOnWithKey(state, inputs);
    if (!kept && !inputs.allowPendingOutputs) {
        const why =
            "and there is no certificate with this key to hand on (allowPendingOutputs: true goes on without one)";
        throw new PendingError(`${order}: the reissue ${waits}, ${why}`, { remedy });
    }
    const expiring = expiryFailure(kept, inputs, session.now(), order);
    if (expiring !== undefined) throw new ExpiringError(`${expiring}; it ${waits}`, { remedy });
    session.tell(warning(`${order}: the reissue ${waits}.`, remedy));
    return makeState(inputs, "pending_approval", kept);
}

/** Says that the order has ended, and what is needed then; undefined if it has not ended. */
function describeEnd({ order }: WaitResult): string | undefined {
    if (!CLOSED.has(order.status)) return undefined;
    return `The order is ${order.status}. ${renewalAdvice({ renewedOrderId: renewedOrderOf(order) })}`;
}

function notShown({ orderId }: ValidationInputs, certificateId: number): DigiCertError {
    const text = `order ${orderId}: DigiCert does not show certificate ${certificateId}, which is to be handed on, as issued`;
    return new UnavailableError(text, { remedy: "tryLater" });
}
