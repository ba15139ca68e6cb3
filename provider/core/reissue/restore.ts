/**
 * Back to what was last issued: the open reissue of ours is cancelled, nothing is asked for.
 *
 * @module
 */
import { RefusedError } from "../errors.js";
import type { Order } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import type { ReissueInputs, ReissueState } from "./state.js";
import { cancelPending } from "./cancel.js";
import { collect } from "./collect.js";
import { look, type Standing } from "./look.js";
import { PENDING } from "../order/status.js";
import { oursOf, wantedOf } from "./ours.js";
import { certificateStatus, Incomplete, issuedState } from "./outcome.js";
import { endOf } from "./preflight.js";
import { reissue } from "./reissue.js";
import { lookUntilCertain } from "./settle.js";

/**
 * Cancels our open reissue, if it still is, and takes up the certificate that was issued for these inputs.
 *
 * @throws RefusedError when what is pending cannot be told to be ours; the state goes on waiting for it.
 * @throws Incomplete when that certificate was revoked meanwhile: the next plan asks for a new one.
 */
export async function restore(
    context: Context,
    inputs: ReissueInputs,
    old: ReissueState,
): Promise<ReissueState> {
    const { issued } = old;
    if (!issued)
        throw new RefusedError(`order ${old.orderId}: there is no earlier certificate to return to.`);
    const { order, standing } = await standingOf(context, old, issued.certificateId);
    // Issued meanwhile, it is the order's certificate now: what the program wants is a change of that.
    if (standing.kind === "issued") return reissue(context, inputs, "program", old);
    if (standing.kind === "pending") {
        const outcome = await cancel(context, inputs.orderId, standing.identified);
        if (outcome === "gone") return restore(context, inputs, old);
    }
    const outputs = await collect(context, wantedOf(inputs), issued.certificateId);
    const issuedAgain = issuedState(inputs, outputs, {
        requestIds: [],
        orderValidTill: order.order_valid_till,
    });
    const state = { ...issuedAgain, status: certificateStatus(order, issuedAgain, context.now()) };
    if (state.status !== "revoked" || endOf(order, context.now()) !== undefined) return state;
    throw new Incomplete(state, [
        `order ${inputs.orderId}: certificate ${issued.certificateId}, which the program wants again, has been revoked since. ` +
            "Nothing was asked in this run; the next pulumi up asks for a new one.",
    ]);
}

async function cancel(context: Context, orderId: string, isOurs: boolean): Promise<"cancelled" | "gone"> {
    if (!isOurs) {
        throw new RefusedError(
            `order ${orderId}: going back to the certificate that was last issued: a reissue is pending that may be ours, but ` +
                "DigiCert does not tell, so it is not cancelled. Cancel it in CertCentral, or wait until it is issued, then run pulumi up again.",
        );
    }
    const note = "Cancelled by pulumi-digicert: the stack wants again what was last issued.";
    const outcome = await cancelPending(context, orderId, note);
    if (outcome === "cancelled") context.log(`order ${orderId}: cancelled our pending reissue`);
    return outcome;
}

/** What became of what was asked for; without a record of it nothing was accepted, unless it shows by now. */
async function standingOf(
    context: Context,
    old: ReissueState,
    issued: number,
): Promise<{ order: Order; standing: Standing }> {
    if (old.asked) {
        const ours = oursOf(old, old.asked, old);
        const seen = await look(context, ours);
        if (seen.standing.kind !== "absent") return seen;
        // What shows late would be issued later, over what the program wants.
        return { ...seen, standing: await lookUntilCertain(context, ours) };
    }
    const order = await context.client.order(old.orderId);
    const { id } = order.certificate;
    if (id === undefined || id === issued || order.status === PENDING) {
        return { order, standing: { kind: "absent" } };
    }
    return { order, standing: { kind: "issued", certificateId: id, isRevoked: false } };
}
