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
          /** Whether the pending reissue is certainly ours; one that only may be is waited for, never cancelled. */
          readonly identified: boolean;
      }
    | { readonly kind: "rejected"; readonly reason: string }
    /** The order knows no reissue of ours. */
    | { readonly kind: "absent" };

type ListedRequest = NonNullable<Order["requests"]>[number];
/** A certificate as an order or a list tells it. */
type Reported = Pick<OrderCertificate | Reissue, "csr"> & {
    common_name?: string | undefined;
    dns_names?: string[] | undefined;
};

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
export function hasKeyAndNames(certificate: Reported, { key, names }: Pick<Ours, "key" | "names">): boolean {
    return csrHasKey(certificate.csr, key) && covers(reportedNames(certificate), names);
}

/** The names that DigiCert reports for a certificate. */
export function reportedNames(certificate: Reported): Set<string> {
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
    const isPending = order.status === PENDING;
    if (!isPending && isCurrent(order, ours)) return { kind: "issued", certificateId: order.certificate.id };

    const listed = requestOf(order, ours);
    const requestIds = listed && ours.requestIds.length === 0 ? [listed.id] : ours.requestIds;
    const pending = (isOpen: boolean, certificateId = ours.certificateId, identified = true): Standing => ({
        kind: "pending",
        status: isOpen ? "pending_approval" : "pending_issuance",
        requestIds,
        certificateId,
        identified,
    });
    if (isPending && listed && isOpenRequest(listed)) return pending(true);

    // What is pending now may be somebody else's, and ours be settled: only the list tells.
    const items = await context.client.reissues(ours.orderId);
    const mine = reissuesOf(items, ours);
    const open = isPending ? mine.find(({ status }) => status === "pending") : undefined;
    if (open) return pending(listed === undefined && (await isAwaitingApproval(context, ours)), open.id);
    const issued = mine.find(({ status, id }) => status === "issued" && id !== undefined);
    if (issued?.id !== undefined) return { kind: "issued", certificateId: issued.id };

    const id = requestIds[0];
    const request = id === undefined ? undefined : await context.client.request(id, ours.orderId);
    if (request?.status === "rejected" || mine.some(({ status }) => DEAD.has(status ?? ""))) {
        return { kind: "rejected", reason: rejection(ours, request) };
    }
    const isForeign = items.some((item) => item.status === "pending" && !mine.includes(item));
    if (request && !(isPending && isForeign)) return pending(isOpenRequest(request), undefined, false);
    // Pending, and nothing says that it is somebody else's: it may be ours, so it is not called absent.
    return isPending && !isForeign ? pending(false, undefined, false) : { kind: "absent" };
}

/** Our approval request: by id, else the newest that carries our marker and is not older than our POST. */
function requestOf({ requests = [] }: Order, { requestIds, asked }: Ours): ListedRequest | undefined {
    if (requestIds.length > 0) return requests.find(({ id }) => requestIds.includes(id));
    return requests
        .filter(({ comments, date }) => markerIn(comments) === asked.marker && isSince(date, sinceOf(asked)))
        .sort((a, b) => b.id - a.id)[0];
}

/** For a pending reissue whose request the order does not list. */
async function isAwaitingApproval(context: Context, { requestIds: [id], orderId }: Ours): Promise<boolean> {
    return id !== undefined && isOpenRequest(await context.client.request(id, orderId));
}

/** Whether the order's current certificate is the one that we asked for. */
function isCurrent(order: Order, ours: Ours): order is Order & { certificate: { id: number } } {
    const { certificate } = order;
    if (certificate.id === undefined || certificate.status === "pending") return false;
    if (ours.certificateId !== undefined) return certificate.id === ours.certificateId;
    return certificate.id !== ours.asked.replaces && hasKeyAndNames(certificate, ours);
}

/** Our entries in the order's list of reissues, newest first: by id, else by key, names and date. */
function reissuesOf(items: readonly Reissue[], ours: Ours): Reissue[] {
    const byId = items.filter(({ id }) => id !== undefined && id === ours.certificateId);
    if (byId.length > 0) return byId;
    const { replaces = 0 } = ours.asked;
    const since = sinceOf(ours.asked);
    return items
        .filter(
            ({ id = Infinity, date_created: created, ...rest }) =>
                // Dates tell seconds: of what was made in the same one, ids tell the order.
                (Date.parse(created ?? "") === since ? id > replaces : isSince(created, since)) &&
                id !== replaces &&
                hasKeyAndNames(rest, ours),
        )
        .sort((a, b) => Date.parse(b.date_created ?? "") - Date.parse(a.date_created ?? ""));
}

/** From when on something can be ours: by DigiCert's clock if it told the time, else by ours, which may differ. */
function sinceOf({ after = "", at }: Asked): number {
    const told = Date.parse(after);
    return Number.isNaN(told) ? Date.parse(at) - CLOCK_SKEW_MS : told;
}

/** A date that cannot be read excludes nothing: what may be ours is not asked for again. */
function isSince(date: string | undefined, since: number): boolean {
    return !(Date.parse(date ?? "") < since);
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
