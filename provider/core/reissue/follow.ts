/**
 * After a reissue was requested: waits, downloads the certificate, and makes the next state. If a step fails, the ids that
 * DigiCert gave are saved.
 *
 * @module
 */
import type { Accepted, ApprovalRequest, Order } from "../certcentral/answers.js";
import { isRefusal, isTemporary } from "../errorKinds.js";
import {
    AmbiguousError,
    DigiCertError,
    PendingError,
    RejectedError,
    UnavailableError,
    type Remedy,
} from "../errors.js";
import { compact } from "../json.js";
import { info, warning } from "../message.js";
import { quote } from "../quote.js";
import { PartialFailure } from "../resource.js";
import type { Session } from "../session.js";
import { allowsClientAuth, certificateNames, readCertificate } from "../x509/certificate.js";
import { keyDigest, readCsr } from "../x509/csr.js";
import { isAcknowledged, recordedAttempt, requestedKeyAndNames, withPlan, type Attempt } from "./attempt.js";
import {
    certificateInAnswer,
    downloadUnseen,
    obtainCertificate,
    obtainLastIssued,
    serialNumberOf,
    shortDeadline,
    type Deadline,
    type ExpectedCertificate,
} from "./certificate.js";
import { confirmAttempt, isShown, unclearFailure } from "./confirm.js";
import { expiringErrorOf } from "./expiring.js";
import {
    addedNames,
    endsNoLater,
    issuedState,
    issuedStateOf,
    leavesDependentsEmpty,
    unissuedState,
    unissuedStatus,
    withOrder,
} from "./nextState.js";
import { renewalAdvice } from "./plan/due.js";
import { laterRemovalWarning } from "./plan/nameRemoval.js";
import { hasClientAuth } from "./plan/plan.js";
import { staysPending, withFinding, type PendingFinding } from "./recognise.js";
import { withInputs, type CertificateOutputs, type ReissueInputs, type ReissueState } from "./state.js";
import { dcvMethodOfAttempt } from "./token.js";
import { unreadRequest, waitForIssuance, waitLimitOf, type DownloadOption, type WaitResult } from "./wait.js";

/** How an attempt came about. */
export interface FollowOptions extends DownloadOption<{ readonly outputs: CertificateOutputs }> {
    /** Whether the answer to the POST was lost, and with it perhaps a token. */
    readonly isAnswerLost?: boolean;
    /** Whether the POST was accepted a moment ago and needs no approval. */
    readonly isJustAccepted?: boolean;
    /** The issued certificate that makes the POST unnecessary. */
    readonly isTakenOver?: boolean;
    /** Whether the order had not shown the reissue, and then showed it. */
    readonly isShownAgain?: boolean;
}

/** Follows a reissue that an earlier run requested; it is never requested again. */
export async function resumeReissue(
    session: Session,
    inputs: ReissueInputs,
    state: ReissueState,
): Promise<ReissueState> {
    const attempt = recordedAttempt(state, inputs);
    if (!attempt) return withInputs(state, inputs);
    return followAttempt(session, attempt, { isAnswerLost: state.status === "unknown" });
}

/** Follows a reissue that was accepted just now: the certificate may be in the answer. */
export async function followAccepted(
    session: Session,
    attempt: Attempt,
    accepted: Accepted,
): Promise<ReissueState> {
    const {
        requests: answered = [],
        certificate_id: answeredId,
        dcv_random_value: dcvRandomValue,
    } = accepted;
    // Requests that the order showed before the POST are left out if the answer holds others.
    const later = answered.filter(({ id }) => id > (attempt.request.before?.request ?? 0));
    const requests = later.length > 0 ? later : answered;
    const requestIds = requests.map(({ id }) => id);
    const wasBefore = answeredId !== undefined && wasShownBefore(attempt, answeredId);
    const certificateId = wasBefore ? undefined : answeredId;
    const started: Attempt = { ...attempt, requestIds, certificateId, dcvRandomValue };
    return saveIdsOnFailure(
        () => started,
        async () => {
            const outputs =
                certificateId === undefined
                    ? undefined
                    : certificateInAnswer(
                          accepted,
                          expectedCertificate(started, certificateId),
                          new Date(started.request.at),
                      );
            if (outputs) return concludeIssued(session, started, outputs, {});
            const isGranted = requests.every(({ status }) => status?.toLowerCase() === "approved");
            return followAttempt(session, started, {
                // An answer without ids may have lost the token too.
                isAnswerLost: !isAcknowledged(started),
                isJustAccepted: certificateId !== undefined && dcvRandomValue === undefined && isGranted,
                download: async (id) => {
                    const certificate = expectedCertificate(started, id);
                    const outputs = await downloadUnseen(session, certificate, started.request);
                    return outputs && { outputs };
                },
            });
        },
    );
}

