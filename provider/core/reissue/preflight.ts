/**
 * Reads the order before a POST and decides three questions: does the order allow a reissue, is a matching reissue there
 * already, would names be removed? Only this read allows a POST, and only for 5 s.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { DigiCertError, InvalidRequestError, RefusedError } from "../errors.js";
import { info, warning } from "../message.js";
import { isTlsOrder } from "../order/product.js";
import { closedReasonOf, refuseUnknownStatus, UNISSUED } from "../order/status.js";
import { quote } from "../quote.js";
import { PartialFailure } from "../resource.js";
import type { Session } from "../session.js";
import { certificateNames, readCertificate } from "../x509/certificate.js";
import { nameSet } from "../x509/names.js";
import { isAcknowledged, recordedAttempt, renewedOrderOf, withOrderBefore, type Attempt } from "./attempt.js";
import { cancelPendingReissue, waitUntilGone } from "./cancel.js";
import { downloadLeaf } from "./certificate.js";
import { confirmAttempt } from "./confirm.js";
import { newShown, observeOrder, readUntilKnown } from "./observe.js";
import { unissuedState } from "./nextState.js";
import { renewalAdvice } from "./plan/due.js";
import { judgeRemoval, removalFromLastIssued } from "./plan/nameRemoval.js";
import {
    currentEntry,
    entriesOf,
    isDead,
    isIssued,
    isReissuePending,
    isReissueRequest,
    isStillPending,
    openReissueRequests,
    staysPending,
    type Finding,
    type PendingFinding,
    type Shown,
    withFinding,
} from "./recognise.js";
import { findStandIn, isOfResource, type StandIn } from "./reuse.js";
import type { ReissueState } from "./state.js";

/** The result of the read. */
export type Preflight =
    /** The POST is allowed. */
    (
        | { readonly kind: "send"; readonly order: Order; readonly attempt: Attempt }
        /** A matching reissue is on the order already, pending or issued. */
        | {
              readonly kind: "follow";
              readonly order: Order;
              readonly attempt: Attempt;
              readonly standIn: StandIn;
          }
        /** The order allows no further reissue, and the program is unchanged. */
        | {
              readonly kind: "closed";
              readonly order: Order;
              readonly state: ReissueState;
              readonly reason: string;
              readonly warning: string;
          }
    ) & {
        /** The pending reissue of this resource was cancelled, so the state must not wait for it. */
        readonly hasCancelled?: boolean;
    };

/**
 * Reads the order and decides whether to send the POST. A pending reissue of this resource that no longer matches the program
 * is cancelled first.
 *
 * @throws RefusedError if a POST would do harm or cannot succeed.
 * @throws PartialFailure if a read fails after the cancellation: the saved state must not wait for the cancelled reissue.
 */
export async function readBeforePost(session: Session, attempt: Attempt): Promise<Preflight> {
    const { orderId } = attempt.inputs;
    const first = await readAndJudge(session, attempt);
    if (first.kind !== "unwanted") return first;
    const { hasCancelled, refusal } = await cancelUnwanted(session, orderId);
    let next: Preflight | Unwanted;
    try {
        next = await readAndJudge(session, attempt, { mayBeHidden: hasCancelled });
        // A read may lag behind: a reissue that this run has cancelled may still show as pending.
        if (next.kind === "unwanted" && (await waitUntilGone(session, orderId))) {
            // Nothing is pending any more. A request that stays "approved" without a certificate has ended.
            next = await readAndJudge(session, attempt, { hasEnded: true, mayBeHidden: hasCancelled });
        }
    } catch (error) {
        throw hasCancelled ? failureAfterCancel(attempt, error) : error;
    }
    if (next.kind !== "unwanted") return { ...next, hasCancelled };
    // The state stays as it is, so that the next run recognises the reissue as this resource's.
    throw (
        refusal ??
        new RefusedError(
            `${operationOf(orderId)}: the cancellation of this resource's pending reissue does not show on the order yet`,
            { remedy: "tryLater" },
        )
    );
}

/** Makes the failure of a run that has cancelled the pending reissue; its state records that nothing is pending. */
export function failureAfterCancel(attempt: Attempt, error: unknown): unknown {
    if (error instanceof PartialFailure || !(error instanceof DigiCertError)) return error;
    const text = `order ${attempt.inputs.orderId}: the pending reissue of this resource is cancelled already`;
    return new PartialFailure(unissuedState(attempt, "unknown", { isForgotten: true }), [
        error,
        new RefusedError(text, { remedy: "runAgain" }),
    ]);
}

