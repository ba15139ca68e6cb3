/**
 * Finds a stand-in: a certificate or a pending reissue that makes a POST unnecessary. It may come from an interrupted run of
 * this resource, from DigiCert's auto-reissue, or from another pipeline. The decision is a pure function of what DigiCert shows.
 *
 * A pending reissue whose request has the marker stands in. Any other stand-in has the key and the names, and the further evidence that
 * it needs depends on the reason of the POST:
 *
 * - `new` (no certificate was issued for the resource yet): the marker; or it is pending, or its comments have a marker of this
 *   resource for another certificate, or it is of the last 24 hours
 * - `visible change` (key or names): none, but of a reissue without the marker, no name that the program drops
 * - `invisible change` (triggers, hash, parameters): the marker; or, with `skipApproval`, whose requests DigiCert never lists, it is
 *   of the last 24 hours and newer than the last reissue in the state
 * - `due` (or revoked): none
 *
 * A pending reissue whose key DigiCert does not show is a `possible` stand-in, except for an invisible change.
 * A certificate that was rejected or revoked, has expired, is due, or is older than the last certificate in the state is no stand-in.
 *
 * @module
 */
import type { Order, Reissue } from "../certcentral/answers.js";
import { requestedKeyAndNames, type Attempt, type KeyAndNames } from "./attempt.js";
import { keyDigest } from "../x509/csr.js";
import { sameNames } from "../x509/names.js";
import { isMarkerOf, markerIn, readComments } from "./marker.js";
import { droppedNames } from "./plan/nameRemoval.js";
import { isDue } from "./plan/validity.js";
import {
    compareEntry,
    currentEntry,
    entriesOf,
    isDead,
    isPendingOrder,
    isReissuePending,
    isReissueRequest,
    openReissueRequests,
    type Entry,
    type ListedRequest,
    type NeedToRead,
    type Shown,
} from "./recognise.js";
import { reportedNames } from "./reported.js";

/** A reissue that makes the POST unnecessary. */
export interface StandIn {
    readonly kind: "standIn";
    /** `possible`: the reissue is pending, and may be somebody else's; `up` waits for it, and never cancels it. */
    readonly certainty: "certain" | "possible";
    /** Whether the comments of its request name a person or another resource. */
    readonly isOthers?: boolean;
    readonly isPending: boolean;
    /** Whether it is certainly the result of a request of this resource, made for the same certificate. */
    readonly isOwn: boolean;
    readonly requestIds: readonly number[];
    readonly certificateId?: number | undefined;
    /** Time of the request, if DigiCert shows it. */
    readonly at?: string | undefined;
    /** For a pending reissue: the newest certificate that was issued before it, which cannot be its result. */
    readonly replaces?: number | undefined;
}

/** There is no stand-in. */
export interface NoStandIn {
    readonly kind: "none";
}

/** A POST may make a second certificate, because a certificate that may stand in cannot be read. */
export interface UnreadableStandIn {
    readonly kind: "unreadable";
    readonly certificateId: number;
}

/** Whether a stand-in was found. */
export type StandInDecision = StandIn | NoStandIn | UnreadableStandIn;

/** Why the POST would be made; see the module. */
type Reason = "new" | "visible change" | "invisible change" | "due";

const NONE: NoStandIn = { kind: "none" };
const READ_REISSUES: NeedToRead = { kind: "read", what: "reissues" };
/** A certificate counts as recent for 24 hours. */
const RECENT_MS = 24 * 3_600_000;
/** Tolerance for dates that different clocks have written. */
const CLOCK_SKEW_MS = 10 * 60_000;

/**
 * Finds a reissue that stands in for the POST of an attempt. Of this machine's clock and DigiCert's the earlier one counts, so that
 * no clock that is fast makes a reissue look too old.
 *
 * @param time - by the clock of this machine
 */
export function findStandIn(shown: Shown, attempt: Attempt, time: Date): StandInDecision | NeedToRead {
    const { order, reissues } = shown;
    const now = order.serverTime && order.serverTime < time ? order.serverTime : time;
    // A request that waits may be for something else than a reissue; the list of reissues shows it.
    if (order.has_pending_request === true && !isPendingOrder(order) && !reissues) return READ_REISSUES;
    if (isReissuePending(shown)) return findPendingStandIn(shown, attempt, now);
    const current = judgeCurrent(shown, attempt, now);
    return current.kind === "none" ? findEarlierStandIn(shown, attempt, now) : current;
}

/** The reason of the POST, which decides what evidence a stand-in needs; see the module. */
function reasonOf({ state, cause, inputs }: Attempt): Reason {
    if (!state?.issued) return "new";
    if (cause !== "program") return "due";
    // The last issuance is compared, not the inputs in the state: after a failure these were requested but not issued.
    const { key, names } = requestedKeyAndNames(inputs);
    const isSameKey = state.issued.key === keyDigest(key);
    return isSameKey && sameNames(new Set(state.issued.names), names) ? "invisible change" : "visible change";
}