/** Whether a certificate was there before the POST; then it is not the result, whatever the answer says. */
function wasShownBefore({ request: { before, replaces } }: Attempt, id: number): boolean {
    return [before?.certificate, replaces].includes(id);
}

/**
 * Waits for a reissue that was requested, and makes the next state.
 *
 * @param deadline - end of the wait, in milliseconds by the session's `elapsed`; default: after `issuanceTimeoutSeconds`
 * @throws PartialFailure that saves the ids, including the ids that were found while it waited.
 */
export async function followAttempt(
    session: Session,
    attempt: Attempt,
    options: FollowOptions = {},
    deadline = session.elapsed() + waitLimitOf(session, attempt.inputs.issuanceTimeoutSeconds).ms,
): Promise<ReissueState> {
    let latest = attempt;
    const onPending = (read: Attempt): void => {
        latest = read;
    };
    const step = async (): Promise<ReissueState> => {
        const waited = await waitForIssuance(session, attempt, deadline, { ...options, onPending });
        if ("outputs" in waited) return concludeIssued(session, latest, waited.outputs, options);
        latest = withFinding(withPlan(waited.attempt, waited.order), waited.finding);
        return concludeWait(session, latest, waited, deadline, options);
    };
    return saveIdsOnFailure(() => latest, step);
}

/** Makes the next state from the result of a wait. */
async function concludeWait(
    session: Session,
    attempt: Attempt,
    waited: WaitResult,
    deadline: number,
    options: FollowOptions,
): Promise<ReissueState> {
    const { finding } = waited;
    switch (finding.kind) {
        case "issued": {
            if (finding.isRevoked)
                throw await revokedFailure(session, attempt, finding.certificateId, waited);
            const isFresh = options.isTakenOver !== true;
            const outputs = await obtainIssued(session, attempt, finding.certificateId, waited, {
                at: Math.max(deadline, session.elapsed() + 2 * session.pollMs),
                isFresh,
            });
            return concludeIssued(session, attempt, outputs, options);
        }
        case "pending":
            if (!finding.isShown && session.elapsed() >= deadline && !staysPending(attempt, session.now())) {
                return concludeAbsent(session, attempt, deadline, options);
            }
            return concludePending(session, attempt, finding, waited);
        case "rejected":
            throw await rejectedFailure(session, attempt, finding.requestId, waited.order);
        case "absent":
        case "unclear":
            return concludeAbsent(session, attempt, deadline, options);
    }
}

function concludeIssued(
    session: Session,
    attempt: Attempt,
    outputs: CertificateOutputs,
    { isTakenOver }: FollowOptions,
): ReissueState {
    warnOfLostClientAuth(session, attempt, outputs);
    warnOfFurtherNames(session, attempt, outputs);
    if (isTakenOver !== true) return issuedStateOf(attempt, outputs);
    const { inputs, requestIds, orderValidTill, renewedOrderId, state } = attempt;
    const dcvRandomValue = state?.dcvRandomValue;
    const added = addedNames(attempt, outputs);
    const details = { requestIds, orderValidTill, renewedOrderId, dcvRandomValue, added };
    return issuedState(inputs, outputs, details, endsNoLater(attempt, outputs));
}

/** Warns if a certificate may not authenticate clients, and the certificate before it may. */
export function warnOfLostClientAuth(
    session: Session,
    { inputs, state }: Pick<Attempt, "inputs" | "state">,
    outputs: CertificateOutputs,
): void {
    if (!state || !hasClientAuth(state) || allowsClientAuth(readCertificate(outputs.certificatePem))) return;
    session.tell(
        warning(
            `order ${inputs.orderId}: certificate ${outputs.issuedCertificateId} cannot authenticate clients any more (extended ` +
                "key usage clientAuth); the certificate before it could",
        ),
    );
}