/** The order shows a pending reissue of this resource that no longer matches the program. */
interface Unwanted {
    readonly kind: "unwanted";
}

/** The time of an acknowledged reissue is over, and the order does not show it. */
interface Hidden {
    readonly kind: "hidden";
    readonly earlier: Attempt;
}

/** What this run has done about the attempt that the state records. */
interface JudgeOptions {
    /** The attempt was cancelled, or DigiCert had nothing to cancel, and the order shows nothing pending. */
    readonly hasEnded?: boolean;
    /** An order that does not show the attempt allows a POST: the attempt was cancelled, or its absence was confirmed. */
    readonly mayBeHidden?: boolean;
}

/**
 * Reads the order, and frees the places that it reserved in the quota if no POST follows. If the time of an acknowledged reissue is
 * over and the order does not show it, its absence is confirmed over `settleSeconds`, and the order is read once more.
 */
async function readAndJudge(
    session: Session,
    attempt: Attempt,
    { hasEnded = false, mayBeHidden = false }: JudgeOptions = {},
): Promise<Preflight | Unwanted> {
    const { orderId } = attempt.inputs;
    for (let isConfirmed = mayBeHidden; ; isConfirmed = true) {
        let result: Preflight | Unwanted | Hidden | undefined;
        try {
            const order = await session.client.order(orderId, { reserve: true });
            result = await judgeOrder(session, attempt, order, { hasEnded, mayBeHidden: isConfirmed });
        } finally {
            if (result?.kind !== "send") session.client.release(orderId);
        }
        if (result.kind !== "hidden") return result;
        await confirmAttempt(session, result.earlier, undefined);
    }
}

async function judgeOrder(
    session: Session,
    first: Attempt,
    order: Order,
    { hasEnded, mayBeHidden }: Required<JudgeOptions>,
): Promise<Preflight | Unwanted | Hidden> {
    const { orderId } = first.inputs;
    const closed = closedReasonOf(order, session.now());
    if (closed !== undefined) return concludeClosed(order, first, closed);
    const earlier = earlierAttempt(first);
    const seen = earlier && (await observeOrder(session, earlier, order));
    const isOver = hasEnded && seen?.finding.kind === "pending" && !isStillPending(seen.shown, seen.finding);
    const finding = isOver ? undefined : seen?.finding;
    if (isShownPending(finding) && finding.certainty === "certain") {
        await refuseBeforeCancel(session, order, first);
        return { kind: "unwanted" };
    }
    const attempt = withEarlierCertificate(first, finding);
    const { shown, result } = await readUntilKnown(session, newShown(orderId, order), attempt, (read) =>
        findStandIn(read, attempt, session.now()),
    );
    if (result.kind === "standIn") return { kind: "follow", order, attempt, standIn: result };
    if (result.kind === "unreadable") throw unreadableRefusal(orderId, result.certificateId);
    if (isReissuePending(shown)) throw pendingRefusal(attempt, shown, isShownPending(finding));
    if (earlier && finding?.kind === "pending" && !finding.isShown && !mayBeHidden) {
        refuseWhilePending(session, earlier);
        return { kind: "hidden", earlier };
    }
    refuseUnreissuable(order, attempt);
    await warnOfNameRemoval(session, order, attempt);
    // The list is read for the ids of rejected reissues, which may be higher than the current certificate's. Without these ids a
    // rejected reissue could be mistaken for the result of the POST.
    const reissues =
        shown.reissues ?? (hasDeadRequest(order) ? await session.client.reissues(orderId) : undefined);
    return { kind: "send", order, attempt: withOrderBefore(attempt, order, session.now(), reissues) };
}

function isShownPending(finding: Finding | undefined): finding is PendingFinding {
    return finding?.kind === "pending" && finding.isShown;
}

/** The attempt of an earlier run that the state records as pending; a rejected attempt does not count. */
function earlierAttempt({ state }: Attempt): Attempt | undefined {
    return state && state.status !== "rejected" ? recordedAttempt(state) : undefined;
}