/** Finds a pending reissue that stands in. */
function findPendingStandIn(shown: Shown, attempt: Attempt, now: Date): StandInDecision | NeedToRead {
    if (!shown.reissues) return READ_REISSUES;
    const requests = openReissueRequests(shown.order);
    const replaces = newestIssuedId(shown, attempt);
    const entries = listPending(shown, replaces);
    // Where no request is open, the reissue that is pending was granted; only dates can tell which request it belongs to.
    const granted = requests.length === 0 ? grantedRequests(shown.order).at(-1) : undefined;
    const isOfGranted = granted && entries.some(({ date }) => isFromTimeOf(granted, date));
    const marked = [...requests, ...(isOfGranted ? [granted] : [])].find(
        (request) => compareComments(request, attempt) === "same",
    );
    if (!marked) return judgeUnmarked({ entries, requests, granted, replaces }, shown, attempt, now);
    const needed = neededBy(attempt);
    const matching = entries.find((entry) => matchEntry(entry, shown, needed, true) === "yes");
    const { id, date } = marked;
    const found = { requestIds: [id], certificateId: matching?.id, at: date };
    return { ...PENDING_CERTAIN, replaces, isOwn: true, ...found };
}

/** What is pending on an order whose requests do not have the marker. */
interface Unmarked {
    readonly entries: readonly Entry[];
    /** The open requests for a reissue. */
    readonly requests: readonly ListedRequest[];
    /** The latest request that was granted, if none is open. */
    readonly granted: ListedRequest | undefined;
    readonly replaces: number | undefined;
}

/** Decides whether a pending reissue stands in although no request with the marker shows it. */
function judgeUnmarked(
    { entries, requests, granted, replaces }: Unmarked,
    shown: Shown,
    attempt: Attempt,
    now: Date,
): StandInDecision {
    const needed = neededBy(attempt);
    const reason = reasonOf(attempt);
    const silent = requests.filter((request) => compareComments(request, attempt) === "nothing");
    const possible = [...silent, ...requests.filter((request) => isOfResource(request, attempt))];
    const isOthers = requests.length > 0 && possible.length === 0;
    const pending = { ...PENDING_CERTAIN, replaces };
    const matching = entries.find((entry) => matchEntry(entry, shown, needed, false) === "yes");
    if (matching) {
        const isAccepted =
            reason !== "invisible change" ||
            (requests.length === silent.length &&
                mayHaveInvisibleChange(matching.id, matching.date, granted, attempt, now));
        if (!isAccepted) return NONE;
        const requestIds = (isOthers ? requests : possible).map(({ id }) => id);
        const certainty = isOthers ? "possible" : "certain";
        return { ...pending, certainty, isOthers, requestIds, certificateId: matching.id, at: matching.date };
    }
    const unknown = entries.find((entry) => matchEntry(entry, shown, needed, false) === "unknown");
    if (!unknown || isOthers || reason === "invisible change" || attempt.state?.asked) return NONE;
    return {
        ...pending,
        certainty: "possible",
        // Without the id in the attempt, the reissue stays only possible.
        requestIds: [],
        at: unknown.date,
    };
}

const PENDING_CERTAIN = { kind: "standIn", certainty: "certain", isPending: true, isOwn: false } as const;

/** Lists the pending entries. An entry whose id is not above that of an issued certificate is not pending, whatever its status is. */
function listPending(shown: Shown, newestIssued = 0): Entry[] {
    return entriesOf(shown).filter(
        ({ state, id = Infinity }) => state === "pending" && !(id <= newestIssued),
    );
}

/** The highest id of a certificate that the order shows as issued, or that the state has. */
function newestIssuedId(shown: Shown, { state }: Attempt): number | undefined {
    const issued = entriesOf(shown).filter((entry) => entry.state === "issued" || entry.state === "revoked");
    const ids = [...issued.map(({ id }) => id), state?.issued?.certificateId].filter(
        (id) => id !== undefined,
    );
    return ids.length > 0 ? Math.max(...ids) : undefined;
}