/** Warns if a certificate that was taken over has names that the program does not list: the next reissue would be refused. */
function warnOfFurtherNames(session: Session, attempt: Attempt, outputs: CertificateOutputs): void {
    const { inputs } = attempt;
    const subject = `order ${inputs.orderId}: certificate ${outputs.issuedCertificateId}, which was taken over,`;
    const present = certificateNames(readCertificate(outputs.certificatePem));
    const text = laterRemovalWarning(present, addedNames(attempt, outputs), inputs, subject);
    if (text !== undefined) session.tell(warning(text));
}

/** Downloads the certificate that an observation found issued. */
export function obtainIssued(
    session: Session,
    attempt: Attempt,
    certificateId: number,
    { observation }: Pick<WaitResult, "observation">,
    deadline: Deadline,
): Promise<CertificateOutputs> {
    const { order, reissues } = observation.shown;
    const serialNumber = serialNumberOf(certificateId, order, reissues);
    return obtainCertificate(
        session,
        { ...expectedCertificate(attempt, certificateId), serialNumber },
        deadline,
    );
}

function expectedCertificate(attempt: Attempt, certificateId: number): ExpectedCertificate {
    const { inputs, state, request } = attempt;
    const { inUse } = request;
    const earlier = [
        state?.issuedCertificateId === certificateId ? undefined : state?.serialNumber,
        inUse?.certificateId === certificateId ? undefined : inUse?.serialNumber,
    ];
    return {
        orderId: inputs.orderId,
        certificateId,
        ...requestedKeyAndNames(inputs),
        earlierSerialNumbers: earlier.flatMap((serial) => serial ?? []),
    };
}

/** Makes the error of a reissue whose certificate was issued and revoked. */
export function revokedError(
    { orderId }: { readonly orderId: string },
    certificateId: number,
): RejectedError {
    const text = `order ${orderId}: certificate ${certificateId} was issued for this reissue and has been revoked since`;
    return new RejectedError(text, { remedy: "runAgain" });
}

/**
 * Makes the failure if the certificate was issued for this resource and revoked since. The next plan requests a new certificate,
 * because the state has the status `revoked`.
 */
async function revokedFailure(
    session: Session,
    attempt: Attempt,
    id: number,
    waited: WaitResult,
): Promise<PartialFailure> {
    const reason = revokedError(attempt.inputs, id);
    try {
        const outputs = await obtainIssued(session, attempt, id, waited, shortDeadline(session));
        return new PartialFailure({ ...issuedStateOf(attempt, outputs), status: "revoked" }, [reason]);
    } catch (error) {
        if (!(error instanceof DigiCertError)) throw error;
        return new PartialFailure(unissuedState(attempt, "revoked", { isForgotten: true }), [reason]);
    }
}

/** Decides whether `up` succeeds while the reissue is pending; docs/validation.md has the table ("What a reissue waits for"). */
async function concludePending(
    session: Session,
    attempt: Attempt,
    finding: PendingFinding,
    { needsPerson, order }: WaitResult,
): Promise<ReissueState> {
    const { inputs } = attempt;
    const status = finding.waitsFor === "approval" ? "pending_approval" : "pending_issuance";
    const unissued = withOrder(unissuedState(attempt, status), order, session.now());
    const state = await downloadDroppedCertificate(session, unissued);
    const { waits, remedy: usual } = describeWait(attempt, finding, needsPerson);
    // Nobody can go on with the reissue of an order that has ended.
    const remedy = state.orderEnd === undefined ? usual : undefined;
    const advice = newOrderAdvice(state);
    const reasons = reasonsToFail(session, attempt, state, { waits, remedy, advice, needsPerson });
    if (reasons.length > 0) throw new PartialFailure(state, reasons);
    const text = `order ${inputs.orderId}: the reissue ${waits}${advice || "."}`;
    // With both inputs the program goes on by itself: it publishes the token, and DigiCertValidation waits.
    const isPublished =
        remedy === "publishToken" && inputs.allowPendingOutputs && inputs.dcvMethod !== undefined;
    session.tell(isPublished ? info(text) : warning(text, remedy));
    return state;
}

