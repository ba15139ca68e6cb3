/**
 * `deletionPolicy`: what deleting the resource does at DigiCert.
 *
 * @module
 */
import { InvalidRequestError, type DigiCertError } from "../errors.js";
import type { Context } from "../context.js";
import type { ReissueState } from "./state.js";
import { look } from "./look.js";
import { oursOf } from "./ours.js";

/** Cancels a pending reissue of ours; with `revoke`, revokes the certificate of this resource as well. */
export async function remove(context: Context, state: ReissueState): Promise<void> {
    const issuedMeanwhile = await cancelOurs(context, state);
    if (state.deletionPolicy !== "revoke") return;
    const ids = new Set([state.issued?.certificateId, issuedMeanwhile]);
    for (const id of ids) if (id !== undefined) await revoke(context, state, id);
}

/** Returns the id of our reissue if it is not pending any more, but issued. */
async function cancelOurs(context: Context, state: ReissueState): Promise<number | undefined> {
    if (!state.asked || state.status === "rejected") return undefined;
    const { standing } = await look(context, oursOf(state, state.asked, state));
    if (standing.kind === "issued") return standing.certificateId;
    if (standing.kind !== "pending" || !standing.identified) return undefined;
    // DigiCert refuses to revoke while a reissue is pending, so this comes first.
    await context.client.cancelReissue(
        state.orderId,
        "Cancelled by pulumi-digicert: the resource was deleted.",
    );
    context.log(`order ${state.orderId}: cancelled our pending reissue`);
    return undefined;
}

async function revoke(context: Context, state: ReissueState, id: number): Promise<void> {
    const { orderId, skipApproval } = state;
    if (await isRevoked(context, orderId, id)) return;
    try {
        await context.client.revoke(id, orderId, skipApproval);
    } catch (error) {
        // Somebody else, or an earlier run that was cut off, may have revoked it.
        if (saysRevoked(error) || (await isRevoked(context, orderId, id))) return;
        throw error;
    }
    context.log(`order ${orderId}: asked DigiCert to revoke certificate ${id}`);
}

/** Whether the order shows it as revoked; of a certificate that is not current, only the list of reissues tells. */
async function isRevoked(context: Context, orderId: string, id: number): Promise<boolean> {
    const { status, certificate } = await context.client.order(orderId);
    if (status === "revoked") return true;
    if (certificate.id === id) return certificate.status === "revoked";
    const items = await context.client.reissues(orderId);
    return items.some((item) => item.id === id && item.status === "revoked");
}

function saysRevoked(error: unknown): boolean {
    return (
        error instanceof InvalidRequestError &&
        (error as DigiCertError).errors.some(({ code, message }) =>
            /already.{0,20}revoked/i.test(`${code} ${message}`),
        )
    );
}
