/**
 * Recognises the reissue of this resource on an order. The rule is a pure function of what DigiCert shows and of the recorded
 * attempt. It is used before and after a POST, while waiting, in refresh, restore and delete.
 *
 * The evidence, strongest first:
 *
 * 1. Ids. Once DigiCert acknowledged the attempt with a request or certificate id, these decide alone. Another entry with
 *    the same key, or somebody else's request with the same CSR, is foreign.
 * 2. Age. What the order showed before the POST can never be its result. Ids order better than dates.
 * 3. The marker in the comments. Comments without a marker are no evidence, because DigiCert may hide, blank, cut or escape them,
 *    unless they hold a text that the program did not send.
 * 4. Key and requested names. Hash, CA and further names are no evidence against: DigiCert chooses some of them.
 *
 * @module
 */
import type { KeyObject } from "node:crypto";
import type { ApprovalRequest, Order, Reissue } from "../certcentral/answers.js";
import { CLOSED, isKnownStatus, REISSUE_PENDING, UNISSUED } from "../order/status.js";
import { csrHasKey } from "../x509/csr.js";
import { covers } from "../x509/names.js";
import { isAcknowledged, requestedKeyAndNames, type Attempt, type KeyAndNames } from "./attempt.js";
import { readComments } from "./marker.js";
import { reportedNames, type Reported } from "./reported.js";

/** What DigiCert shows of an order. Lists, requests and certificates are read only if the decision depends on them. */
export interface Shown {
    readonly orderId: string;
    readonly order: Order;
    /** The list of reissues, once it was read. */
    readonly reissues?: readonly Reissue[] | undefined;
    /** Requests that were read one by one; undefined for a request that the API key may not read. */
    readonly requests: ReadonlyMap<number, ApprovalRequest | undefined>;
    /** Certificates that were downloaded; undefined for a certificate that DigiCert does not return. */
    readonly leaves: ReadonlyMap<number, { key: KeyObject; names: ReadonlySet<string> } | undefined>;
}

/** The next read that the decision needs. */
export type NeedToRead =
    | { readonly kind: "read"; readonly what: "reissues" }
    | { readonly kind: "read"; readonly what: "request"; readonly id: number }
    | { readonly kind: "read"; readonly what: "certificate"; readonly id: number };

/** The reissue of an attempt is not issued yet. */
export interface PendingFinding {
    readonly kind: "pending";
    readonly waitsFor: "approval" | "issuance";
    readonly requestIds: readonly number[];
    readonly certificateId?: number | undefined;
    /** `possible`: the reissue may be somebody else's; `up` waits for it, and never cancels it. */
    readonly certainty: "certain" | "possible";
    /** Whether the order shows the reissue. An acknowledged attempt is pending even if the order does not show it. */
    readonly isShown: boolean;
    /** Id of the reissue's request, if the request must be read by its id and the API key may not read it. */
    readonly unreadableId?: number | undefined;
}

/** The result of an attempt, so far. */
export type Finding =
    | { readonly kind: "issued"; readonly certificateId: number; readonly isRevoked: boolean }
    | PendingFinding
    | { readonly kind: "rejected"; readonly requestId?: number | undefined }
    /** The order does not show the reissue. */
    | { readonly kind: "absent" }
    /** The absence is not certain: the order's status is unknown, or a certificate that may be the result cannot be read. */
    | { readonly kind: "unclear"; readonly certificateId?: number | undefined };

/** A request in an order's list. */
export type ListedRequest = NonNullable<Order["requests"]>[number];

/** One version of the certificate on an order. */
export interface Entry {
    readonly id: number | undefined;
    readonly state: "pending" | "issued" | "revoked" | "dead";
    /** Time of the request; unknown for the current certificate, whose dates belong to the order. */
    readonly date: string | undefined;
    readonly isCurrent: boolean;
    readonly reported: Reported;
}

const READ_REISSUES: NeedToRead = { kind: "read", what: "reissues" };
/** Tolerance for dates: the clocks of DigiCert's servers differ from each other, and from this machine's clock. */
const SERVER_SKEW_MS = 5 * 60_000;
const CLOCK_SKEW_MS = 10 * 60_000;
/** Shortest time for which an acknowledged reissue stays pending although no read shows it: DigiCert's reads lag by minutes. */
const MIN_PENDING_SECONDS = 900;
const OPEN_REQUEST = new Set(["pending", "submitted", "needs_approval"]);
const DEAD = new Set(["rejected", "canceled", "cancelled", "denied"]);