/** What a pending reissue waits for, and what a person can do. */
interface Wait {
    /** Words that follow "the reissue". */
    readonly waits: string;
    readonly remedy: Remedy | undefined;
    /** See {@link newOrderAdvice}. */
    readonly advice: string;
    readonly needsPerson: boolean;
}

/** Makes the errors with which `up` fails although the pending reissue is saved; none if `up` succeeds. */
function reasonsToFail(
    session: Session,
    { inputs, state: before }: Attempt,
    state: ReissueState,
    { waits, remedy, advice, needsPerson }: Wait,
): DigiCertError[] {
    const order = `order ${inputs.orderId}`;
    if (session.signal.aborted) {
        return [new PendingError(`${order}: stopped while the reissue ${waits}`, { remedy: "resume" })];
    }
    if (leavesDependentsEmpty(state) && !inputs.allowPendingOutputs) {
        const why =
            "so dependents keep the old key and certificate (allowPendingOutputs: true goes on without a certificate)";
        return [
            new PendingError(`${order}: the reissue for another key ${waits}, ${why}${advice}`, { remedy }),
        ];
    }
    // In an update the plan knows the certificate in use, and its failure is added in resource.ts.
    const expiring = before === undefined ? expiringErrorOf(state, inputs, session.now()) : undefined;
    if (!needsPerson && inputs.issuanceTimeoutSeconds > 0) {
        const { text: limit } = waitLimitOf(session, inputs.issuanceTimeoutSeconds);
        const text = `${order}: the reissue ${waits}; it was not issued ${limit}${advice}`;
        return [new PendingError(text, { remedy }), ...(expiring ? [expiring] : [])];
    }
    if (!expiring) return [];
    return [expiring, new PendingError(`${order}: the reissue ${waits}${advice}`, { remedy })];
}

/** Describes what a pending reissue waits for, in words that follow "the reissue", with the remedy. */
function describeWait(
    attempt: Attempt,
    finding: PendingFinding,
    needsPerson: boolean,
): { readonly waits: string; readonly remedy: Remedy } {
    const { dcvRandomValue, requestIds } = attempt;
    const isApproval = finding.waitsFor === "approval";
    const request = requestIds.length > 0 ? ` (request ${requestIds.join(", ")})` : "";
    if (finding.certainty === "possible") {
        const who = isApproval ? "an approver" : "DigiCert";
        return { waits: `waits for ${who}${request}, ${describeDoubt(attempt)}`, remedy: "goOn" };
    }
    if (isApproval) return { waits: `waits for an approver in CertCentral${request}`, remedy: "approve" };
    const validation = `waits for domain validation${request}`;
    if (dcvRandomValue !== undefined && dcvMethodOfAttempt(attempt) !== "email") {
        return { waits: `${validation}: dcvRandomValue has to be published`, remedy: "publishToken" };
    }
    if (needsPerson) {
        return { waits: `${validation}: the link in DigiCert's e-mail has to be followed`, remedy: "resume" };
    }
    const why = unreadRequest(finding) || "; DigiCert validates";
    return { waits: `was accepted and is not issued yet${request}${why}`, remedy: "resume" };
}

/** Says that the order has ended, and what is needed then, in words that end one sentence and add another; empty otherwise. */
function newOrderAdvice(state: ReissueState): string {
    return state.orderEnd === undefined ? "" : `. The order ${state.orderEnd}. ${renewalAdvice(state)}`;
}

/** Says why a pending reissue may be somebody else's. */
function describeDoubt({ request: { isOthers } }: Attempt): string {
    const reason = isOthers ? "its comments name a person or another resource" : "DigiCert does not tell";
    return `if it is this resource's: ${reason}, so it is never cancelled`;
}

/**
 * Downloads the last certificate if a refresh dropped its outputs, because the order had another key by then, and the program
 * has the old key again. Dependents then keep a certificate.
 */
