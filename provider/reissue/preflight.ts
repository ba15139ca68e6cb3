/**
 * The read before a POST: whether the order allows a reissue, whether one is there already, what it would remove.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import { InvalidRequestError, RefusedError } from "../../sdk/errors.js";
import type { Order, Reissue } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import { isDue, planEnded } from "../plan/due.js";
import {
    CLOCK_SKEW_MS,
    hasKeyAndNames,
    isOpenRequest,
    oursOf,
    PENDING,
    reportedNames,
    type Ours,
} from "./look.js";
import { certificateNames } from "../x509/certificate.js";
import { removedNames } from "../x509/names.js";
import { judgeRemoval } from "../plan/removal.js";
import { quote } from "../certcentral/redact.js";
import type { Asked, ReissueInputs, ReissueState } from "../state.js";
import { identityMark, markerIn } from "../plan/wanted.js";

/** What the read showed. */
export type Preflight =
    | { readonly kind: "ask"; readonly order: Order; readonly readAt: Date }
    /** The wanted reissue is on the order already, pending or issued. */
    | { readonly kind: "adopt"; readonly order: Order; readonly ours: Ours };

/** What is to be asked for. */
export interface Wish {
    readonly inputs: ReissueInputs;
    readonly marker: string;
    /** The state that an update replaces; none in a create. */
    readonly old?: ReissueState | undefined;
    /** Only the time asks for it: a certificate made by somebody else will do. */
    readonly dueOnly?: boolean | undefined;
}

/** States of an order with an issued certificate. `expired` may be the certificate's end, not the plan's. */
const REISSUABLE = new Set(["issued", "approved", "expired"]);
const CLOSED = new Set([
    "revoked",
    "canceled",
    "rejected",
    "denied",
    "pending",
    "needs_approval",
    "needs_csr",
    "processing",
    "waiting_pickup",
]);
const RECENT_MS = 24 * 3_600_000;

/**
 * Reads the order and decides whether to ask.
 *
 * @throws RefusedError when asking would do harm or cannot succeed.
 */
export async function preflight(context: Context, wish: Wish): Promise<Preflight> {
    const order = await context.client.order(wish.inputs.orderId);
    const readAt = context.now();
    assertPlanRuns(order, wish, context.now());
    if (order.status === PENDING) return pendingOn(order, context, wish);
    assertReissuable(order, wish);
    const ours = await issuedAlready(order, context, wish);
    if (ours) return { kind: "adopt", order, ours };
    await refuseRemoval(order, context, wish);
    return { kind: "ask", order, readAt };
}

function assertPlanRuns({ order_valid_till: end }: Order, { inputs }: Wish, now: Date): void {
    if (!planEnded(end, now)) return;
    throw new RefusedError(
        `Asking for a reissue of order ${inputs.orderId}: the order ended on ${end ?? ""}. ` +
            "Place a new order in CertCentral and set its id as orderId.",
    );
}

function assertReissuable(order: Order, { inputs }: Wish): void {
    const doing = `Asking for a reissue of order ${inputs.orderId}`;
    if (CLOSED.has(order.status)) {
        throw new RefusedError(
            `${doing}: the order is ${order.status}, which allows no reissue. ` +
                "Settle that in CertCentral, or place a new order and set its id as orderId.",
        );
    }
    if (!REISSUABLE.has(order.status)) {
        throw new RefusedError(
            `${doing}: the order is in the state "${quote(order.status)}", which this version does not know, so nothing was asked. ` +
                "Look at the order in CertCentral, and upgrade pulumi-digicert.",
        );
    }
    const product = order.product?.type ?? order.product?.name_id ?? "ssl_certificate";
    if (inputs.certificate.commonName === undefined && /ssl|tls/i.test(product)) {
        throw new RefusedError(
            `${doing}: certificate.commonName is missing, which a TLS order (${quote(product)}) needs. Set it to the domain to secure.`,
        );
    }
}

