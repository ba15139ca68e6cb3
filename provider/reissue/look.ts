/**
 * What became of a reissue of ours. The API correlates requests and certificates only weakly, so the request id,
 * the certificate id, the marker, the key and the names are used together; only GETs.
 *
 * @module
 */
import type { KeyObject } from "node:crypto";
import type { ApprovalRequest, Order, OrderCertificate, Reissue } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import { csrHasKey, readCsr } from "../x509/csr.js";
import { covers, nameSet } from "../x509/names.js";
import { quote } from "../certcentral/redact.js";
import type { Asked, ReissueInputs } from "../state.js";
import { markerIn } from "../plan/wanted.js";

/** Everything by which a reissue of ours is recognised. */
export interface Ours {
    readonly orderId: string;
    readonly key: KeyObject;
    readonly names: ReadonlySet<string>;
    readonly asked: Asked;
    readonly requestIds: readonly number[];
    readonly certificateId?: number | undefined;
}

/** Where a reissue of ours stands. */
export type Standing =
    | { readonly kind: "issued"; readonly certificateId: number }
    | {
          readonly kind: "pending";
          readonly status: "pending_approval" | "pending_issuance";
          readonly requestIds: readonly number[];
          readonly certificateId?: number | undefined;
      }
    | { readonly kind: "rejected"; readonly reason: string }
    /** The order knows no reissue of ours. */
    | { readonly kind: "absent" };

/** An order with a reissue that is not settled. */
export const PENDING = "reissue_pending";
/** The order's clock and ours may differ. */
export const CLOCK_SKEW_MS = 10 * 60_000;
const OPEN_REQUEST = new Set(["pending", "submitted", "needs_approval"]);
const DEAD = new Set(["rejected", "canceled", "denied"]);

/** How to recognise the reissue that `inputs` ask, or asked, for. */
export function oursOf(
    inputs: ReissueInputs,
    asked: Asked,
    ids: { requestIds?: readonly number[]; certificateId?: number | undefined } = {},
): Ours {
    return {
        orderId: inputs.orderId,
        key: readCsr(inputs.certificate.csr).key,
        names: nameSet(inputs.certificate),
        asked,
        requestIds: ids.requestIds ?? [],
        certificateId: ids.certificateId,
    };
}

/** Whether a certificate, as an order or a list tells it, has the key and at least the names that are wanted. */
export function hasKeyAndNames(
    certificate: OrderCertificate | Reissue,
    { key, names }: Pick<Ours, "key" | "names">,
): boolean {
    return csrHasKey(certificate.csr, key) && covers(reportedNames(certificate), names);
}

/** The names that DigiCert reports for a certificate. */
export function reportedNames(certificate: OrderCertificate | Reissue): Set<string> {
    return nameSet({ commonName: certificate.common_name, dnsNames: certificate.dns_names ?? [] });
}

/** Whether an approval request still waits for a person. */
export function isOpenRequest(request: Pick<ApprovalRequest, "status">): boolean {
    return OPEN_REQUEST.has(request.status?.toLowerCase() ?? "");
}

/** Looks once. Returns the order as well, because its plan may have changed. */
export async function look(context: Context, ours: Ours): Promise<{ order: Order; standing: Standing }> {
    const order = await context.client.order(ours.orderId);
    return { order, standing: await standingOn(order, context, ours) };
}

async function standingOn(order: Order, context: Context, ours: Ours): Promise<Standing> {
    const listed = order.requests?.find(
        ({ id, comments }) => ours.requestIds.includes(id) || markerIn(comments) === ours.asked.marker,
    );
    const requestIds = listed && !ours.requestIds.includes(listed.id) ? [listed.id] : ours.requestIds;
    const pending = (status: "pending_approval" | "pending_issuance"): Standing => ({
        kind: "pending",
        status,
        requestIds,
        certificateId: ours.certificateId,
    });

    if (order.status === PENDING) {
        if (listed && !DEAD.has(listed.status ?? "")) {
            return pending(isOpenRequest(listed) ? "pending_approval" : "pending_issuance");
        }
        if (!listed && ours.certificateId !== undefined) return pending("pending_issuance");
    } else if (isCurrent(order, ours)) {
        return { kind: "issued", certificateId: order.certificate.id };
    }

    const items = await context.client.reissues(ours.orderId);
    const item = listedReissue(items, ours);
    if (item?.status === "issued" && item.id !== undefined) return { kind: "issued", certificateId: item.id };
    const id = requestIds[0];
    const request = id === undefined ? undefined : await context.client.request(id, ours.orderId);
    if (request?.status === "rejected" || DEAD.has(item?.status ?? "")) {
        return { kind: "rejected", reason: rejection(ours, request) };
    }
    if (request) return pending(isOpenRequest(request) ? "pending_approval" : "pending_issuance");
    if (item?.status === "pending") {
        return { kind: "pending", status: "pending_issuance", requestIds, certificateId: item.id };
    }
    // Pending, and nothing says that it is somebody else's: it may be ours, so it is not called absent.
    const isForeign = items.some(
        ({ status, csr }) => status === "pending" && csr && !csrHasKey(csr, ours.key),
    );
    return order.status === PENDING && !isForeign ? pending("pending_issuance") : { kind: "absent" };
}

/** Whether the order's current certificate is the one that we asked for. */
function isCurrent(order: Order, ours: Ours): order is Order & { certificate: { id: number } } {
    const { certificate } = order;
    if (certificate.id === undefined || certificate.status === "pending") return false;
    if (ours.certificateId !== undefined) return certificate.id === ours.certificateId;
    return certificate.id !== ours.asked.replaces && hasKeyAndNames(certificate, ours);
}

/** Our entry in the order's list of reissues: by id, else by key, names and date; the newest. */
function listedReissue(items: readonly Reissue[], ours: Ours): Reissue | undefined {
    if (ours.certificateId !== undefined) {
        const byId = items.find(({ id }) => id === ours.certificateId);
        if (byId) return byId;
    }
    const since = Date.parse(ours.asked.at) - CLOCK_SKEW_MS;
    return items
        .filter(
            (item) =>
                item.id !== ours.asked.replaces &&
                Date.parse(item.date_created ?? "") >= since &&
                hasKeyAndNames(item, ours),
        )
        .sort((a, b) => Date.parse(b.date_created ?? "") - Date.parse(a.date_created ?? ""))[0];
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