/** Decides the result of an attempt, or which read the decision needs. */
export function recognise(shown: Shown, recorded: Attempt): Finding | NeedToRead {
    const attempt = withReplacement(shown, recorded);
    const finding = decide(shown, attempt);
    return finding.kind === "pending" && attempt.request.isOthers === true
        ? { ...finding, certainty: "possible" }
        : finding;
}

function decide(shown: Shown, attempt: Attempt): Finding | NeedToRead {
    const { certificateId } = attempt;
    if (certificateId !== undefined) return decideByCertificate(shown, attempt, certificateId);
    const request = findOwnRequest(shown, attempt);
    return request ? decideByRequest(shown, attempt, request) : decideByContent(shown, attempt);
}

/**
 * Moves the attempt to a later request with its marker, if its own request has ended without a certificate: a copy of the POST
 * that was delayed in the network may replace the request that was acknowledged.
 */
function withReplacement(shown: Shown, attempt: Attempt): Attempt {
    const own = listOwnRequests(shown, attempt);
    if (own.length === 0 || !own.every(isDead)) return attempt;
    const newest = findNewestWithMarker(shown, attempt);
    if (!newest || isDead(newest)) return attempt;
    return { ...attempt, requestIds: [newest.id], certificateId: undefined };
}

/** Decides by the acknowledged certificate id. */
function decideByCertificate(shown: Shown, attempt: Attempt, id: number): Finding | NeedToRead {
    const current = currentEntry(shown.order);
    if (current?.id === id && isIssued(current)) return issuedFinding(current, shown.order);
    if (!shown.reissues) return READ_REISSUES;
    const entry = shown.reissues.map(listEntry).find((one) => one.id === id);
    if (entry && isIssued(entry)) return issuedFinding(entry, shown.order);
    if (entry?.state === "dead") return { kind: "rejected", requestId: attempt.requestIds[0] };
    const request = findOwnRequest(shown, attempt);
    if (request?.state === "unread") return { kind: "read", what: "request", id: request.id };
    if (request?.state === "dead") return { kind: "rejected", requestId: request.id };
    // Where the order does not show its requests, it still says whether a person has to decide one.
    const { requests, has_pending_request: hasOpenRequest } = shown.order;
    const isOpen = request ? request.state === "open" : requests === undefined && hasOpenRequest === true;
    return {
        kind: "pending",
        waitsFor: isOpen ? "approval" : "issuance",
        requestIds: request ? [request.id] : attempt.requestIds,
        certificateId: id,
        certainty: "certain",
        isShown:
            entry !== undefined ||
            (request !== undefined && request.state !== "unreadable") ||
            mayBePending(shown, attempt),
        ...(request?.state === "unreadable" ? { unreadableId: request.id } : {}),
    };
}

/** Whether the reissue may be pending on the order: a reissue is, and it is not certainly somebody else's. */
function mayBePending(shown: Shown, attempt: Attempt): boolean {
    return (
        shown.order.status === REISSUE_PENDING &&
        !isForeignPending(shown, attempt, requestedKeyAndNames(attempt.inputs))
    );
}

/** Decides by the acknowledged request, without a certificate id. */
function decideByRequest(shown: Shown, attempt: Attempt, request: OwnRequest): Finding | NeedToRead {
    if (request.state === "unread") return { kind: "read", what: "request", id: request.id };
    if (request.state === "dead") return { kind: "rejected", requestId: request.id };
    const pending: PendingFinding = {
        kind: "pending",
        waitsFor: request.state === "open" ? "approval" : "issuance",
        requestIds: attempt.requestIds.length > 0 ? attempt.requestIds : [request.id],
        certainty: "certain",
        isShown: request.state !== "unreadable" || mayBePending(shown, attempt),
        ...(request.state === "unreadable" ? { unreadableId: request.id } : {}),
    };
    if (request.state === "open") return pending;
    const result = findResult(shown, attempt, request.id);
    if (result === undefined) {
        // What is listed as pending may be somebody else's, if the request cannot be read and nothing listed has key and names.
        const isListed = entriesOf(shown).some(({ state }) => state === "pending");
        const isDoubtful =
            request.state === "unreadable" && (isListed || openReissueRequests(shown.order).length > 0);
        return isDoubtful ? { ...pending, certainty: "possible" } : pending;
    }
    if ("kind" in result) return result;
    if (isIssued(result)) return issuedFinding(result, shown.order);
    if (result.state === "dead") {
        // If the request cannot be read, the list decides. Otherwise the reissue is waited for: a granted request leads to a
        // certificate, and the dead entry may be somebody else's. If nothing is pending and no request of others explains the dead
        // entry, the reissue counts as not shown, so that the wait ends when the time of the reissue is over.
        if (request.state === "unreadable") return { kind: "rejected", requestId: request.id };
        return {
            ...pending,
            isShown: isReissuePending(shown) || mayAllBeOthers(shown, attempt, "dead"),
        };
    }
    return { ...pending, certificateId: result.id, isShown: true };
}