async function downloadDroppedCertificate(session: Session, state: ReissueState): Promise<ReissueState> {
    const { issued, certificatePem, orderId, certificate } = state;
    if (!issued || certificatePem !== undefined) return state;
    const { key } = requestedKeyAndNames(state);
    if (issued.key !== keyDigest(readCsr(certificate.csr).key)) return state;
    try {
        const outputs = await obtainLastIssued(session, { orderId, issued, key });
        return compact({ ...state, ...outputs });
    } catch (error) {
        if (error instanceof DigiCertError) return state;
        throw error;
    }
}

async function rejectedFailure(
    session: Session,
    attempt: Attempt,
    requestId: number | undefined,
    order: Order,
): Promise<PartialFailure> {
    const rejection = await rejectionOf(session, attempt, requestId);
    const unissued = withOrder(unissuedState(attempt, "rejected", { rejection }), order, session.now());
    const state = await downloadDroppedCertificate(session, unissued);
    const remedy = state.orderEnd === undefined ? "changeProgram" : undefined;
    return new PartialFailure(state, [new RejectedError(`${rejection}${newOrderAdvice(state)}`, { remedy })]);
}

/** Describes who rejected a reissue, and why. */
export async function rejectionOf(
    { client }: Session,
    { inputs, request }: Attempt,
    requestId: number | undefined,
): Promise<string> {
    const what =
        requestId === undefined
            ? `the reissue requested at ${request.at}`
            : `request ${requestId} for the reissue`;
    const subject = `order ${inputs.orderId}: ${what} was rejected or cancelled`;
    if (requestId === undefined) return subject;
    try {
        return `${subject}${processorOf(await client.request(requestId, inputs.orderId))}`;
    } catch (error) {
        if (!isRefusal(error) && !isTemporary(error)) throw error;
        return `${subject}; who did it and why could not be read with this API key`;
    }
}

function processorOf({ processor, processor_comment: comment }: ApprovalRequest): string {
    const name = [processor?.first_name, processor?.last_name].filter(Boolean).join(" ") || processor?.email;
    const by = name === undefined ? "" : ` by ${quote(name)}`;
    const why = comment ? `, with the comment "${quote(comment)}"` : "";
    return `${by}${why}`;
}

/** The order does not show the reissue. If reads prove its absence, `up` fails once and drops it, so that the next run may POST. */
async function concludeAbsent(
    session: Session,
    attempt: Attempt,
    deadline: number,
    options: FollowOptions,
): Promise<ReissueState> {
    if (options.isShownAgain === true) {
        throw unclearFailure(attempt, undefined, "the reads of the order contradict each other");
    }
    const { finding } = await confirmAttempt(session, attempt, undefined);
    if (isShown(finding)) {
        const again = { ...options, isShownAgain: true };
        return followAttempt(session, withFinding(attempt, finding), again, deadline);
    }
    const { inputs, request } = attempt;
    const forgotten = unissuedState({ ...attempt, requestIds: [], certificateId: undefined }, "unknown", {
        isForgotten: true,
    });
    const state = await downloadDroppedCertificate(session, forgotten);
    throw new PartialFailure(state, [
        new UnavailableError(
            `order ${inputs.orderId}: DigiCert knows no reissue of this resource from ${request.at}, neither pending nor issued nor rejected`,
            { remedy: "runAgain" },
        ),
    ]);
}

/**
 * Runs a step. If it fails, the failure saves the ids of the reissue. If there is no id, DigiCert may not have accepted the
 * reissue, and the next run searches for it.
 */
async function saveIdsOnFailure(
    currentAttempt: () => Attempt,
    step: () => Promise<ReissueState>,
): Promise<ReissueState> {
    try {
        return await step();
    } catch (error) {
        if (error instanceof PartialFailure) throw error;
        const attempt = currentAttempt();
        const { inputs, request } = attempt;
        const order = `order ${inputs.orderId}`;
        const failure =
            error instanceof DigiCertError
                ? error
                : new UnavailableError((error as Error).message, { cause: error });
        const prospect = isAcknowledged(attempt)
            ? new PendingError(`${order}: the reissue is not lost; its ids are saved`, { remedy: "resume" })
            : new AmbiguousError(
                  `${order}: it is not known what became of the reissue requested at ${request.at}`,
                  {
                      remedy: "confirmReissue",
                  },
              );
        throw new PartialFailure(unissuedState(attempt, unissuedStatus(attempt)), [failure, prospect]);
    }
}
