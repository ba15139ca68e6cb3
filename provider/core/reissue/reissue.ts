/**
 * One reissue, asked for once: read the order, POST, and settle what is unclear before anything else.
 *
 * @module
 */
import type { DigiCertError } from "../errors.js";
import { reissueBody } from "./body.js";
import type { Context } from "../context.js";
import { follow, followAccepted, type Journey } from "./follow.js";
import type { Standing } from "./look.js";
import { oursOf } from "./ours.js";
import { certificateStatus, Incomplete, openState } from "./outcome.js";
import { preflight, type Preflight } from "./preflight.js";
import { lookUntilCertain } from "./settle.js";
import { askedNow, type Wish } from "./wish.js";
import type { ReissueCause } from "./plan/plan.js";
import { withInputs, type ReissueInputs, type ReissueState } from "./state.js";
import { compact } from "../json.js";
import { markerOf } from "./marker.js";

/**
 * How often one `up` tries to send the POST at most, each time after proof that the one before was not accepted. One
 * that could not follow its read within 5 s is not sent, and counts too.
 */
const MAX_POSTS = 3;

/**
 * Makes the wanted certificate exist, with one accepted POST at most, and returns the next state.
 *
 * @param cause - why: whatever the program does not ask for is given up where the order has ended, or where
 * somebody else made such a certificate
 * @param old - the state that an update replaces; none in a create
 * @throws DigiCertError when nothing was accepted: the state stays as it is.
 * @throws Incomplete when something was accepted, or may have been: the state is saved.
 */
export async function reissue(
    context: Context,
    inputs: ReissueInputs,
    cause: ReissueCause,
    old?: ReissueState,
): Promise<ReissueState> {
    // The plan of an update has given its reasons already; for a create the engine asks for none.
    if (!old) context.log(`order ${inputs.orderId}: reissue, the resource is new`);
    const done = { hasCancelled: false };
    const onCancelled = () => {
        done.hasCancelled = true;
    };
    const marker = markerOf(inputs, old?.issued?.certificateId);
    try {
        return await ask(context, { inputs, marker, old, cause, onCancelled });
    } catch (error) {
        if (!done.hasCancelled || error instanceof Incomplete) throw error;
        throw new Incomplete(openState(inputs, "unknown", undefined, { requestIds: [] }, old), [
            `${(error as Error).message} Our earlier reissue is cancelled already; the next pulumi up asks for the new one again.`,
        ]);
    }
}

async function ask(context: Context, wish: Wish): Promise<ReissueState> {
    const { inputs, old } = wish;
    for (let posts = 1; ; posts++) {
        const before = await preflight(context, wish);
        if (before.kind === "closed") return givenUp(context, inputs, before);
        const asked = askedNow(before.order, wish.marker, context.now());
        const journey = {
            inputs,
            old,
            ours: oursOf(inputs, asked),
            orderValidTill: before.order.order_valid_till,
        };
        if (before.kind === "adopt") {
            context.log(
                `order ${inputs.orderId}: the wanted reissue is there already; it is taken over, no POST`,
            );
            return follow(context, { ...journey, ours: before.ours });
        }
        const outcome = await context.client.reissue(inputs.orderId, reissueBody(inputs, wish.marker), posts);
        switch (outcome.kind) {
            case "accepted":
                return followAccepted(context, journey, outcome.accepted);
            case "absent": {
                if (outcome.tryAgainAfterMs === undefined || posts >= MAX_POSTS) throw outcome.error;
                await context.sleep(outcome.tryAgainAfterMs);
                break;
            }
            case "unclear": {
                const standing = await certainty(context, journey, outcome.error);
                if (standing.kind !== "absent") return follow(context, journey);
                if (posts >= MAX_POSTS)
                    throw unknownOutcome(journey, outcome.error, "although the order shows none of ours");
            }
        }
    }
}

/** The order has ended, and the program did not ask for a reissue: it is said, and remembered for the next plan. */
function givenUp(
    context: Context,
    inputs: ReissueInputs,
    { order, old, end, warning }: Extract<Preflight, { kind: "closed" }>,
): ReissueState {
    context.log(`warning: ${warning}`);
    const state = withInputs(old, inputs);
    return compact<ReissueState>({
        ...state,
        status: state.status === "revoked" ? "revoked" : certificateStatus(order, state, context.now()),
        orderValidTill: order.order_valid_till ?? state.orderValidTill,
        orderEnd: end,
    });
}

/** After an unclear POST: what the order shows, or the failure that keeps the marker for the next run. */
async function certainty(context: Context, journey: Journey, error: DigiCertError): Promise<Standing> {
    context.log(
        `order ${journey.ours.orderId}: the answer to the reissue was lost; looking for it before anything else`,
    );
    try {
        return await lookUntilCertain(context, journey.ours);
    } catch (cause) {
        throw unknownOutcome(journey, error, `and the order cannot be read (${(cause as Error).message})`);
    }
}

function unknownOutcome(journey: Journey, error: DigiCertError, why: string): Incomplete {
    const { inputs, ours, orderValidTill, old } = journey;
    const state = openState(inputs, "unknown", ours.asked, { requestIds: [], orderValidTill }, old);
    return new Incomplete(state, [
        `order ${ours.orderId}: it is not known whether DigiCert accepted the reissue, ${why}. ${error.message} ` +
            "Nothing is asked twice: run pulumi up again, which looks for it first.",
    ]);
}
