/**
 * Cancelling our own pending reissue.
 *
 * @module
 */
import { RateLimitError } from "../errors.js";
import type { Context } from "../context.js";
import { PENDING } from "../order/status.js";
import { isPassing, LOOKS, spanOf } from "./settle.js";

/**
 * Cancels what is pending on an order, which must be ours. DigiCert's request names the order only, so one that is
 * carried out late would cancel the next reissue: after an unclear outcome the order is looked at until nothing is
 * pending any more.
 *
 * @returns `gone` when that shows only in the order: it may have been issued as well.
 * @throws DigiCertError when it is still pending after all looks, or DigiCert refused.
 */
export async function cancelPending(
    context: Context,
    orderId: string,
    note: string,
): Promise<"cancelled" | "gone"> {
    try {
        await context.client.cancelReissue(orderId, note);
        return "cancelled";
    } catch (error) {
        const isUnclear = isPassing(error) && !(error instanceof RateLimitError);
        if (isUnclear && (await isGoneInTime(context, orderId))) return "gone";
        throw error;
    }
}

async function isGoneInTime(context: Context, orderId: string): Promise<boolean> {
    for (let looks = 0; looks < LOOKS; looks++) {
        await context.sleep(spanOf(context) / LOOKS);
        try {
            if ((await context.client.order(orderId)).status !== PENDING) return true;
        } catch (error) {
            if (!isPassing(error)) throw error;
        }
    }
    return false;
}