/** A pending reissue: ours is adopted, or cancelled if the program wants another; a foreign one is left alone. */
async function pendingOn(order: Order, context: Context, wish: Wish): Promise<Preflight> {
    const { inputs, old } = wish;
    const pending: Pending = {
        requests:
            order.requests?.filter((request) => request.type === "reissue" && isOpenRequest(request)) ?? [],
        items: (await context.client.reissues(inputs.orderId)).filter(({ status }) => status === "pending"),
    };
    const ours = oursOf(inputs, askedNow(order, wish, context.now()));
    const marked = pending.requests.find(({ comments }) => markerIn(comments) === wish.marker);
    const matching = pending.items.find((item) => hasKeyAndNames(item, ours));
    const isOldAsk = !marked && old?.asked !== undefined && isAskOf(old, old.asked, pending);
    if (marked ?? (matching && !isOldAsk)) {
        const at = marked?.date ?? matching?.date_created ?? ours.asked.at;
        const requestIds = (marked ? [marked] : pending.requests).map(({ id }) => id);
        const asked = { ...ours.asked, at };
        return { kind: "adopt", order, ours: { ...ours, asked, requestIds, certificateId: matching?.id } };
    }
    if (isOldAsk) {
        const after = await cancelAndReadAgain(context, wish);
        if (after) return after;
    }
    throw new RefusedError(
        `Asking for a reissue of order ${inputs.orderId}: a reissue that is not ours is pending (${describe(pending)}). ` +
            "It is never cancelled by this package: wait until it is issued, or cancel it in CertCentral, then run pulumi up again.",
    );
}

/** What is pending on an order: the requests that wait for a person, and the entries of the list. */
interface Pending {
    readonly requests: NonNullable<Order["requests"]>;
    readonly items: readonly Reissue[];
}

function describe({ requests, items }: Pending): string {
    const who = requests.map(
        ({ id, comments }) => `request ${id}${comments ? ` ("${quote(comments)}")` : ""}`,
    );
    const what = items.map(({ id }) => `certificate ${id ?? "without id"}`);
    return (who.length > 0 ? who : what).join(", ") || "DigiCert does not tell which";
}

/** Cancels our own; nothing if the order is still pending. What was issued meanwhile is read like anything else. */
async function cancelAndReadAgain(context: Context, wish: Wish): Promise<Preflight | undefined> {
    const { orderId } = wish.inputs;
    try {
        await context.client.cancelReissue(
            orderId,
            "Cancelled by pulumi-digicert: the stack wants another certificate.",
        );
        context.log(
            `order ${orderId}: cancelled our pending reissue, because the program wants another certificate`,
        );
    } catch (error) {
        if (!(error instanceof InvalidRequestError)) throw error;
    }
    const order = await context.client.order(orderId);
    return order.status === PENDING ? undefined : preflight(context, wish);
}

/** Whether what is pending is the reissue that the state says was asked for. */
function isAskOf(old: ReissueState, asked: Asked, { requests, items }: Pending): boolean {
    const ours = oursOf(old, asked, old);
    return (
        requests.some(
            ({ id, comments }) => ours.requestIds.includes(id) || markerIn(comments) === asked.marker,
        ) ||
        items.some(
            (item) => (item.id !== undefined && item.id === ours.certificateId) || hasKeyAndNames(item, ours),
        )
    );
}

/** A reissue that makes a POST unnecessary: one that we made and forgot, or that somebody made for us. */
async function issuedAlready(order: Order, context: Context, wish: Wish): Promise<Ours | undefined> {
    const { inputs, old } = wish;
    const now = context.now();
    const { certificate } = order;
    const ours = oursOf(inputs, askedNow(order, wish, now));
    const granted =
        order.requests?.filter(({ type, status }) => type === "reissue" && status !== "rejected") ?? [];
    const marked = granted.findLast(({ comments }) => markerIn(comments) === wish.marker);
    const takeOver = (id: number, at: string | undefined): Ours => ({
        ...ours,
        asked: { marker: wish.marker, at: at ?? ours.asked.at },
        requestIds: marked ? [marked.id] : [],
        certificateId: id,
    });

    const isUsable =
        certificate.id !== undefined &&
        certificate.status !== "revoked" &&
        !isCertificateDue(order, wish, now);
    const isNew =
        certificate.id !== old?.issued?.certificateId &&
        certificate.id !== old?.certificateId &&
        !hasOldHash(certificate, wish);
    if (certificate.id !== undefined && isUsable && isNew && hasKeyAndNames(certificate, ours)) {
        const isOurs = marked !== undefined || (!old && isUnderIdentity(granted, inputs));
        // In an update only the marker tells ours from anybody's, unless approval, and with it the comment, is skipped.
        const maySuffice = !old || inputs.skipApproval;
        if (isOurs || wish.dueOnly === true || (maySuffice && isRecentReissue(order, now))) {
            return takeOver(certificate.id, certificate.date_created);
        }
    }
    // Not current any more: somebody reissued after us. In an update only the marker tells ours from earlier ones.
    if (!marked && (old !== undefined || !isRecent(order.last_reissued_date, now))) return undefined;
    const since =
        marked?.date === undefined ? now.getTime() - RECENT_MS : Date.parse(marked.date) - CLOCK_SKEW_MS;
    const item = (await context.client.reissues(inputs.orderId)).find(
        (candidate) =>
            candidate.status === "issued" &&
            candidate.id !== undefined &&
            candidate.id !== old?.issued?.certificateId &&
            Date.parse(candidate.date_created ?? "") >= since &&
            !isReissueDue(candidate, wish, now) &&
            hasKeyAndNames(candidate, ours),
    );
    return item?.id === undefined ? undefined : takeOver(item.id, item.date_created);
}