/**
 * Finds the certificate of a granted request: the oldest certificate after the POST with key and names. DigiCert does not show
 * which request a certificate belongs to.
 */
function findResult(shown: Shown, attempt: Attempt, requestId: number): Entry | NeedToRead | undefined {
    const current = currentEntry(shown.order);
    const others = newerRequests(shown, attempt).some(({ id }) => id !== requestId);
    if (!others && current && isIssued(current) && isNewer(current, attempt)) {
        const match = compareEntry(current, shown, requestedKeyAndNames(attempt.inputs));
        if (match === "yes") return current;
        if (match === "unknown" && !shown.leaves.has(current.id ?? 0)) {
            return { kind: "read", what: "certificate", id: current.id ?? 0 };
        }
    }
    if (!shown.reissues) return READ_REISSUES;
    return findFirstMatch(shown, attempt);
}

/**
 * Finds the first entry after the POST with key and names; a dead entry only if there is no other. An entry that may match is
 * read first.
 */
function findFirstMatch(shown: Shown, attempt: Attempt): Entry | NeedToRead | undefined {
    const requested = requestedKeyAndNames(attempt.inputs);
    const entries = newerEntries(shown, attempt);
    const isDeadEntry = ({ state }: Entry) => state === "dead";
    for (const entry of [...entries.filter((one) => !isDeadEntry(one)), ...entries.filter(isDeadEntry)]) {
        const match = compareEntry(entry, shown, requested);
        if (match === "yes") return entry;
        if (match === "unknown" && isIssued(entry) && entry.id !== undefined && !shown.leaves.has(entry.id)) {
            return { kind: "read", what: "certificate", id: entry.id };
        }
    }
    return undefined;
}

/** Finds an issued certificate from after the POST whose key and names cannot be read. */
function findUnreadableEntry(shown: Shown, attempt: Attempt): Entry | undefined {
    const requested = requestedKeyAndNames(attempt.inputs);
    return newerEntries(shown, attempt).find(
        (entry) => isIssued(entry) && compareEntry(entry, shown, requested) === "unknown",
    );
}

/** Decides by key and names, without an id, because the answer to the POST was lost. */
function decideByContent(shown: Shown, attempt: Attempt): Finding | NeedToRead {
    const requested = requestedKeyAndNames(attempt.inputs);
    const current = currentEntry(shown.order);
    if (current?.id !== undefined && isIssued(current) && isNewer(current, attempt)) {
        const match = compareEntry(current, shown, requested);
        if (match === "yes") return issuedFinding(current, shown.order);
        if (match === "unknown" && !shown.leaves.has(current.id)) {
            return { kind: "read", what: "certificate", id: current.id };
        }
    }
    if (!shown.reissues) return READ_REISSUES;
    const found = findFirstMatch(shown, attempt);
    if (found && "kind" in found) return found;
    if (found && isIssued(found)) return issuedFinding(found, shown.order);
    const unreadable = found ? undefined : findUnreadableEntry(shown, attempt);
    if (unreadable) return { kind: "unclear", certificateId: unreadable.id };
    const isRejected = !mayAllBeOthers(shown, attempt, "dead");
    if (found?.state === "dead" && isRejected) return { kind: "rejected" };
    const pending = decidePending(shown, attempt, requested, found?.state === "dead" ? undefined : found);
    // A reissue of somebody else that is pending is no evidence about a dead reissue.
    return pending.kind === "absent" && isRejected ? { kind: "rejected" } : pending;
}

