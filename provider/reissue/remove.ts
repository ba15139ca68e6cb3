/**
 * `deletionPolicy`: what deleting the resource does at DigiCert.
 *
 * @module
 */
import type { Context } from "../context.js";
import { look, oursOf } from "./look.js";
import type { ReissueState } from "../state.js";

/** Cancels a pending reissue of ours; with `revoke`, revokes the certificate of this resource as well. */
export async function remove(context: Context, state: ReissueState): Promise<void> {
    await cancelOurs(context, state);
    if (state.deletionPolicy === "revoke") await revokeOurs(context, state);
}

async function cancelOurs(context: Context, state: ReissueState): Promise<void> {
    if (!state.asked || state.status === "rejected") return;
    const { standing } = await look(context, oursOf(state, state.asked, state));
    if (standing.kind !== "pending" || !standing.identified) return;
    // DigiCert refuses to revoke while a reissue is pending, so this comes first.
    await context.client.cancelReissue(
        state.orderId,
        "Cancelled by pulumi-digicert: the resource was deleted.",
    );
    context.log(`order ${state.orderId}: cancelled our pending reissue`);
}

async function revokeOurs(context: Context, state: ReissueState): Promise<void> {
    const id = state.issued?.certificateId;
    if (id === undefined || (await isRevoked(context, state.orderId, id))) return;
    try {
        await context.client.revoke(id, state.orderId, state.skipApproval);
    } catch (error) {
        // Somebody else, or an earlier run that was cut off, may have revoked it.
        if (!(await isRevoked(context, state.orderId, id))) throw error;
        return;
    }
    context.log(`order ${state.orderId}: asked DigiCert to revoke certificate ${id}`);
}

async function isRevoked(context: Context, orderId: string, id: number): Promise<boolean> {
    const { status, certificate } = await context.client.order(orderId);
    return status === "revoked" || (certificate.id === id && certificate.status === "revoked");
}