/** Decides whether the order's current certificate stands in. */
function judgeCurrent(shown: Shown, attempt: Attempt, now: Date): StandInDecision | NeedToRead {
    const { order } = shown;
    const current = currentEntry(order);
    if (current?.id === undefined || current.state !== "issued") return NONE;
    // An order that is older than the state is no news: a read may lag behind.
    if (current.id < newestKnownId(attempt)) return NONE;
    const reason = reasonOf(attempt);
    const { valid_from: from, valid_till: till } = order.certificate;
    if (wouldBeDue(attempt, from, till, now)) return NONE;
    const granted = grantedRequests(order);
    const marked = granted.findLast((request) => compareComments(request, attempt) === "same");
    const isKnown = isKnownId(current.id, attempt);
    if (isKnown && !maySucceedItself(current.id, order, attempt, marked !== undefined)) return NONE;
    const latest = granted.at(-1);
    const dateOfCurrent = order.last_reissued_date ?? findListed(shown, current.id)?.date_created;
    const isReissue = order.certificate.status !== undefined;
    const needsDate = reason === "new" || reason === "invisible change";
    if (needsDate && isReissue && dateOfCurrent === undefined && !shown.reissues) return READ_REISSUES;
    const isAccepted =
        marked !== undefined ||
        reason === "due" ||
        reason === "visible change" ||
        (reason === "new" &&
            ((latest !== undefined && isOfResource(latest, attempt)) || isRecent(dateOfCurrent, now))) ||
        (reason === "invisible change" &&
            mayHaveInvisibleChange(current.id, dateOfCurrent, latest, attempt, now));
    if (!isAccepted) return NONE;
    const accepted = acceptEntry(shown, attempt, current, marked, dateOfCurrent);
    const isOthers = accepted.kind === "standIn" && !accepted.isOwn;
    return isKnown && reason === "invisible change" && isOthers ? NONE : accepted;
}

/**
 * Finds a certificate that stands in and is no longer the current one, because somebody reissued the order after this resource; for
 * a certificate that is due, any later one.
 */
function findEarlierStandIn(shown: Shown, attempt: Attempt, now: Date): StandInDecision | NeedToRead {
    const { order } = shown;
    const marked = grantedRequests(order).findLast((request) => compareComments(request, attempt) === "same");
    const isNew = attempt.state === undefined;
    const isReplaced = reasonOf(attempt) === "due" && !isKnownId(order.certificate.id ?? 0, attempt);
    if (!marked && !isReplaced && !(isNew && isRecent(order.last_reissued_date, now))) return NONE;
    if (!shown.reissues) return READ_REISSUES;
    const recent =
        marked?.date === undefined ? now.getTime() - RECENT_MS : Date.parse(marked.date) - CLOCK_SKEW_MS;
    const since = isReplaced ? -Infinity : recent;
    for (const entry of entriesOf(shown).reverse()) {
        const item = findListed(shown, entry.id);
        if (entry.id === undefined || entry.state !== "issued" || !item) continue;
        if (entry.id <= newestKnownId(attempt) || !(Date.parse(item.date_created ?? "") >= since)) continue;
        if (wouldBeDue(attempt, item.date_created, item.valid_till, now)) continue;
        const result = acceptEntry(shown, attempt, entry, marked, item.date_created);
        if (result.kind !== "none") return result;
    }
    return NONE;
}

/**
 * Whether the current certificate, although the state has its id, may be what the program wants now:
 * - `due`: DigiCert's dates show that it is not due
 * - `visible change`: a refresh has shown it as that of another key, which the program has by now
 * - `invisible change`: a refresh has followed it, and its request has the marker: the run of that request was killed
 */
function maySucceedItself(id: number, { certificate }: Order, attempt: Attempt, isMarked: boolean): boolean {
    const { issued, asked } = attempt.state ?? {};
    switch (reasonOf(attempt)) {
        case "due":
            return certificate.valid_from !== undefined && certificate.valid_till !== undefined;
        case "visible change":
            return asked === undefined && id !== issued?.certificateId;
        case "invisible change":
        case "new":
            return isMarked && issued?.ownCertificateId !== undefined;
    }
}

/** Makes a stand-in of a certificate that has the key and the names; if DigiCert does not show them, the certificate is read. */
function acceptEntry(
    shown: Shown,
    attempt: Attempt,
    entry: Entry & { id?: number | undefined },
    marked: ListedRequest | undefined,
    at: string | undefined,
): StandInDecision | NeedToRead {
    const { id } = entry;
    if (id === undefined) return NONE;
    if (marked && !shown.reissues) return READ_REISSUES;
    const isOwn = marked !== undefined && isResultOf(marked, id, shown, attempt);
    const matched = matchEntry(entry, shown, neededBy(attempt), isOwn);
    if (matched === "no") return NONE;
    if (matched === "unknown") {
        return shown.leaves.has(id)
            ? { kind: "unreadable", certificateId: id }
            : { kind: "read", what: "certificate", id };
    }
    return {
        kind: "standIn",
        certainty: "certain",
        isPending: false,
        isOwn,
        requestIds: marked ? [marked.id] : [],
        certificateId: id,
        at: marked?.date ?? at,
    };
}

/** The key and the names that a stand-in must have, and the names that it must not have. */
interface Needed extends KeyAndNames {
    /** Names that the program drops; none if neither key nor names changed. */
    readonly dropped: readonly string[];
}