/** Decides whether a reissue that is pending on the order, and that no id names, is this resource's. */
function decidePending(
    shown: Shown,
    attempt: Attempt,
    requested: KeyAndNames,
    found: Entry | undefined,
): Finding | NeedToRead {
    const { order } = shown;
    const openNew = newerRequests(shown, attempt).filter(isOpenRequest);
    const open = openNew.filter((request) => commentsOf(request, attempt) !== "other");
    // The comments of all requests that wait for an approver show that they are somebody else's.
    if (openNew.length > 0 && open.length === 0) return ABSENT;
    const pending = (certainty: "certain" | "possible", requestIds: readonly number[]): Finding => ({
        kind: "pending",
        waitsFor: open.length > 0 || order.has_pending_request === true ? "approval" : "issuance",
        requestIds,
        // A recorded id would make the next read certain.
        certificateId: certainty === "certain" ? found?.id : undefined,
        certainty,
        isShown: true,
    });
    // A request is this resource's only if it has its key and names. It is read, because its id will decide alone from now on.
    for (const { id } of open) {
        if (!shown.requests.has(id)) return { kind: "read", what: "request", id };
        const certificate = shown.requests.get(id)?.order?.certificate;
        const match = certificate ? compareReported(certificate, requested) : "unknown";
        if (match === "yes") return pending("certain", [id]);
    }
    if (found) return pending(mayAllBeOthers(shown, attempt, "pending") ? "possible" : "certain", []);
    if (isPendingOrder(order)) {
        return isForeignPending(shown, attempt, requested) ? ABSENT : pending("possible", []);
    }
    return isKnownStatus(order.status) ? ABSENT : { kind: "unclear" };
}

const ABSENT: Finding = { kind: "absent" };

/** Whether everything that is pending on an order is certainly somebody else's. */
function isForeignPending(shown: Shown, attempt: Attempt, requested: KeyAndNames): boolean {
    const entries = entriesOf(shown).filter(({ state }) => state === "pending");
    const { certificateId } = attempt;
    if (entries.length > 0) {
        return entries.every(
            (one) =>
                !isNewer(one, attempt) ||
                compareEntry(one, shown, requested) === "no" ||
                (certificateId !== undefined && one.id !== undefined && one.id !== certificateId),
        );
    }
    const requests = openReissueRequests(shown.order);
    return (
        requests.length > 0 &&
        requests.every((one) => {
            const certificate = shown.requests.get(one.id)?.order?.certificate;
            return (
                !isNewerRequest(one, attempt) ||
                commentsOf(one, attempt) === "other" ||
                (certificate !== undefined && compareReported(certificate, requested) === "no")
            );
        })
    );
}

interface OwnRequest {
    readonly id: number;
    /** `unread`: the request must be read by its id; `unreadable`: the API key may not read it. */
    readonly state: "open" | "granted" | "dead" | "unread" | "unreadable";
}

/** Finds the request of the attempt: by id, or else the newest request with its marker. */
function findOwnRequest(shown: Shown, attempt: Attempt): OwnRequest | undefined {
    const [id] = attempt.requestIds;
    if (id === undefined) {
        const newest = findNewestWithMarker(shown, attempt);
        return newest && { id: newest.id, state: requestState(newest) };
    }
    const own = listOwnRequests(shown, attempt);
    const listed = own.find((request) => !isDead(request)) ?? own[0];
    // A request that is listed without a status is read by its id.
    if (listed?.status !== undefined) return { id: listed.id, state: requestState(listed) };
    if (!shown.requests.has(id)) return { id, state: "unread" };
    const read = shown.requests.get(id);
    return { id, state: read ? requestState(read) : "unreadable" };
}

/** Lists the requests of the order with the ids that DigiCert acknowledged for the attempt. */
function listOwnRequests({ order }: Shown, { requestIds }: Attempt): ListedRequest[] {
    return (order.requests ?? []).filter(({ id }) => requestIds.includes(id));
}

/** Finds the newest request from after the POST with the attempt's marker. */
function findNewestWithMarker(shown: Shown, attempt: Attempt): ListedRequest | undefined {
    return newerRequests(shown, attempt)
        .filter((request) => commentsOf(request, attempt) === "same")
        .sort((a, b) => b.id - a.id)[0];
}

function requestState(request: Pick<ApprovalRequest, "status">): "open" | "granted" | "dead" {
    if (isOpenRequest(request)) return "open";
    return isDead(request) ? "dead" : "granted";
}

/**
 * Whether requests whose comments show that they are somebody else's explain every reissue in a state that has the key and
 * the names, so that none of them needs to be this resource's. A listed reissue has no comments of its own.
 */
function mayAllBeOthers(shown: Shown, attempt: Attempt, state: "dead" | "pending"): boolean {
    const requested = requestedKeyAndNames(attempt.inputs);
    const entries = newerEntries(shown, attempt).filter(
        (entry) => entry.state === state && compareEntry(entry, shown, requested) === "yes",
    );
    const others = newerRequests(shown, attempt).filter(
        (request) => isDead(request) === (state === "dead") && commentsOf(request, attempt) === "other",
    );
    return entries.length <= others.length;
}

