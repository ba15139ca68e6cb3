/**
 * One reissue, asked for once: read the order, POST, and settle what is unclear before anything else.
 *
 * @module
 */
import { TimeoutError, type DigiCertError } from "../../sdk/errors.js";
import { reissueBody } from "./body.js";
import type { Context } from "../context.js";
import { follow, followAccepted, type Journey } from "./follow.js";
import { oursOf, type Standing } from "./look.js";
import { Incomplete, openState } from "./outcome.js";
import { askedNow, preflight, type Preflight, type Wish } from "./preflight.js";
import { lookUntilCertain } from "./settle.js";
import type { ReissueInputs, ReissueState } from "../state.js";
import { markerOf } from "../plan/wanted.js";

/** How often one `up` sends the POST at most, each time after proof that the one before was not accepted. */
const MAX_POSTS = 3;
/** A POST follows the read that allowed it within this time, or the order is read again. */
const MAX_READ_AGE_MS = 5000;
const MAX_READS = 3;

/**
 * Makes the wanted certificate exist, with one accepted POST at most, and returns the next state.
 *
 * @param old - the state that an update replaces; none in a create
 * @param dueOnly - only the time asks for it, so a certificate made by somebody else will do
 * @throws DigiCertError when nothing was accepted: the state stays as it is.
 * @throws Incomplete when something was accepted, or may have been: the state is saved.
 */
export async function reissue(
    context: Context,
    inputs: ReissueInputs,
    old?: ReissueState,
    dueOnly?: boolean,
): Promise<ReissueState> {
    const wish: Wish = { inputs, marker: markerOf(inputs, old?.issued?.certificateId), old, dueOnly };
    // The plan of an update has given its reasons already; for a create the engine asks for none.
    if (!old) context.log(`order ${inputs.orderId}: reissue, the resource is new`);
    for (let posts = 1; ; posts++) {
        const before = await freshPreflight(context, wish);
        const asked = askedNow(before.order, wish, context.now());
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

async function freshPreflight(context: Context, wish: Wish): Promise<Preflight> {
    for (let reads = 1; reads <= MAX_READS; reads++) {
        const before = await preflight(context, wish);
        if (before.kind === "adopt" || context.now().getTime() - before.readAt.getTime() <= MAX_READ_AGE_MS) {
            return before;
        }
    }
    throw new TimeoutError(
        `Asking for a reissue of order ${wish.inputs.orderId}: DigiCert answers too slowly to be sure that nothing changes ` +
            "between the read of the order and the POST, so nothing was asked. Run pulumi up again later.",
    );
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
