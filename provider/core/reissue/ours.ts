/**
 * How a reissue of ours is recognised. The API correlates requests and certificates only weakly, so the request id,
 * the certificate id, the marker, the key, the names and the dates are used together. Pure but for one download.
 *
 * @module
 */
import { X509Certificate, type KeyObject } from "node:crypto";
import type { ApprovalRequest, Order, OrderCertificate, Reissue } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import { markerIn } from "./marker.js";
import type { Asked, ReissueInputs } from "./state.js";
import { certificateNames } from "../x509/certificate.js";
import { csrHasKey, readCsr } from "../x509/csr.js";
import { covers, nameSet } from "../x509/names.js";

/** The key and the names that a certificate must have. */
export interface Wanted {
    readonly orderId: string;
    readonly key: KeyObject;
    readonly names: ReadonlySet<string>;
}

/** Everything by which a reissue of ours is recognised. */
export interface Ours extends Wanted {
    readonly asked: Asked;
    readonly requestIds: readonly number[];
    readonly certificateId?: number | undefined;
}

/** A request in an order. */
export type ListedRequest = NonNullable<Order["requests"]>[number];

/** A certificate as an order or a list tells it. */
export type Reported = Pick<
    OrderCertificate | Reissue,
    "id" | "status" | "csr" | "common_name" | "dns_names"
>;

/** `unclear`: the answer does not tell enough. */
type Match = "yes" | "no" | "unclear";

/** The order's clock and ours may differ. */
export const CLOCK_SKEW_MS = 10 * 60_000;
const OPEN_REQUEST = new Set(["pending", "submitted", "needs_approval"]);
const DEAD = new Set(["rejected", "canceled", "denied"]);

/** What `inputs` want. */
export function wantedOf({ orderId, certificate }: Pick<ReissueInputs, "orderId" | "certificate">): Wanted {
    return { orderId, key: readCsr(certificate.csr).key, names: nameSet(certificate) };
}

/** How to recognise the reissue that `inputs` ask, or asked, for. */
export function oursOf(
    inputs: ReissueInputs,
    asked: Asked,
    ids: { requestIds?: readonly number[]; certificateId?: number | undefined } = {},
): Ours {
    return {
        ...wantedOf(inputs),
        asked,
        requestIds: ids.requestIds ?? [],
        certificateId: ids.certificateId,
    };
}

/** The names that DigiCert reports for a certificate. */
export function reportedNames(certificate: Reported): Set<string> {
    return nameSet({ commonName: certificate.common_name, dnsNames: certificate.dns_names ?? [] });
}

/** Whether a certificate, as an order or a list tells it, has the key and at least the names that are wanted. */
export function compare(certificate: Reported, { key, names }: Pick<Wanted, "key" | "names">): Match {
    const hasKey = csrHasKey(certificate.csr, key);
    const hasNames = covers(reportedNames(certificate), names);
    if (hasKey === false || (!hasNames && certificate.dns_names !== undefined)) return "no";
    return hasKey && hasNames ? "yes" : "unclear";
}

/** Like {@link compare}; where the answer does not tell enough of an issued certificate, the certificate itself does. */
export async function isWanted(context: Context, certificate: Reported, wanted: Wanted): Promise<boolean> {
    const match = compare(certificate, wanted);
    if (match !== "unclear" || certificate.id === undefined || certificate.status === "pending") {
        return match === "yes";
    }
    const leaf = await readLeaf(context, certificate.id, wanted.orderId);
    return leaf?.publicKey.equals(wanted.key) === true && covers(certificateNames(leaf), wanted.names);
}

/** The leaf of an issued certificate; undefined if what DigiCert sends cannot be read. */
export async function readLeaf(
    context: Pick<Context, "client">,
    certificateId: number,
    orderId: string,
): Promise<X509Certificate | undefined> {
    const pem = await context.client.download(certificateId, orderId);
    try {
        return new X509Certificate(pem);
    } catch {
        return undefined;
    }
}

/** Whether an approval request still waits for a person. */
export function isOpenRequest(request: Pick<ApprovalRequest, "status">): boolean {
    return OPEN_REQUEST.has(request.status?.toLowerCase() ?? "");
}

/** Whether a request, or an entry of the list of reissues, has ended without a certificate. */
export function isDead({ status }: { readonly status?: string | undefined }): boolean {
    return DEAD.has(status?.toLowerCase() ?? "");
}

/** Our approval request: by id, else the newest that carries our marker and is not older than our POST. */
export function ourRequest({ requests = [] }: Order, { requestIds, asked }: Ours): ListedRequest | undefined {
    if (requestIds.length > 0) return requests.find(({ id }) => requestIds.includes(id));
    return requests
        .filter(({ comments, date }) => markerIn(comments) === asked.marker && isSince(date, sinceOf(asked)))
        .sort((a, b) => b.id - a.id)[0];
}

/** Entries of an order's list of reissues that are ours, or may be, newest first: by id, else by date and what they tell. */
export function ourReissues(items: readonly Reissue[], ours: Ours): Reissue[] {
    const byId = items.filter(({ id }) => id !== undefined && id === ours.certificateId);
    if (byId.length > 0) return byId;
    return items
        .filter((item) => isAfter(item, ours.asked) && compare(item, ours) !== "no")
        .sort((a, b) => Date.parse(b.date_created ?? "") - Date.parse(a.date_created ?? ""));
}

/** Whether an entry is younger than the certificate that ours replaces. */
function isAfter({ id = Infinity, date_created: created }: Reissue, asked: Asked): boolean {
    const { replaces = 0 } = asked;
    if (id === replaces) return false;
    const date = Date.parse(created ?? "");
    const since = sinceOf(asked);
    // Dates tell seconds: of what was made in the same one, and where a date cannot be read, ids tell the order.
    return Number.isNaN(date) || date === since ? id > replaces : date > since;
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