function commentsOf({ comments }: Pick<ApprovalRequest, "comments">, { inputs, request }: Attempt) {
    return readComments(comments, request.marker, inputs.comments);
}

/** Whether an approval request still waits for a person. */
export function isOpenRequest({ status }: Pick<ApprovalRequest, "status">): boolean {
    return OPEN_REQUEST.has(status?.toLowerCase() ?? "");
}

/** Whether a request, or an entry of the list of reissues, has ended without a certificate. */
export function isDead({ status }: { readonly status?: string | undefined }): boolean {
    return DEAD.has(status?.toLowerCase() ?? "");
}

/** The reissue requests of an order that wait for a person. */
export function openReissueRequests({ requests = [] }: Order): ListedRequest[] {
    return requests.filter((request) => isReissueRequest(request) && isOpenRequest(request));
}

/** Whether a request is, or may be, for a reissue. */
export function isReissueRequest({ type }: ListedRequest): boolean {
    return type === undefined || type === "reissue";
}

/**
 * Whether an order by itself shows that a reissue is pending: by its status, its certificate or its requests. A request may stay
 * open after the order has ended.
 */
export function isPendingOrder(order: Order): boolean {
    if (CLOSED.has(order.status)) return false;
    const { id, status } = order.certificate;
    const isReportedPending = id !== undefined && stateOf(status) === "pending";
    return order.status === REISSUE_PENDING || isReportedPending || openReissueRequests(order).length > 0;
}

/** Whether a reissue is pending, by the order or by the list as far as it was read. */
export function isReissuePending(shown: Shown): boolean {
    const isListed = entriesOf(shown).some(({ state, isCurrent }) => state === "pending" && !isCurrent);
    return isPendingOrder(shown.order) || isListed;
}

/**
 * Whether a pending reissue can still be issued: its request waits for a person, or the reissue is shown as pending. A request may
 * stay "approved" after its reissue has ended.
 */
export function isStillPending(shown: Shown, finding: Finding): boolean {
    if (finding.kind !== "pending" || CLOSED.has(shown.order.status)) return false;
    return finding.waitsFor === "approval" || isReissuePending(shown);
}

function newerRequests({ order }: Shown, attempt: Attempt): ListedRequest[] {
    return (order.requests ?? []).filter((one) => isReissueRequest(one) && isNewerRequest(one, attempt));
}

function isNewerRequest({ id, date }: ListedRequest, { request, requestIds, state }: Attempt): boolean {
    // A request of the last reissue; the read before the POST may have lagged behind.
    if (state?.requestIds.includes(id) && !requestIds.includes(id)) return false;
    if (request.before?.request !== undefined) return id > request.before.request;
    return !(Date.parse(date ?? "") < timeBefore(request) - SERVER_SKEW_MS);
}

/**
 * Reads the current certificate of an order. While a reissue is pending, some orders show the pending certificate there, some
 * of them without its status, and some have the status of an order that is not issued yet.
 */
export function currentEntry(order: Order): Entry | undefined {
    const { certificate } = order;
    if (certificate.id === undefined) return undefined;
    const isUnissued =
        (order.status === REISSUE_PENDING ||
            (certificate.status === undefined && UNISSUED.has(order.status))) &&
        certificate.valid_till === undefined &&
        certificate.serial_number === undefined;
    const state = isUnissued ? "pending" : stateOf(certificate.status);
    return { id: certificate.id, state, date: undefined, isCurrent: true, reported: certificate };
}

function listEntry(item: Reissue): Entry {
    const state = item.status === undefined ? "pending" : stateOf(item.status);
    return { id: item.id, state, date: item.date_created, isCurrent: false, reported: item };
}

/** Reads the status of a certificate. It is absent before the first reissue or revocation; an unknown status counts as pending. */
function stateOf(status: string | undefined): Entry["state"] {
    const word = status?.toLowerCase();
    if (word === undefined || word === "issued" || word === "approved" || word === "expired") return "issued";
    if (word === "revoked") return "revoked";
    return DEAD.has(word) ? "dead" : "pending";
}

/** Lists all certificates that the order and the list show, each id once, oldest first. */
export function entriesOf({ order, reissues = [] }: Shown): Entry[] {
    const current = currentEntry(order);
    // An entry without id and status is ignored.
    const listed = reissues
        .filter(({ id, status }) => id !== undefined || status !== undefined)
        .map(listEntry);
    const all = current && !listed.some(({ id }) => id === current.id) ? [...listed, current] : listed;
    return all.sort((a, b) => (a.id ?? Infinity) - (b.id ?? Infinity));
}

