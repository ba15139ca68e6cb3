/**
 * Requests one reissue, once: reads the order, sends the POST, and confirms a lost answer.
 *
 * @module
 */
import { LONGEST_PAUSE_MS } from "../certcentral/exchange.js";
import { info, warning } from "../message.js";
import type { Session } from "../session.js";
import { inUseOf, newAttempt, withPlan, type Attempt } from "./attempt.js";
import { makeReissueBody } from "./body.js";
import { confirmAttempt, unknownOutcome } from "./confirm.js";
import { followAccepted, followAttempt } from "./follow.js";
import { certificateStatus, withOrder } from "./nextState.js";
import type { ReissueCause } from "./plan/plan.js";
import { confirmEarlier, failureAfterCancel, readBeforePost, type Preflight } from "./preflight.js";
import { pauseTelling, progressTeller } from "./progress.js";
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
    const pauseBeforePost = (ms: number, { message: outage }: Error): Promise<void> =>
        pauseTelling(session, ms, () => {
            tell({ waitsFor: "the next attempt to request a reissue", outage });
        });
    let hasCancelled = false;
    try {
        for (let posts = 1; ; posts++) {
            const before = await readBeforePost(session, confirmed);
            hasCancelled ||= before.hasCancelled === true;
            if (before.kind === "closed") return giveUp(session, first, before);
            const { attempt } = before;
            if (before.kind === "follow") return await followStandIn(session, before);
            const body = makeReissueBody(inputs, attempt.request.marker);
            const outcome = await session.client.reissue(inputs.orderId, body, posts);
            switch (outcome.kind) {
                case "accepted":
                    return await followAccepted(session, attempt, outcome.accepted);
                case "absent": {
                    if (outcome.tryAgainAfterMs === undefined || posts >= MAX_POSTS) throw outcome.error;
                    await pauseBeforePost(outcome.tryAgainAfterMs, outcome.error);
                    break;
                }
                case "lost": {
                    const tryAgainAt = session.elapsed() + outcome.retryAfterMs;
                    session.tell(
                        info(
                            `order ${inputs.orderId}: the answer to the reissue was lost; looking for it before anything else`,
                        ),
                    );
                    const { finding } = await confirmAttempt(session, attempt, outcome.error);
                    if (finding.kind !== "absent") {
                        return await followAttempt(session, withFinding(attempt, finding), {
                            isAnswerLost: true,
                        });
                    }
                    const pauseMs = tryAgainAt - session.elapsed();
                    if (posts >= MAX_POSTS || pauseMs > LONGEST_PAUSE_MS) {
                        throw unknownOutcome(attempt, outcome.error, "the order shows nothing of it");
                    }
                    await pauseBeforePost(pauseMs, outcome.error);
                }
            }
        }
    } catch (error) {
        throw hasCancelled ? failureAfterCancel(first, error) : error;
    }
}

function followStandIn(
    session: Session,
    { attempt, order, standIn }: Extract<Preflight, { kind: "follow" }>,
): Promise<ReissueState> {
    const { requestIds, certificateId, at, isPending, isOwn, isOthers = false, replaces } = standIn;
    session.tell(
        info(
            `order ${attempt.inputs.orderId}: the wanted reissue is there already (${isPending ? "pending" : "issued"}); ` +
                "it is taken over, no reissue is requested",
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

/** The order has ended, and the program is unchanged: a warning is printed, and the state records the end for the next plan. */
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