/** Whether the latest reissue that was granted, and so the current certificate, was asked for by this resource. */
function isUnderIdentity(granted: NonNullable<Order["requests"]>, inputs: ReissueInputs): boolean {
    const latest = granted.reduce<(typeof granted)[number] | undefined>(
        (last, request) => (last && last.id > request.id ? last : request),
        undefined,
    );
    return markerIn(latest?.comments)?.startsWith(identityMark(inputs)) ?? false;
}

/** Whether the current certificate is a reissue, not the original one, of the last 24 hours. */
function isRecentReissue({ certificate, last_reissued_date: last }: Order, now: Date): boolean {
    if (last !== undefined) return isRecent(last, now);
    // CertCentral gives a certificate no status of its own until it was reissued.
    return (
        certificate.status !== undefined && isRecent(certificate.date_issued ?? certificate.date_created, now)
    );
}

function isReissueDue(
    { date_created: from, valid_till: till }: Reissue,
    { inputs }: Wish,
    now: Date,
): boolean {
    return (
        from !== undefined && till !== undefined && isDue(inputs, { validFrom: from, validTill: till }, now)
    );
}

/** Another hash is wanted than before, and this certificate still has the old one, so it was not made for that. */
function hasOldHash({ signature_hash: reported }: Order["certificate"], { inputs, old }: Wish): boolean {
    if (!old || reported === undefined) return false;
    const before = old.certificate.signatureHash;
    return before !== inputs.certificate.signatureHash && reported.toLowerCase() === before;
}

function isRecent(date: string | undefined, now: Date): boolean {
    return date !== undefined && now.getTime() - Date.parse(date) < RECENT_MS;
}

function isCertificateDue({ certificate }: Order, { inputs }: Wish, now: Date): boolean {
    const { valid_from: from, valid_till: till } = certificate;
    return (
        from !== undefined && till !== undefined && isDue(inputs, { validFrom: from, validTill: till }, now)
    );
}

async function refuseRemoval(order: Order, context: Context, { inputs, old }: Wish): Promise<void> {
    const { names } = oursOf(inputs, { marker: "", at: "" });
    const removal = judgeRemoval(
        removedNames(await liveNames(order, context, inputs), names, new Set(old?.issued?.names)),
        inputs,
        `order ${inputs.orderId}`,
    );
    if (removal?.kind === "refuse") throw new RefusedError(removal.reasons.join(" "));
    // An update has said so already, with its plan.
    if (!old)
        removal?.warnings.forEach((warning) => {
            context.log(`warning: ${warning}`);
        });
}

/** The names of the current certificate; if the order does not list them, the certificate itself does. */
async function liveNames(
    { certificate }: Order,
    context: Context,
    inputs: ReissueInputs,
): Promise<Set<string>> {
    const reported = reportedNames(certificate);
    const isTold = certificate.dns_names !== undefined || inputs.certificate.commonName === undefined;
    if (isTold || certificate.id === undefined) return reported;
    const leaf = new X509Certificate(await context.client.download(certificate.id, inputs.orderId));
    return new Set([...reported, ...certificateNames(leaf)]);
}

/** The record of asking now. */
export function askedNow({ certificate }: Order, { marker }: Pick<Wish, "marker">, now: Date): Asked {
    const after = certificate.date_issued ?? certificate.date_created;
    return {
        marker,
        at: now.toISOString(),
        ...(certificate.id === undefined ? {} : { replaces: certificate.id }),
        ...(after === undefined ? {} : { after }),
    };
}
