/**
 * An order with a pending reissue: ours is followed, or cancelled if the program wants another; a foreign one is
 * named and left alone.
 *
 * @module
 */
import { InvalidRequestError, RefusedError } from "../errors.js";
import type { Order, Reissue } from "../certcentral/answers.js";
import { quote } from "../quote.js";
import type { Context } from "../context.js";
import { markerIn } from "./marker.js";
import type { Asked, ReissueState } from "./state.js";
import { cancelPending } from "./cancel.js";
import { PENDING } from "../order/status.js";
import { compare, isOpenRequest, oursOf, type ListedRequest, type Ours } from "./ours.js";
import { askedNow, type Wish } from "./wish.js";

/** What is pending on an order: the requests that wait for a person, and the entries of the list. */
interface Pending {
    readonly requests: readonly ListedRequest[];
    readonly items: readonly Reissue[];
}

/**
 * Returns the pending reissue that is the wanted one. Without one, the way is free: our own was cancelled, and the
 * order is to be read again.
 *
 * @throws RefusedError when what is pending is not ours.
 */
export async function settlePending(order: Order, context: Context, wish: Wish): Promise<Ours | undefined> {
    const { inputs, old } = wish;
    const pending: Pending = {
        requests:
            order.requests?.filter((request) => request.type === "reissue" && isOpenRequest(request)) ?? [],
        items: (await context.client.reissues(inputs.orderId)).filter(({ status }) => status === "pending"),
    };
    const ours = oursOf(inputs, askedNow(order, wish.marker, context.now()));
    const marked = pending.requests.find(({ comments }) => markerIn(comments) === wish.marker);
    const matching = await matchingItem(context, wish, pending, ours);
    const isOldAsk = !marked && old?.asked !== undefined && isAskOf(old, old.asked, pending);
    if (marked ?? (matching && !isOldAsk)) {
        const at = marked?.date ?? matching?.date_created ?? ours.asked.at;
        const requestIds = (marked ? [marked] : pending.requests).map(({ id }) => id);
        return { ...ours, asked: { ...ours.asked, at }, requestIds, certificateId: matching?.id };
    }
    if (isOldAsk && (await cancel(context, wish))) return undefined;
    throw new RefusedError(
        `Asking for a reissue of order ${inputs.orderId}: a reissue that is not ours is pending (${describe(pending)}). ` +
            "It is never cancelled by this package: wait until it is issued, or cancel it in CertCentral, then run pulumi up again.",
    );
}

/** A pending reissue with the wanted key and names, and the wanted hash where its request tells one. */
async function matchingItem(
    context: Context,
    { inputs, marker }: Wish,
    { requests, items }: Pending,
    ours: Ours,
): Promise<Reissue | undefined> {
    const item = items.find((one) => compare(one, ours) === "yes");
    const [request] = requests;
    if (!item || !request || markerIn(request.comments) === marker) return item;
    const { order } = await context.client.request(request.id, inputs.orderId);
    const hash = order?.certificate?.signature_hash?.toLowerCase();
    return hash === undefined || hash === inputs.certificate.signatureHash ? item : undefined;
}

function describe({ requests, items }: Pending): string {
    const who = requests.map(
        ({ id, comments }) => `request ${id}${comments ? ` ("${quote(comments)}")` : ""}`,
    );
    const what = items.map(({ id }) => `certificate ${id ?? "without id"}`);
    return (who.length > 0 ? who : what).join(", ") || "DigiCert does not tell which";
}

/** Cancels our own; whether nothing is pending afterwards. */
async function cancel(context: Context, wish: Wish): Promise<boolean> {
    const { orderId } = wish.inputs;
    try {
        const note = "Cancelled by pulumi-digicert: the stack wants another certificate.";
        if ((await cancelPending(context, orderId, note)) === "cancelled") {
            wish.onCancelled?.();
            context.log(
                `order ${orderId}: cancelled our pending reissue, because the program wants another certificate`,
            );
        }
    } catch (error) {
        // It was issued meanwhile, or somebody else cancelled it: the order tells.
        if (!(error instanceof InvalidRequestError)) throw error;
    }
    return (await context.client.order(orderId)).status !== PENDING;
}

/** Whether what is pending is the reissue that the state says was asked for. */
function isAskOf(old: ReissueState, asked: Asked, { requests, items }: Pending): boolean {
    const ours = oursOf(old, asked, old);
    return (
        requests.some(
            ({ id, comments }) => ours.requestIds.includes(id) || markerIn(comments) === asked.marker,
        ) ||
        items.some(
            (item) =>
                (item.id !== undefined && item.id === ours.certificateId) || compare(item, ours) === "yes",
        )
    );
}
