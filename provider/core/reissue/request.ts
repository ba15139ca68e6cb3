/**
 * Requests one reissue, once: reads the order, sends the POST, and confirms a lost answer.
 *
 * @module
 */
import { LONGEST_PAUSE_MS } from "../certcentral/exchange.js";
import { DigiCertError, RefusedError } from "../errors.js";
import type { PartialFailure } from "../resource.js";
import { info, warning } from "../message.js";
import type { Session } from "../session.js";
import { inUseOf, newAttempt, withPlan, type Attempt } from "./attempt.js";
import { makeReissueBody } from "./body.js";
import { confirmAttempt, unclearFailure } from "./confirm.js";
import { followAccepted, followAttempt } from "./follow.js";
import { certificateStatus, withOrder } from "./nextState.js";
import { observe } from "./observe.js";
import type { ReissueCause } from "./plan/plan.js";
import { confirmEarlier, failureAfterCancel, readBeforePost, type Preflight } from "./preflight.js";
import { pauseTelling, progressTeller, type ProgressTeller } from "./progress.js";
import { withFinding } from "./recognise.js";
import { withInputs, type ReissueInputs, type ReissueState } from "./state.js";

/** Highest number of POSTs in one run; each follows the proof that the POST before was not accepted. */
const MAX_POSTS = 3;

/**
 * Obtains the certificate that the program requests, with at most one accepted POST, and returns the next state.
 *
 * @param cause - why the reissue is requested: an order that has ended is an error for `program`, and a warning otherwise
 * @param state - the state before an update; absent in a create
 * @throws DigiCertError if nothing was accepted; the state stays as it is.
 * @throws PartialFailure if a request was accepted, or may have been; its state must be saved.
 */
export async function requestReissue(
    session: Session,
    inputs: ReissueInputs,
    identity: string,
    cause: ReissueCause,
    state?: ReissueState,
): Promise<ReissueState> {
    const first = newAttempt(inputs, identity, cause, session.now(), state);
    const confirmed = await confirmEarlier(session, first);
    const tell = progressTeller(session, inputs.orderId);
    let hasCancelled = false;
    let lost: LostPost | undefined;
    try {
        for (let posts = 1; ; posts++) {
            const late = lost && (await followLate(session, lost));
            if (late) return late;
            const before = await readBeforePost(session, confirmed);
            hasCancelled ||= before.hasCancelled === true;
            if (before.kind === "closed") return giveUp(session, first, before);
            if (before.kind === "follow") return await followStandIn(session, before);
            const next = await sendPost(session, before.attempt, posts, tell);
            if (next === undefined) continue;
            if (!("lostAttempt" in next)) return next;
            lost = next;
        }
    } catch (caught) {
        const error = lost && caught instanceof DigiCertError ? lateFailure(lost, caught) : caught;
        throw hasCancelled ? failureAfterCancel(first, error) : error;
    }
}

/** A POST whose answer was lost, and that DigiCert certainly did not accept until the last read. */
interface LostPost {
    readonly lostAttempt: Attempt;
    readonly error: DigiCertError;
}

/** Follows a lost POST that DigiCert has accepted late; undefined if the order still shows nothing of it. */
async function followLate(session: Session, { lostAttempt }: LostPost): Promise<ReissueState | undefined> {
    const { finding } = await observe(session, lostAttempt);
    if (finding.kind === "absent") return undefined;
    return followAttempt(session, withFinding(lostAttempt, finding), { isAnswerLost: true });
}

/** Makes the failure where no further POST succeeds: DigiCert may accept the lost POST late. */
function lateFailure({ lostAttempt, error }: LostPost, failure: DigiCertError): PartialFailure {
    const what = failure instanceof RefusedError ? "the order has changed since" : "the next attempt failed";
    return unclearFailure(lostAttempt, error, `${what} (${failure.message})`, failure);
}

/**
 * Sends the POST and follows the reissue that it made.
 *
 * @param posts - the number of this POST in the run, from 1
 * @returns the next state; or the lost POST, or undefined, if DigiCert certainly did not accept the POST and another POST may
 * succeed after a new read
 */
async function sendPost(
    session: Session,
    attempt: Attempt,
    posts: number,
    tell: ProgressTeller,
): Promise<ReissueState | LostPost | undefined> {
    const { inputs, request } = attempt;
    const body = makeReissueBody(inputs, request.marker);
    const outcome = await session.client.reissue(inputs.orderId, body, posts);
    const pauseBeforePost = (ms: number, { message: outage }: Error): Promise<void> =>
        pauseTelling(session, ms, () => {
            tell({ waitsFor: "the next attempt to request a reissue", outage });
        });
    switch (outcome.kind) {
        case "accepted":
            return followAccepted(session, attempt, outcome.accepted);
        case "absent": {
            if (outcome.tryAgainAfterMs === undefined || posts >= MAX_POSTS) throw outcome.error;
            await pauseBeforePost(outcome.tryAgainAfterMs, outcome.error);
            return undefined;
        }
        case "lost": {
            const tryAgainAt = session.elapsed() + outcome.retryAfterMs;
            const text = `order ${inputs.orderId}: the answer to the reissue was lost, so the order is read to find the reissue`;
            session.tell(info(text));
            const { finding } = await confirmAttempt(session, attempt, outcome.error);
            if (finding.kind !== "absent") {
                return followAttempt(session, withFinding(attempt, finding), { isAnswerLost: true });
            }
            const pauseMs = tryAgainAt - session.elapsed();
            if (posts >= MAX_POSTS || pauseMs > LONGEST_PAUSE_MS) {
                throw unclearFailure(attempt, outcome.error, "the order shows nothing of it");
            }
            await pauseBeforePost(pauseMs, outcome.error);
            return { lostAttempt: attempt, error: outcome.error };
        }
    }
}

/** Follows a reissue that makes the POST unnecessary. */
function followStandIn(
    session: Session,
    { attempt, order, standIn }: Extract<Preflight, { kind: "follow" }>,
): Promise<ReissueState> {
    const { requestIds, certificateId, at, isPending, isOwn, isOthers = false, replaces } = standIn;
    session.tell(
        info(
            `order ${attempt.inputs.orderId}: a reissue with the requested key and names is there already (${isPending ? "pending" : "issued"}); ` +
                "it is taken over, and no reissue is requested",
        ),
    );
    const found: Attempt = {
        ...withPlan(attempt, order),
        request: {
            marker: attempt.request.marker,
            at: at ?? attempt.request.at,
            ...(replaces === undefined ? {} : { replaces }),
            ...(isOwn ? {} : { mayBeForeign: true }),
            dcvMethod: "",
            ...(isOthers && { isOthers }),
            inUse: inUseOf(order),
        },
        requestIds,
        certificateId,
    };
    return followAttempt(session, found, { isTakenOver: !isPending, isAnswerLost: isPending });
}

/** Warns that the order has ended, where the program is unchanged; the state records the end for the next plan. */
function giveUp(
    session: Session,
    { inputs }: Attempt,
    closed: Extract<Preflight, { kind: "closed" }>,
): ReissueState {
    session.tell(warning(closed.warning));
    const state = withOrder(withInputs(closed.state, inputs), closed.order, session.now());
    const status =
        state.status === "revoked" ? "revoked" : certificateStatus(closed.order, state, session.now());
    return { ...state, status };
}