/** Excludes the result of an earlier attempt, so that it does not stand in for a different request. */
function withEarlierCertificate(attempt: Attempt, finding: Finding | undefined): Attempt {
    if (finding?.kind !== "issued" || !attempt.state) return attempt;
    return { ...attempt, state: { ...attempt.state, certificateId: finding.certificateId } };
}

/**
 * Confirms a POST of an earlier run whose answer was lost, also if the program has changed meanwhile. The ids that are found make
 * it an acknowledged attempt.
 *
 * @throws RefusedError if a pending reissue is only possibly its result: it can neither be cancelled nor be requested anew.
 */
export async function confirmEarlier(session: Session, attempt: Attempt): Promise<Attempt> {
    const earlier = earlierAttempt(attempt);
    if (!earlier || !attempt.state || isAcknowledged(earlier)) return attempt;
    const { finding, shown } = await confirmAttempt(session, earlier, undefined);
    if (finding.kind === "pending" && finding.certainty === "possible")
        throw pendingRefusal(attempt, shown, true);
    const { requestIds, certificateId } = withFinding(earlier, finding);
    return { ...attempt, state: { ...attempt.state, requestIds: [...requestIds], certificateId } };
}

/** Makes the result for an order that allows no reissue; throws if the program asks for a reissue. */
function concludeClosed(order: Order, { inputs, state, cause }: Attempt, reason: string): Preflight {
    const renewal = renewalAdvice({ renewedOrderId: renewedOrderOf(order) });
    if (state && cause !== "program") {
        const text = `order ${inputs.orderId}: the order ${reason}, so no reissue was requested. ${renewal}`;
        return { kind: "closed", order, state, reason, warning: text };
    }
    throw new RefusedError(`${operationOf(inputs.orderId)}: the order ${reason}. ${renewal}`);
}

function pendingRefusal(attempt: Attempt, shown: Shown, mayBeOwn: boolean): RefusedError {
    const pending = describePending(shown);
    const isOfInterrupted = openReissueRequests(shown.order).some((one) => isOfResource(one, attempt));
    const text = mayBeOwn
        ? `a reissue is pending that may be this resource's, but DigiCert does not tell (${pending}), so it is not cancelled`
        : isOfInterrupted
          ? `a reissue for another certificate is pending, which an interrupted run of this resource requested (${pending}); ` +
            "it is not cancelled, because the state does not show it"
          : `a reissue of somebody else is pending (${pending}); it is never cancelled`;
    return new RefusedError(`${operationOf(attempt.inputs.orderId)}: ${text}`, { remedy: "waitOrCancel" });
}

function unreadableRefusal(orderId: string, certificateId: number): RefusedError {
    const text =
        `certificate ${certificateId} of the order cannot be read, so it is not known whether it is the requested certificate already, ` +
        "and no reissue was requested";
    return new RefusedError(`${operationOf(orderId)}: ${text}`, { remedy: "tryLater" });
}

/**
 * Cancels the pending reissue of this resource.
 *
 * @returns `refusal` if DigiCert refused to cancel. Either the reissue was issued or cancelled meanwhile, which the next read of
 * the order shows, or it cannot be cancelled.
 */
async function cancelUnwanted(
    session: Session,
    orderId: string,
): Promise<{ readonly hasCancelled: boolean; readonly refusal?: InvalidRequestError }> {
    try {
        const note = "Cancelled by pulumi-digicert: the stack wants another certificate.";
        if ((await cancelPendingReissue(session, orderId, note)) === "gone") return { hasCancelled: false };
    } catch (error) {
        if (error instanceof InvalidRequestError) return { hasCancelled: false, refusal: error };
        throw error;
    }
    const text = `order ${orderId}: cancelled the pending reissue of this resource, because the program wants another certificate`;
    session.tell(info(text));
    return { hasCancelled: true };
}

function describePending(shown: Shown): string {
    const requests = openReissueRequests(shown.order).map(({ id }) => `request ${id}`);
    const { id: currentId, status } = shown.order.certificate;
    // The current certificate is named by itself, because the list may show it with another status.
    const entries = [...entriesOf(shown), currentEntry(shown.order)];
    const certificates = entries
        .filter((entry) => entry?.state === "pending")
        .map((entry) => {
            const note =
                status === undefined || entry?.id !== currentId ? "" : ` (status "${quote(status)}")`;
            return `certificate ${entry?.id ?? "without id"}${note}`;
        });
    return [...new Set([...requests, ...certificates])].join(", ") || "DigiCert does not tell which";
}

