/**
 * A reissue that makes a POST unnecessary: one that we made and forgot, or that somebody made for us.
 *
 * @module
 */
import type { Order, Reissue } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import { isDue } from "./plan/validity.js";
import { identityMark, markerIn } from "./marker.js";
import type { ReissueInputs } from "./state.js";
import { CLOCK_SKEW_MS, isDead, isWanted, oursOf, type ListedRequest, type Ours } from "./ours.js";
import { askedNow, type Wish } from "./wish.js";

const RECENT_MS = 24 * 3_600_000;
/** A request and the certificate that it asks for are recorded together; dates tell seconds. */
const SAME_MOMENT_MS = 2000;

/** The reissue that is to be taken over, if there is one on an order on which nothing is pending. */
export async function issuedAlready(order: Order, context: Context, wish: Wish): Promise<Ours | undefined> {
    const ours = oursOf(wish.inputs, askedNow(order, wish.marker, context.now()));
    const granted = order.requests?.filter((one) => one.type === "reissue" && !isDead(one)) ?? [];
    const marked = granted.findLast(({ comments }) => markerIn(comments) === wish.marker);
    const found =
        (await currentThatWillDo(order, context, { wish, ours, granted, marked })) ??
        (await earlierOfOurs(order, context, { wish, ours, marked }));
    if (!found) return undefined;
    return {
        ...ours,
        asked: { marker: wish.marker, at: found.at ?? ours.asked.at },
        requestIds: marked ? [marked.id] : [],
        certificateId: found.id,
    };
}

interface Found {
    readonly id: number;
    readonly at: string | undefined;
}

async function currentThatWillDo(
    order: Order,
    context: Context,
    seen: { wish: Wish; ours: Ours; granted: ListedRequest[]; marked: ListedRequest | undefined },
): Promise<Found | undefined> {
    const { certificate } = order;
    const { id, status, valid_from: from, valid_till: till, date_created: at } = certificate;
    const { wish, ours, granted, marked } = seen;
    const { inputs, old, cause } = wish;
    const now = context.now();
    const isNew = id !== old?.issued?.certificateId && id !== old?.certificateId;
    if (id === undefined || status === "revoked" || !isNew) return undefined;
    if (wouldBeDue(inputs, from, till, now) || hasOldHash(certificate, wish)) return undefined;
    const isRecent = isRecentReissue(order, now);
    const latest = requestOf(certificate, granted);
    const willDo =
        marked !== undefined ||
        cause === "due" ||
        (old ? isRecent && mayBeOurs(latest) : isRecent || isUnderIdentity(latest, inputs));
    return willDo && (await isWanted(context, certificate, ours)) ? { id, at } : undefined;
}

/** Not current any more: somebody reissued after us. In an update only the marker tells ours from earlier ones. */
async function earlierOfOurs(
    order: Order,
    context: Context,
    { wish, ours, marked }: { wish: Wish; ours: Ours; marked: ListedRequest | undefined },
): Promise<Found | undefined> {
    const { inputs, old } = wish;
    const now = context.now();
    if (!marked && (old !== undefined || !isWithin24Hours(order.last_reissued_date, now))) return undefined;
    const since =
        marked?.date === undefined ? now.getTime() - RECENT_MS : Date.parse(marked.date) - CLOCK_SKEW_MS;
    const isCandidate = ({ id, status, date_created: created, valid_till: till }: Reissue) =>
        id !== undefined &&
        status === "issued" &&
        id !== old?.issued?.certificateId &&
        Date.parse(created ?? "") >= since &&
        !wouldBeDue(inputs, created, till, now);
    for (const item of (await context.client.reissues(inputs.orderId)).filter(isCandidate)) {
        if (item.id !== undefined && (await isWanted(context, item, ours))) {
            return { id: item.id, at: item.date_created };
        }
    }
    return undefined;
}

/**
 * Whether an update that was killed may have made the current certificate. Comments may be hidden, so only one that
 * says something else speaks against it.
 */
function mayBeOurs(request: ListedRequest | undefined): boolean {
    return request?.comments === undefined;
}

/** Whether the current certificate was asked for by this resource. */
function isUnderIdentity(request: ListedRequest | undefined, inputs: ReissueInputs): boolean {
    return markerIn(request?.comments)?.startsWith(identityMark(inputs)) ?? false;
}

/** The granted request that the current certificate came from: the latest, unless it is older than that. */
function requestOf(
    { date_created: created }: Order["certificate"],
    granted: readonly ListedRequest[],
): ListedRequest | undefined {
    const since = Date.parse(created ?? "") - SAME_MOMENT_MS;
    return granted
        .filter(({ date }) => !(Date.parse(date ?? "") < since))
        .reduce<ListedRequest | undefined>((last, one) => (last && last.id > one.id ? last : one), undefined);
}

/** Whether the current certificate is a reissue, not the original one, of the last 24 hours. */
function isRecentReissue({ certificate, last_reissued_date: last }: Order, now: Date): boolean {
    if (last !== undefined) return isWithin24Hours(last, now);
    // CertCentral gives a certificate no status of its own until it was reissued.
    return (
        certificate.status !== undefined &&
        isWithin24Hours(certificate.date_issued ?? certificate.date_created, now)
    );
}

function isWithin24Hours(date: string | undefined, now: Date): boolean {
    return date !== undefined && now.getTime() - Date.parse(date) < RECENT_MS;
}

function wouldBeDue(
    inputs: ReissueInputs,
    from: string | undefined,
    till: string | undefined,
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
