/**
 * What became of a reissue of ours; only GETs.
 *
 * @module
 */
import type { ApprovalRequest, Order, Reissue } from "../certcentral/answers.js";
import { quote } from "../quote.js";
import type { Context } from "../context.js";
import {
    compare,
    isDead,
    isOpenRequest,
    isWanted,
    ourReissues,
    ourRequest,
    type ListedRequest,
    type Ours,
} from "./ours.js";
import { assertKnown, PENDING } from "../order/status.js";

/** Where a reissue of ours stands. */
export type Standing =
    | {
          readonly kind: "issued";
          readonly certificateId: number;
          /** It was issued, and revoked since. */
          readonly isRevoked: boolean;
      }
    | {
          readonly kind: "pending";
          readonly status: "pending_approval" | "pending_issuance";
          readonly requestIds: readonly number[];
          readonly certificateId?: number | undefined;
          /** Whether the pending reissue is certainly ours; one that only may be is waited for, never cancelled. */
          readonly identified: boolean;
      }
    | { readonly kind: "rejected"; readonly reason: string }
    /** The order knows no reissue of ours. */
    | { readonly kind: "absent" };

/**
 * Looks once. Returns the order as well, because its plan may have changed.
 *
 * @throws RefusedError where nothing of ours shows on an order in a state that may mean anything.
 */
export async function look(context: Context, ours: Ours): Promise<{ order: Order; standing: Standing }> {
    const order = await context.client.order(ours.orderId);
    return { order, standing: await standingOn(order, context, ours) };
}

async function standingOn(order: Order, context: Context, ours: Ours): Promise<Standing> {
    const isPending = order.status === PENDING;
    const { certificate } = order;
    if (!isPending && certificate.id !== undefined && (await isCurrent(context, certificate, ours))) {
        const isRevoked = order.status === "revoked" || certificate.status === "revoked";
        return { kind: "issued", certificateId: certificate.id, isRevoked };
    }
    const listed = ourRequest(order, ours);
    if (isPending && listed && isOpenRequest(listed)) return pending(ours, listed, { isOpen: true });

    // What is pending now may be somebody else's, and ours be settled: only the list tells.
    const items = await context.client.reissues(ours.orderId);
    const mine = ourReissues(items, ours);
    const open = isPending ? mine.find(({ status }) => status === "pending") : undefined;
    if (open) {
        const isOpen = listed === undefined && (await isAwaitingApproval(context, ours));
        const identified = open.id === ours.certificateId || compare(open, ours) === "yes";
        return pending(ours, listed, { isOpen, identified, certificateId: identified ? open.id : undefined });
    }
    const issued = await firstIssued(context, mine, ours);
    if (issued) return issued;
    const standing = await withoutCertificate(context, ours, { isPending, listed, items, mine });
    if (standing.kind === "absent") {
        const doing = `Looking for our reissue of order ${ours.orderId}`;
        assertKnown(order, doing, "it cannot be told what became of it");
    }
    return standing;
}

/** Whether the order's current certificate is the one that we asked for. */
async function isCurrent(context: Context, certificate: Order["certificate"], ours: Ours): Promise<boolean> {
    if (certificate.status === "pending") return false;
    if (ours.certificateId !== undefined) return certificate.id === ours.certificateId;
    return certificate.id !== ours.asked.replaces && isWanted(context, certificate, ours);
}

async function firstIssued(
    context: Context,
    mine: readonly Reissue[],
    ours: Ours,
): Promise<Standing | undefined> {
    for (const item of mine) {
        const { id, status } = item;
        if (id === undefined || (status !== "issued" && status !== "revoked")) continue;
        if (id !== ours.certificateId && !(await isWanted(context, item, ours))) continue;
        return { kind: "issued", certificateId: id, isRevoked: status === "revoked" };
    }
    return undefined;
}

/** Neither issued nor listed as pending: rejected, still on its way, or not there. */
async function withoutCertificate(
    context: Context,
    ours: Ours,
    seen: { isPending: boolean; listed: ListedRequest | undefined; items: Reissue[]; mine: Reissue[] },
): Promise<Standing> {
    const { isPending, listed, items, mine } = seen;
    const id = ours.requestIds[0] ?? listed?.id;
    const request = id === undefined ? undefined : await context.client.request(id, ours.orderId);
    if ((request && isDead(request)) || mine.some(isDead)) {
        return { kind: "rejected", reason: rejection(ours, request) };
    }
    const isForeign = items.some((item) => item.status === "pending" && !mine.includes(item));
    const mayBePending = isPending && !isForeign;
    const isOpen = request !== undefined && isOpenRequest(request);
    // Pending, and nothing says that it is somebody else's: it may be ours, so it is not called absent.
    if (mayBePending || (isOpen && !isForeign)) return pending(ours, listed, { isOpen, identified: false });
    return { kind: "absent" };
}

function pending(
    ours: Ours,
    listed: ListedRequest | undefined,
    seen: { isOpen: boolean; certificateId?: number | undefined; identified?: boolean },
): Standing {
    return {
        kind: "pending",
        status: seen.isOpen ? "pending_approval" : "pending_issuance",
        requestIds: listed && ours.requestIds.length === 0 ? [listed.id] : ours.requestIds,
        certificateId: seen.certificateId ?? ours.certificateId,
        identified: seen.identified ?? true,
    };
}

/** For a pending reissue whose request the order does not list. */
async function isAwaitingApproval(context: Context, { requestIds: [id], orderId }: Ours): Promise<boolean> {
    return id !== undefined && isOpenRequest(await context.client.request(id, orderId));
}

function rejection(ours: Ours, request: ApprovalRequest | undefined): string {
    const who = request?.processor;
    const name = [who?.first_name, who?.last_name].filter(Boolean).join(" ") || who?.email;
    const by = name === undefined ? "" : ` by ${quote(name)}`;
    const why = request?.processor_comment ? `, with the comment "${quote(request.processor_comment)}"` : "";
    const what = request ? `request ${request.id} for the reissue` : `the reissue of ${ours.asked.at}`;
    return (
        `order ${ours.orderId}: ${what} was rejected${by}${why}. ` +
        "Nothing is asked again until the program changes certificate, triggers or additionalParameters."
    );
}