/** An acknowledged attempt stays pending even if the order does not show it, because reads lag behind. */
function refuseWhilePending(session: Session, earlier: Attempt): void {
    if (!staysPending(earlier, session.now())) return;
    throw new RefusedError(
        `${operationOf(earlier.inputs.orderId)}: DigiCert accepted the reissue requested at ${earlier.request.at}, but the ` +
            "order does not show it yet, so it can neither be cancelled nor be requested anew",
        { remedy: "tryLater" },
    );
}

/** Refuses a reissue that would be refused after the cancellation too, so that no reissue is cancelled in vain. */
async function refuseBeforeCancel(session: Session, order: Order, attempt: Attempt): Promise<void> {
    refuseUnknownStatus(order, operationOf(attempt.inputs.orderId), "nothing was cancelled or requested");
    refuseMissingName(order, attempt);
    const current = currentEntry(order);
    if (current && isIssued(current)) await findRemoval(session, order, attempt);
}

function refuseUnreissuable(order: Order, attempt: Attempt): void {
    const operation = operationOf(attempt.inputs.orderId);
    if (UNISSUED.has(order.status)) {
        throw new RefusedError(`${operation}: the order is ${order.status}, which allows no reissue`, {
            remedy: "completeOrder",
        });
    }
    refuseUnknownStatus(order, operation, "no reissue was requested");
    refuseMissingName(order, attempt);
}

function refuseMissingName(order: Order, { inputs }: Attempt): void {
    if (inputs.certificate.commonName === undefined && isTlsOrder(order)) {
        throw new RefusedError(
            `${operationOf(inputs.orderId)}: certificate.commonName is missing, which a TLS order needs; set it to the domain to secure`,
            { remedy: "correctProgram" },
        );
    }
}

async function warnOfNameRemoval(session: Session, order: Order, attempt: Attempt): Promise<void> {
    const { inputs, state } = attempt;
    const text = await findRemoval(session, order, attempt);
    const planned = state && removalFromLastIssued(state, inputs, `order ${inputs.orderId}`);
    const isPrinted = planned?.kind === "permitted" && planned.warning === text;
    if (text !== undefined && !isPrinted) session.tell(warning(text));
}

/**
 * The warning if the reissue would remove names that the program permits to be removed; undefined if it removes none.
 *
 * @throws RefusedError if it would remove other names.
 */
async function findRemoval(session: Session, order: Order, attempt: Attempt): Promise<string | undefined> {
    const { inputs, state } = attempt;
    const removal = judgeRemoval(
        await readCurrentNames(session, order, attempt),
        state?.issued?.added,
        inputs,
        `order ${inputs.orderId}`,
    );
    if (removal?.kind === "refused") throw new RefusedError(removal.text);
    return removal?.warning;
}

/** Reads the names of the current certificate, from the order, or else from the certificate itself. */
async function readCurrentNames(
    { client }: Session,
    { certificate }: Order,
    { inputs: { orderId }, state }: Attempt,
): Promise<ReadonlySet<string>> {
    const { id, common_name: commonName, dns_names: dnsNames, serial_number: serialNumber } = certificate;
    const reported = nameSet({ commonName, dnsNames: dnsNames ?? [] });
    // If the order does not show the names, the certificate is read, because a removed name leads to a revocation.
    if (dnsNames !== undefined || id === undefined) return reported;
    if (state?.issuedCertificateId === id && state.certificatePem !== undefined) {
        return new Set([...reported, ...certificateNames(readCertificate(state.certificatePem))]);
    }
    const leaf = await downloadLeaf(client, { orderId, certificateId: id, serialNumber });
    if (leaf) return new Set([...reported, ...leaf.names]);
    throw new RefusedError(
        `${operationOf(orderId)}: the names of its certificate ${id} cannot be read, so it is not known whether a name ` +
            "would disappear, and no reissue was requested",
        { remedy: "tryLater" },
    );
}

function hasDeadRequest({ requests = [] }: Order): boolean {
    return requests.some((request) => isReissueRequest(request) && isDead(request));
}

function operationOf(orderId: string): string {
    return `Requesting a reissue of order ${orderId}`;
}
