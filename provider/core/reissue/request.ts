/**
 * One reissue, requested once: read the order, POST, and confirm what is unclear before anything else.
 *
 * @module
 */
import { DigiCertError, RefusedError } from "../errors.js";
import { info, warning } from "../message.js";
import { PartialFailure } from "../resource.js";
import type { Session } from "../session.js";
import type { PostOutcome } from "../certcentral/client.js";
import { newAttempt, withPlan, type Attempt } from "./attempt.js";
import { makeReissueBody } from "./body.js";
import { confirmAttempt, unknownOutcome } from "./confirm.js";
import { followAccepted, followAttempt } from "./follow.js";
import { certificateStatus, openState, withOrder } from "./nextState.js";
import type { ReissueCause } from "./plan/plan.js";
import { confirmEarlier, readBeforePost, type Preflight } from "./preflight.js";
import { withInputs, type ReissueInputs, type ReissueState } from "./state.js";

/** So many POSTs at most in one run, each after proof that the one before was not accepted. */
const MAX_POSTS = 3;

/**
 * Makes the wanted certificate exist, with one accepted POST at most, and returns the next state.
 *
 * @param cause - why: only `program` insists on a reissue where the order has ended
 * @param state - the state that an update replaces; none in a create
 * @throws DigiCertError when nothing was accepted: the state stays as it is.
 * @throws PartialFailure when something was accepted, or may have been: its state has to be saved.
 */
export async function requestReissue(
    session: Session,
    inputs: ReissueInputs,
    identity: string,
    cause: ReissueCause,
    state?: ReissueState,
): Promise<ReissueState> {
    const attempt = newAttempt(inputs, identity, cause, session.now(), state);
    let hasCancelled = false;
    try {
        return await postUntilKnown(session, attempt, () => {
            hasCancelled = true;
        });
    } catch (error) {
        if (!hasCancelled || error instanceof PartialFailure) throw error;
        const cancelled = `order ${inputs.orderId}: the pending reissue of this resource is cancelled already`;
        throw new PartialFailure(openState(attempt, "unknown", { isForgotten: true }), [
            error as DigiCertError,
            new RefusedError(cancelled, { remedy: "runAgain" }),
        ]);
    }
}

async function postUntilKnown(
    session: Session,
    first: Attempt,
    onCancelled: () => void,
): Promise<ReissueState> {
    await confirmEarlier(session, first);
    for (let posts = 1; ; posts++) {
        const before = await readBeforePost(session, first, onCancelled);
        if (before.kind === "closed") return giveUp(session, first, before);
        const { attempt } = before;
        if (before.kind === "follow") return followStandIn(session, before);
        const { inputs, request } = attempt;
        const body = makeReissueBody(inputs, request.marker);
        const outcome: PostOutcome = await session.client.reissue(inputs.orderId, body, posts);
        switch (outcome.kind) {
            case "accepted":
                return followAccepted(session, attempt, outcome.accepted);
            case "absent": {
                if (outcome.tryAgainAfterMs === undefined || posts >= MAX_POSTS) throw outcome.error;
                await session.sleep(outcome.tryAgainAfterMs);
                break;
            }
            case "unclear": {
                session.tell(
                    info(
                        `order ${inputs.orderId}: the answer to the reissue was lost; looking for it before anything else`,
                    ),
                );
                const { finding } = await confirmAttempt(session, attempt, outcome.error);
                if (finding.kind !== "absent") {
                    return followAttempt(session, attempt, { isAnswerLost: true });
                }
                if (posts >= MAX_POSTS) {
                    throw unknownOutcome(attempt, outcome.error, "the order shows nothing of it");
                }
            }
        }
    }
}

function followStandIn(
    session: Session,
    { attempt, order, standIn }: Extract<Preflight, { kind: "follow" }>,
): Promise<ReissueState> {
    const { requestIds, certificateId, at, isPending } = standIn;
    session.tell(
        info(
            `order ${attempt.inputs.orderId}: the wanted reissue is there already (${isPending ? "pending" : "issued"}); ` +
                "it is taken over, no reissue is requested",
        ),
    );
    const found: Attempt = {
        ...withPlan(attempt, order),
        request: { marker: attempt.request.marker, at: at ?? attempt.request.at },
        requestIds,
        certificateId,
    };
    return followAttempt(session, found, { isTakenOver: !isPending });
}

/** The order has ended, and the program did not ask for a reissue: it is said, and remembered for the next plan. */
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