function newerEntries(shown: Shown, attempt: Attempt): Entry[] {
    return entriesOf(shown).filter((entry) => isNewer(entry, attempt));
}

/**
 * Whether an entry was made after the POST. Ids decide if possible: an entry with an id above the highest id before the POST was
 * made after it. A dead entry may have been there before, if the list was not read before the POST; in doubt it counts as earlier,
 * and is ignored.
 */
function isNewer(entry: Entry, attempt: Attempt): boolean {
    if (isLastIssued(entry, attempt)) return false;
    const { id, date, state } = entry;
    const { request } = attempt;
    const { replaces, before } = request;
    const highest = before?.certificate ?? replaces;
    const made = Date.parse(date ?? "");
    if (id !== undefined && highest !== undefined) {
        if (id <= highest) return false;
        if (before?.isComplete === true || state !== "dead") return true;
    }
    if (state === "dead") return made > timeBefore(request);
    return !(made < timeBefore(request) - SERVER_SKEW_MS);
}

/**
 * Whether an entry is the certificate that was last issued for the stack: the read before the POST may have lagged behind, and not
 * shown it. In another account, which the resource has moved to, the same id may name another certificate.
 */
function isLastIssued({ id, reported }: Entry, { state }: Attempt): boolean {
    const { certificateId, serialNumber } = state?.issued ?? {};
    const shown = reported.serial_number ?? serialNumber;
    return id !== undefined && id === certificateId && (serialNumber === undefined || shown === serialNumber);
}

/** A moment before the POST: by DigiCert's clock if that is known, or else by this machine's clock, which may differ. */
function timeBefore({ after = "", at }: Attempt["request"]): number {
    const serverTime = Date.parse(after);
    return Number.isNaN(serverTime) ? Date.parse(at) - CLOCK_SKEW_MS : serverTime;
}

/** Whether a certificate is issued; it may be revoked since. */
export function isIssued({ state }: Entry): boolean {
    return state === "issued" || state === "revoked";
}

function issuedFinding({ id = 0, state }: Entry, { status }: Order): Finding {
    return { kind: "issued", certificateId: id, isRevoked: state === "revoked" || status === "revoked" };
}

/** Whether an entry has the key and the names; `unknown` if DigiCert does not show enough. */
export function compareEntry(
    { id, reported }: Entry,
    { leaves }: Pick<Shown, "leaves">,
    requested: KeyAndNames,
): "yes" | "no" | "unknown" {
    const match = compareReported(reported, requested);
    const leaf = id === undefined ? undefined : leaves.get(id);
    if (match !== "unknown" || !leaf) return match;
    return leaf.key.equals(requested.key) && covers(leaf.names, requested.names) ? "yes" : "no";
}

function compareReported(reported: Reported, { key, names }: KeyAndNames): "yes" | "no" | "unknown" {
    const hasKey = csrHasKey(reported.csr, key);
    const hasNames = covers(reportedNames(reported), names);
    if (hasKey === false || (!hasNames && reported.dns_names !== undefined)) return "no";
    return hasKey === true && hasNames ? "yes" : "unknown";
}

/** Whether an attempt stays pending although the order does not show it: DigiCert acknowledged it, and its time is not over. */
export function staysPending(attempt: Attempt, now: Date): boolean {
    if (!isAcknowledged(attempt)) return false;
    const openMs = Math.max(attempt.inputs.issuanceTimeoutSeconds, MIN_PENDING_SECONDS) * 1000;
    return now.getTime() - Date.parse(attempt.request.at) < openMs;
}

/** Adds the ids in a finding to an attempt. */
export function withFinding(attempt: Attempt, finding: Finding): Attempt {
    if (finding.kind === "issued") return { ...attempt, certificateId: finding.certificateId };
    if (finding.kind !== "pending") return attempt;
    const { requestIds, certificateId } = finding;
    if (requestIds.length === 0) return { ...attempt, certificateId: certificateId ?? attempt.certificateId };
    const { requestIds: recorded } = attempt;
    // The certificate of a request that was replaced ended with that request.
    const isReplaced = recorded.length > 0 && !requestIds.some((id) => recorded.includes(id));
    return {
        ...attempt,
        requestIds,
        certificateId: certificateId ?? (isReplaced ? undefined : attempt.certificateId),
    };
}