function neededBy(attempt: Attempt): Needed {
    const { state, inputs } = attempt;
    const dropped = state && reasonOf(attempt) === "visible change" ? droppedNames(state, inputs) : [];
    return { ...requestedKeyAndNames(inputs), dropped };
}

/**
 * Whether a reissue has the key and the names. A reissue of somebody else that still has a name that the program drops does not
 * count: it would keep the name.
 *
 * @param isOwn - whether it is certainly the result of this resource's request; then further names are DigiCert's
 */
function matchEntry(entry: Entry, shown: Shown, needed: Needed, isOwn: boolean): "yes" | "no" | "unknown" {
    const matched = compareEntry(entry, shown, needed);
    if (isOwn || matched === "no" || needed.dropped.length === 0) return matched;
    const { id, reported } = entry;
    const leaf = id === undefined ? undefined : shown.leaves.get(id);
    if (!leaf && reported.dns_names === undefined) return "unknown";
    const names = reportedNames(reported);
    const isKept = needed.dropped.some((name) => names.has(name) || leaf?.names.has(name) === true);
    return isKept ? "no" : matched;
}

/**
 * Whether a certificate is certainly the result of a request: it is the only reissue from the time of the request, beside those in
 * the state. DigiCert does not show which request a certificate belongs to.
 */
function isResultOf(request: ListedRequest, id: number, shown: Shown, attempt: Attempt): boolean {
    const isNear = (item: Reissue | undefined) => isFromTimeOf(request, item?.date_created);
    if (!isNear(findListed(shown, id))) return false;
    return !(shown.reissues ?? []).some(
        (item) => item.id !== id && isNear(item) && !(item.id !== undefined && isKnownId(item.id, attempt)),
    );
}

/**
 * Whether a reissue without the marker may have a change that no certificate shows: approval is skipped, and the reissue is recent
 * and newer than the last one in the state.
 *
 * @param latest - the latest request that was granted; where its comments tell that it is another's, the reissue must be newer
 */
function mayHaveInvisibleChange(
    id: number | undefined,
    date: string | undefined,
    latest: ListedRequest | undefined,
    attempt: Attempt,
    now: Date,
): boolean {
    const { inputs } = attempt;
    if (!inputs.skipApproval || !isRecent(date, now)) return false;
    if (id !== undefined && id <= newestKnownId(attempt)) return false;
    return (
        latest === undefined || compareComments(latest, attempt) === "nothing" || isOlderThan(latest, date)
    );
}

function compareComments(request: ListedRequest, { request: { marker }, inputs }: Attempt) {
    return readComments(request.comments, marker, inputs.comments);
}

/** Whether the comments of a request have a marker of this resource, whatever certificate it stands for. */
export function isOfResource({ comments: text }: ListedRequest, { identity, inputs }: Attempt): boolean {
    return isMarkerOf(markerIn(text) ?? "", identity, inputs.orderId);
}

/** The reissue requests that were granted, oldest first. */
function grantedRequests({ requests = [] }: Order): ListedRequest[] {
    return requests
        .filter((request) => isReissueRequest(request) && !isDead(request))
        .sort((a, b) => a.id - b.id);
}

/** Whether the dates tell that a request is older than a reissue, so that the reissue belongs to another request. */
function isOlderThan({ date }: ListedRequest, dateOfReissue: string | undefined): boolean {
    return Date.parse(date ?? "") < Date.parse(dateOfReissue ?? "") - CLOCK_SKEW_MS;
}

/** Whether the dates tell that a reissue was requested at the time of a request. */
function isFromTimeOf({ date }: ListedRequest, dateOfReissue: string | undefined): boolean {
    return Math.abs(Date.parse(date ?? "") - Date.parse(dateOfReissue ?? "")) < CLOCK_SKEW_MS;
}

function isKnownId(id: number, { state }: Attempt): boolean {
    const { certificateId, issued } = state ?? {};
    return [certificateId, issued?.certificateId, issued?.ownCertificateId].includes(id);
}

/** The highest id of a certificate in the state; 0 if there is none. */
function newestKnownId({ state }: Attempt): number {
    return Math.max(state?.certificateId ?? 0, state?.issued?.certificateId ?? 0);
}

function findListed({ reissues = [] }: Shown, id: number | undefined): Reissue | undefined {
    return reissues.find((item) => item.id === id);
}

function isRecent(date: string | undefined, now: Date): boolean {
    return date !== undefined && now.getTime() - Date.parse(date) < RECENT_MS;
}

function wouldBeDue(
    { inputs }: Attempt,
    from: string | undefined,
    till: string | undefined,
    now: Date,
): boolean {
    // Where the begin is not told, only a certificate that has expired is known to be due.
    const validFrom = from ?? now.toISOString();
    return till !== undefined && isDue(inputs, { validFrom, validTill: till }, now);
}
