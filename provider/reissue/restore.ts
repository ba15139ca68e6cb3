/**
 * Back to what was last issued: the open reissue of ours is cancelled, nothing is asked for.
 *
 * @module
 */
import { RefusedError } from "../../sdk/errors.js";
import type { Context } from "../context.js";
import { collect } from "./follow.js";
import { look, oursOf } from "./look.js";
import { issuedState } from "./outcome.js";
import { reissue } from "./reissue.js";
import type { ReissueInputs, ReissueState } from "../state.js";

/** Cancels our open reissue, if it still is, and takes up the certificate that was issued for these inputs. */
export async function restore(
    context: Context,
    inputs: ReissueInputs,
    old: ReissueState,
): Promise<ReissueState> {
    const { asked, issued } = old;
    if (!asked || !issued)
        throw new RefusedError(`order ${old.orderId}: there is no earlier certificate to return to.`);
    const { order, standing } = await look(context, oursOf(old, asked, old));
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
