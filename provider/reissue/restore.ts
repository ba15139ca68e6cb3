/**
 * Back to what was last issued: the open reissue of ours is cancelled, nothing is asked for.
 *
 * @module
 */
import { RefusedError } from "../../sdk/errors.js";
import type { Context } from "../context.js";
import { collect } from "./follow.js";
import { look, oursOf, PENDING, type Standing } from "./look.js";
import { issuedState } from "./outcome.js";
import { reissue } from "./reissue.js";
import type { Order } from "../certcentral/answers.js";
import type { ReissueInputs, ReissueState } from "../state.js";

/** Cancels our open reissue, if it still is, and takes up the certificate that was issued for these inputs. */
export async function restore(
    context: Context,
    inputs: ReissueInputs,
    old: ReissueState,
): Promise<ReissueState> {
    const { issued } = old;
    if (!issued)
        throw new RefusedError(`order ${old.orderId}: there is no earlier certificate to return to.`);
    const asked = old.asked ?? { marker: "", at: "" };
    const { order, standing } = await standingOf(context, old, issued.certificateId);
    // Issued meanwhile, it is the order's certificate now: what the program wants is a change of that.
    if (standing.kind === "issued") return reissue(context, inputs, old);
    if (standing.kind === "pending" && standing.identified) {
        await context.client.cancelReissue(
            inputs.orderId,
            "Cancelled by pulumi-digicert: the stack wants again what was last issued.",
        );
        context.log(`order ${inputs.orderId}: cancelled our pending reissue`);
    }
    const ours = oursOf(inputs, asked);
    const outputs = await collect(context, ours, issued.certificateId);
    return issuedState(inputs, outputs, { requestIds: [], orderValidTill: order.order_valid_till });
}

/** What became of what was asked for; without a record of it nothing was accepted, unless it shows by now. */
async function standingOf(
    context: Context,
    old: ReissueState,
    issued: number,
): Promise<{ order: Order; standing: Standing }> {
    if (old.asked) return look(context, oursOf(old, old.asked, old));
    const order = await context.client.order(old.orderId);
    const { id } = order.certificate;
    const isOther = id !== undefined && id !== issued && order.status !== PENDING;
    return { order, standing: isOther ? { kind: "issued", certificateId: id } : { kind: "absent" } };
}
