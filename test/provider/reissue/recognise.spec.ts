import assert from "node:assert/strict";
import fc from "fast-check";
import { orderAnswer, reissuesAnswer, requestAnswer } from "../../../provider/core/certcentral/answers.js";
import { newAttempt, withOrderBefore, type Attempt } from "../../../provider/core/reissue/attempt.js";
import { makeMarker, readComments } from "../../../provider/core/reissue/marker.js";
import {
    isDead,
    recognise,
    staysPending,
    withFinding,
    type Finding,
    type NeedToRead,
    type Shown,
} from "../../../provider/core/reissue/recognise.js";
import type { ReissueState } from "../../../provider/core/reissue/state.js";
import { keyPair } from "../../fixtures/csr.js";
import { IDENTITY, inputs, issuedState } from "../../fixtures/inputs.js";
import {
    hasContent,
    isDeadMade,
    isPending,
    OrderHistory,
    CSRS,
    readUntilDecided,
    showOrder,
    showReissues,
    steps,
    view,
    WANTED_NAMES,
    type Made,
    type Step,
    type Truth,
    type View,
} from "../../fixtures/orderHistory.js";

const REQUEST = inputs({
    certificate: { csr: CSRS.own, commonName: "shop.example", dnsNames: [...WANTED_NAMES] },
});
const MARKER = makeMarker(REQUEST, IDENTITY);
const RUNS = Number(process.env.RECOGNISE_RUNS ?? 300);

/** The outcome of the POST. */
type Fate = "not accepted" | "answer lost" | "told the request" | "told the certificate" | "told both";

/** An order with an attempt, the ids that are known, and the true outcome. */
interface Case {
    readonly attempt: Attempt;
    /** The reissue of the attempt; absent if it was not accepted. */
    readonly own: Made | undefined;
    /** The reissues of others after the POST, as they are now. */
    readonly others: readonly Made[];
    /** The reissues before the POST. */
    readonly before: readonly Made[];
    readonly view: View;
    /** The order now. */
    readonly truth: Truth;
    readonly isLatest: boolean;
    readonly finding: Finding;
}

interface Options {
    readonly before: readonly Step[];
    readonly after: readonly Step[];
    readonly fate: Fate;
    readonly isSkipped: boolean;
    readonly view: View;
    /** How many steps each read lags behind. */
    readonly lags: readonly [number, number, number];
    readonly readsListBefore: boolean;
    readonly hasOtherKeyBefore: boolean;
}

function options(fates: readonly Fate[], maxLag: number): fc.Arbitrary<Options> {
    const lag = fc.integer({ min: 0, max: maxLag });
    return fc.record({
        before: steps(5, true),
        after: steps(5, false),
        fate: fc.constantFrom(...fates),
        isSkipped: fc.boolean(),
        view: view(),
        lags: fc.tuple(lag, lag, lag),
        readsListBefore: fc.boolean(),
        hasOtherKeyBefore: fc.boolean(),
    });
}

function play(given: Options): Case | undefined {
    const { view, fate, lags } = given;
    const history = new OrderHistory(MARKER, given.hasOtherKeyBefore ? "other" : "own");
    for (const step of given.before) history.play(step);
    // A POST is sent only where nothing is pending.
    if (history.isPending) return undefined;
    const before = history.now;
    const order = showOrder(before, view);
    // The list is read before a POST where a request has ended without a certificate, and whenever it is needed otherwise.
    const isListRead = given.readsListBefore || (order.requests ?? []).some(isDead);
    const started = newAttempt(REQUEST, IDENTITY, "program", new Date(before.now));
    const sent = withOrderBefore(
        started,
        order,
        new Date(before.now),
        isListRead ? showReissues(before, view) : undefined,
    );
    const accepted = fate === "not accepted" ? undefined : history.accept(given.isSkipped);
    const isRequestTold = fate === "told the request" || fate === "told both";
    const isCertificateTold = fate === "told the certificate" || fate === "told both";
    const attempt: Attempt = {
        ...sent,
        ...(accepted && isRequestTold ? { requestIds: [accepted.requestId] } : {}),
        ...(accepted && isCertificateTold ? { certificateId: accepted.certificateId } : {}),
    };
    const atPost = history.truths.length - (accepted ? 2 : 1);
    for (const step of given.after) history.play(step);
    const { truths, now } = history;
    // Reads may lag behind as far as the moment before the POST.
    const at = (lag: number): Truth => truths[Math.max(atPost, truths.length - 1 - lag)] ?? now;
    const [orderLag, listLag, requestLag] = lags;
    const moments = { order: at(orderLag), reissues: at(listLag), request: at(requestLag) };
    const finding = readUntilDecided(moments, view, (shown) => recognise(shown, attempt));
    const ids = new Set(before.made.map(({ certificateId }) => certificateId));
    const later = now.made.filter(({ certificateId }) => !ids.has(certificateId));
    return {
        attempt,
        own: later.find(({ by }) => by === "attempt"),
        others: later.filter(({ by }) => by !== "attempt"),
        before: before.made,
        view,
        truth: now,
        isLatest: lags.every((lag) => lag === 0),
        finding,
    };
}

function holds(
    fates: readonly Fate[],
    maxLag: number,
    check: (found: Case) => void,
    only: (given: Options) => boolean = () => true,
): void {
    fc.assert(
        fc.property(options(fates, maxLag), (given) => {
            fc.pre(only(given));
            const found = play(given);
            fc.pre(found !== undefined);
            check(found);
        }),
        { numRuns: RUNS },
    );
}

const LOST: readonly Fate[] = ["not accepted", "answer lost"];
const TOLD: readonly Fate[] = ["told the request", "told the certificate", "told both"];
const ALL = [...LOST, ...TOLD];

const certificateIdOf = (finding: Finding): number | undefined =>
    "certificateId" in finding ? finding.certificateId : undefined;
const requestIdsOf = (finding: Finding): readonly number[] =>
    finding.kind === "pending"
        ? finding.requestIds
        : finding.kind === "rejected" && finding.requestId !== undefined
          ? [finding.requestId]
          : [];

/** Whether the order shows the comments of a reissue, and they say that it is another's. */
const isToldForeign = ({ isListed, comments }: Made, { view }: Pick<Case, "view">): boolean =>
    isListed &&
    view.requests &&
    comments !== undefined &&
    !comments.includes(MARKER) &&
    (view.comments === "shown" || view.comments === "escaped");

/** Whether a finding is certain of a pending reissue that is not the attempt's own. */
function isCertainOfAnother({ finding, own }: Case): boolean {
    if (finding.kind !== "pending" || finding.certainty !== "certain") return false;
    const isOwn =
        own !== undefined &&
        [own.certificateId, undefined].includes(finding.certificateId) &&
        finding.requestIds.every((id) => id === own.requestId);
    return !isOwn;
}

describe("recognise, for any history of an order and any view of it", () => {
    it("never forgets an attempt that DigiCert acknowledged with an id", () => {
        holds(TOLD, 10, ({ finding }) => {
            assert.ok(finding.kind !== "absent" && finding.kind !== "unclear");
        });
    });

    it("finds nobody else's entry once the certificate's id is known", () => {
        holds(["told the certificate", "told both"], 10, ({ finding, own }) => {
            if (finding.kind === "issued" || finding.kind === "pending") {
                assert.equal(finding.certificateId, own?.certificateId);
            }
            if (finding.kind === "pending") assert.equal(finding.certainty, "certain");
            assert.ok(requestIdsOf(finding).every((id) => id === own?.requestId));
        });
    });

    it("finds nobody else's pending entry once the request's id is known", () => {
        holds(["told the request"], 10, ({ finding, own, others, view, isLatest }) => {
            assert.ok(requestIdsOf(finding).every((id) => id === own?.requestId));
            const id = certificateIdOf(finding);
            if (id === undefined || id === own?.certificateId) return;
            // DigiCert does not tell which request a certificate came from: a later one with key and names may be taken.
            const taken = others.find(({ certificateId }) => certificateId === id);
            assert.ok(taken && hasContent(taken));
            // Where the request cannot be read, or a read lags behind, it cannot be told that it has ended.
            if (finding.kind === "pending") assert.ok(!view.mayReadRequests || !isLatest);
        });
    });

    it("takes an attempt for rejected only if it was, once an id is known", () => {
        holds(TOLD, 10, ({ finding, own }) => {
            if (finding.kind === "rejected") assert.ok(own && isDeadMade(own));
        });
    });

    it("tells where an acknowledged attempt stands, where the order can be read", () => {
        holds(TOLD, 0, ({ finding, own, view, attempt }) => {
            assert.ok(own);
            const isEntryTold =
                attempt.certificateId !== undefined &&
                (view.hasEntryBeforeApproval || own.state === "canceled" || !own.isListed);
            const isRequestTold =
                attempt.requestIds.length > 0 && own.isListed && (view.requests || view.mayReadRequests);
            if (isDeadMade(own) && (isEntryTold || isRequestTold)) assert.equal(finding.kind, "rejected");
            const isContentTold = view.mayDownload || (view.csrs !== "none" && view.names === "told");
            if (own.issuedAt !== undefined && isContentTold) assert.equal(finding.kind, "issued");
            if (isPending(own)) assert.equal(finding.kind, "pending");
            if (finding.kind === "issued" && finding.certificateId === own.certificateId) {
                assert.equal(finding.isRevoked, own.state === "revoked");
            }
        });
    });

    it("never takes for its result what was there before the POST", () => {
        holds(ALL, 10, ({ finding, before }) => {
            const id = certificateIdOf(finding);
            assert.ok(before.every(({ certificateId }) => certificateId !== id));
            const requests = requestIdsOf(finding);
            assert.ok(before.every(({ requestId }) => !requests.includes(requestId)));
        });
    });

    it("is not rejected by a reissue from before, with another key or names, or with comments that say it is another's", () => {
        holds(LOST, 10, (found) => {
            const { finding, own, others, isLatest } = found;
            if (finding.kind !== "rejected" || (own && isDeadMade(own))) return;
            const dead = others.filter((one) => isDeadMade(one) && hasContent(one));
            assert.ok(dead.length > 0);
            // Where a read lags behind, the order does not show yet that another's request has ended; it is read again.
            if (isLatest) assert.ok(dead.some((one) => !isToldForeign(one, found)));
        });
    });

    it("is certain of a pending reissue only if it is its own, or has its key and names", () => {
        holds(LOST, 10, (found) => {
            if (isCertainOfAnother(found)) assert.ok(found.others.some(hasContent));
        });
    });

    it("is not certain of a pending reissue whose comments say that it is another's", () => {
        holds(LOST, 0, (found) => {
            if (!isCertainOfAnother(found)) return;
            assert.ok(
                found.others.some((one) => isPending(one) && hasContent(one) && !isToldForeign(one, found)),
            );
        });
    });

    it("finds only a certificate with the key and the names", () => {
        holds(LOST, 10, ({ finding, own, others }) => {
            if (finding.kind !== "issued") return;
            const found = [own, ...others].find((one) => one?.certificateId === finding.certificateId);
            assert.ok(found && hasContent(found));
        });
    });

    it("never finds absent what was accepted and is shown with its key and names, or its marker", () => {
        holds(["answer lost"], 0, ({ finding, own, others, view }) => {
            assert.ok(own);
            const isMarkerTold =
                own.isListed && view.requests && (view.comments === "shown" || view.comments === "escaped");
            const isReported = view.csrs !== "none" && view.names === "told";
            const isEntryListed = own.state !== "approval" && !(own.isListed && own.state === "rejected");
            const isEntryShown = isEntryListed || view.hasEntryBeforeApproval;
            const isContentTold =
                isEntryShown && (isReported || (own.issuedAt !== undefined && view.mayDownload));
            if (isPending(own) || isMarkerTold) assert.notEqual(finding.kind, "absent");
            // A dead entry is told from earlier ones by its date, or by a list that was read before.
            if (isContentTold && !isDeadMade(own)) assert.notEqual(finding.kind, "absent");
            // Which request an entry belongs to is not shown, so another's dead request may explain it.
            const isExplained = others.some(isDeadMade);
            if (isContentTold && isDeadMade(own) && view.dates && !isExplained) {
                assert.notEqual(finding.kind, "absent");
            }
        });
    });

    it("finds absent what was not accepted, so that it can be requested, where others are told apart", () => {
        holds(["not accepted"], 0, ({ finding, others, view }) => {
            const isKeyTold = view.csrs !== "none" && view.hasEntryBeforeApproval;
            const isApart = (one: Made) =>
                isKeyTold && (one.key === "other" || (one.names === "other" && view.names === "told"));
            if (others.every(isApart)) assert.equal(finding.kind, "absent");
        });
    });
});

describe("recognise, case by case", () => {
    const at = "2026-03-02T08:00:00.000Z";
    const attempt = (more: Partial<Attempt> = {}, request: Partial<Attempt["request"]> = {}): Attempt => ({
        ...newAttempt(REQUEST, IDENTITY, "program", new Date(at)),
        request: { marker: MARKER, at, before: { certificate: 9000, request: 7000 }, ...request },
        ...more,
    });
    const content = { common_name: "shop.example", dns_names: WANTED_NAMES, csr: CSRS.own };
    const shown = (
        order: object,
        { reissues, request }: { reissues?: readonly object[]; request?: object } = {},
    ): Shown => ({
        orderId: "112233",
        order: orderAnswer.parse({ status: "issued", certificate: { id: 9000, ...content }, ...order }),
        reissues: reissues && reissuesAnswer.parse({ certificates: reissues }).certificates,
        requests: new Map(request ? [[7001, requestAnswer.parse({ id: 7001, ...request })]] : []),
        leaves: new Map(),
    });
    const marked = { id: 7001, type: "reissue", comments: `[pulumi-digicert ${MARKER}]` };
    const silent = { id: 7001, type: "reissue" };
    const byHand = { id: 7001, type: "reissue", comments: "by hand" };
    const asked = { requestIds: [7001] };
    /** An entry of the list from after the POST. */
    const entry = (status: string, more: object = {}) => ({
        id: 9020,
        status,
        date_created: "2026-03-02T09:00:00Z",
        ...content,
        ...more,
    });
    /** The certificate in use, which was issued before the POST. */
    const inUse = { id: 9000, ...content, valid_till: "2026-09-01" };
    const pendingOrder = { status: "reissue_pending", certificate: inUse };
    /** The API key may not read the request. */
    const unreadable = (seen: Shown): Shown => ({ ...seen, requests: new Map([[7001, undefined]]) });
    /** DigiCert does not return the certificate. */
    const withoutLeaf = (seen: Shown, id: number): Shown => ({ ...seen, leaves: new Map([[id, undefined]]) });
    /** A state whose last certificate has this id and serial number. */
    const withLastIssued = (certificateId: number, serialNumber: string): ReissueState => {
        const state = issuedState(REQUEST, { certificateId });
        return { ...state, issued: state.issued && { ...state.issued, serialNumber } };
    };
    /** The list was read before the POST, so an entry with a higher id is newer. */
    const complete = { before: { certificate: 9000, request: 7000, isComplete: true } };

    /** The order shows a certificate with the id of the last one of the stack, which the read before the POST did not show. */
    const lastIssuedRows = (
        [
            ["with its serial number is no result", "0A", "0A", "absent"],
            ["without a serial number is no result", "0A", undefined, "absent"],
            ["is no result where no serial number is recorded", undefined, "0A", "absent"],
            ["with another serial number, as in another account, is the result", "0A", "0B", "issued"],
        ] as const
    ).map(([what, recorded, told, kind]): (typeof rows)[number] => {
        const last = issuedState(REQUEST, { certificateId: 9020 });
        const state = { ...last, issued: last.issued && { ...last.issued, serialNumber: recorded } };
        const seen = shown({ certificate: entry("issued", { serial_number: told }) }, { reissues: [] });
        return [`the last certificate ${what}`, seen, attempt({ state }), { kind }];
    });
    const rows: [string, Shown, Attempt, Partial<Finding | NeedToRead>][] = [
        [
            "an open request is pending without a read of the list",
            shown({ status: "reissue_pending", requests: [{ ...marked, status: "pending" }] }),
            attempt(asked),
            { kind: "pending", waitsFor: "approval", certainty: "certain" },
        ],
        [
            "a granted request waits, although another's reissue was cancelled since",
            shown({ requests: [{ ...marked, status: "approved" }] }, { reissues: [entry("canceled")] }),
            attempt(asked),
            { kind: "pending", waitsFor: "issuance", isShown: false },
        ],
        [
            "a request that may not be read was rejected where its entry was",
            shown({}, { reissues: [entry("rejected")] }),
            attempt({ requestIds: [7001], certificateId: 9020 }),
            { kind: "rejected", requestId: 7001 },
        ],
        [
            "a request that the key may not read was rejected where the only new entry was",
            {
                ...shown({}, { reissues: [entry("rejected")] }),
                requests: new Map([[7001, undefined]]),
            },
            attempt(asked),
            { kind: "rejected", requestId: 7001 },
        ],
        [
            "a request that is not listed is read",
            shown({}, { reissues: [] }),
            attempt(asked),
            { kind: "read", what: "request" },
        ],
        [
            "a request that is listed without a status is read",
            shown({ ...pendingOrder, requests: [marked] }, { reissues: [] }),
            attempt(asked),
            { kind: "read", what: "request" },
        ],
        [
            "a request that is listed without a status waits for an approver where it says so itself",
            shown(
                { ...pendingOrder, requests: [marked] },
                { reissues: [], request: { ...marked, status: "pending" } },
            ),
            attempt(asked),
            { kind: "pending", waitsFor: "approval", certainty: "certain" },
        ],
        [
            "an order in a state that is not known proves nothing",
            shown({ status: "on its way" }, { reissues: [] }),
            attempt(),
            { kind: "unclear" },
        ],
        [
            "an earlier request with the same marker is not the attempt's",
            shown({ requests: [{ ...marked, id: 6999, status: "rejected" }] }, { reissues: [] }),
            attempt(),
            { kind: "absent" },
        ],
        [
            "a revocation request with the marker is not a reissue",
            shown({ requests: [{ ...marked, type: "revoke", status: "rejected" }] }, { reissues: [] }),
            attempt(),
            { kind: "absent" },
        ],
        [
            "an earlier request is told by its date where no id is known",
            shown(
                {
                    certificate: {},
                    requests: [{ ...marked, status: "rejected", date: "2026-03-01T08:00:00Z" }],
                },
                { reissues: [] },
            ),
            attempt({}, { before: {} }),
            { kind: "absent" },
        ],
        [
            "an earlier reissue is told by its date where no id is known",
            shown(
                { certificate: {} },
                { reissues: [entry("issued", { id: 8000, date_created: "2026-03-01T08:00:00Z" })] },
            ),
            attempt({}, { before: {} }),
            { kind: "absent" },
        ],
        [
            "a certificate without a status and an end, on a pending order, is the pending one",
            shown({ status: "reissue_pending", certificate: { id: 9020, ...content } }, { reissues: [] }),
            attempt(),
            { kind: "pending", certificateId: 9020, certainty: "certain" },
        ],
        [
            "another's open request says nothing of the attempt, although its certificate has the key",
            shown(
                {
                    status: "reissue_pending",
                    requests: [{ ...byHand, status: "pending" }],
                },
                {
                    reissues: [],
                    request: { status: "pending", comments: "by hand", order: { certificate: content } },
                },
            ),
            attempt(),
            { kind: "absent" },
        ],
        [
            "where another request is newer, the list decides which certificate is the attempt's",
            shown(
                {
                    certificate: { id: 9030, status: "issued", ...content },
                    requests: [
                        { ...marked, status: "approved" },
                        { id: 7003, type: "reissue", status: "approved" },
                    ],
                },
                {
                    reissues: [entry("issued"), entry("issued", { id: 9030 })],
                },
            ),
            attempt(asked),
            { kind: "issued", certificateId: 9020 },
        ],
        [
            "a certificate whose own names lack one is not the attempt's",
            {
                ...shown(
                    { certificate: { id: 9020, status: "issued", common_name: "shop.example" } },
                    { reissues: [{ id: 9020, status: "issued", common_name: "shop.example" }] },
                ),
                leaves: new Map([
                    [9020, { key: keyPair("P-256").publicKey, names: new Set(["shop.example"]) }],
                ]),
            },
            attempt(),
            { kind: "absent" },
        ],
        [
            "a rejected entry from before the POST says nothing, although its id is higher than those that were read",
            shown({}, { reissues: [entry("rejected", { date_created: "2026-03-01T08:00:00Z" })] }),
            attempt(),
            { kind: "absent" },
        ],
        [
            "a rejected entry without a date says nothing, unless the list was read before the POST",
            shown({}, { reissues: [entry("rejected", { date_created: undefined })] }),
            attempt(),
            { kind: "absent" },
        ],
        [
            "a rejected entry without a date is the attempt's, if the list was read before the POST",
            shown({}, { reissues: [entry("rejected", { date_created: undefined })] }),
            attempt({}, complete),
            { kind: "rejected" },
        ],
        [
            "a reissue may be dated 4 min before the POST, because DigiCert's clocks differ",
            shown(
                { certificate: {} },
                { reissues: [entry("issued", { date_created: "2026-03-02T07:56:00Z" })] },
            ),
            attempt({}, { before: {}, after: at }),
            { kind: "issued", certificateId: 9020 },
        ],
        [
            "a reissue may be dated 9 min before the POST where only the own clock is known",
            shown(
                { certificate: {} },
                { reissues: [entry("issued", { date_created: "2026-03-02T07:51:00Z" })] },
            ),
            attempt({}, { before: {} }),
            { kind: "issued", certificateId: 9020 },
        ],
        [
            "of two requests with the marker the newest is the attempt's",
            shown({
                status: "reissue_pending",
                requests: [
                    { ...marked, status: "rejected" },
                    { ...marked, id: 7004, status: "pending" },
                ],
            }),
            attempt(),
            { kind: "pending", requestIds: [7004] },
        ],
        [
            "a pending entry with the key is another's, if the only open request is",
            shown(
                { status: "reissue_pending", requests: [{ ...byHand, status: "pending" }] },
                { reissues: [entry("pending")] },
            ),
            attempt(),
            { kind: "absent" },
        ],
        [
            "a rejected entry with the key is another's, if the only rejected request is",
            shown({ requests: [{ ...byHand, status: "rejected" }] }, { reissues: [entry("rejected")] }),
            attempt({}, complete),
            { kind: "absent" },
        ],
        [
            "a rejected entry with the key is the attempt's, although another's reissue with the key is pending",
            shown(
                { status: "reissue_pending", requests: [{ ...byHand, status: "pending" }] },
                { reissues: [entry("rejected"), entry("pending", { id: 9030 })] },
            ),
            attempt({}, complete),
            { kind: "rejected" },
        ],
        [
            "a pending entry with the key may be another's, if another's request was granted",
            shown(
                { status: "reissue_pending", requests: [{ ...byHand, status: "approved" }] },
                { reissues: [entry("pending")] },
            ),
            attempt(),
            { kind: "pending", certainty: "possible" },
        ],
        [
            "a certificate that order and list show counts once",
            shown(
                {
                    status: "reissue_pending",
                    certificate: entry("pending"),
                    requests: [{ ...byHand, status: "approved" }],
                },
                { reissues: [entry("pending")] },
            ),
            attempt(),
            { kind: "pending", certainty: "possible" },
        ],
        [
            "an open request whose comments say nothing is read",
            shown(
                { status: "reissue_pending", requests: [{ ...silent, status: "pending" }] },
                { reissues: [] },
            ),
            attempt(),
            { kind: "read", what: "request" },
        ],
        [
            "an open request with another key is another's, although its comments say nothing",
            shown(
                { ...pendingOrder, requests: [{ ...silent, status: "pending" }] },
                { reissues: [], request: { order: { certificate: { ...content, csr: CSRS.other } } } },
            ),
            attempt(),
            { kind: "absent" },
        ],
        [
            "a certificate with a name that the program did not ask for is the attempt's",
            shown({ certificate: entry("issued", { dns_names: [...WANTED_NAMES, "added.example"] }) }),
            attempt(),
            { kind: "issued", certificateId: 9020 },
        ],
        [
            "a certificate whose list of names is empty is read",
            shown({ certificate: entry("issued", { dns_names: [] }) }, { reissues: [] }),
            attempt(),
            { kind: "read", what: "certificate" },
        ],
        [
            "of two requests of one attempt the open one counts, although the other was cancelled",
            shown({
                status: "reissue_pending",
                requests: [
                    { ...silent, status: "canceled" },
                    { ...silent, id: 7002, status: "pending" },
                ],
            }),
            attempt({ requestIds: [7001, 7002] }),
            { kind: "pending", waitsFor: "approval" },
        ],
        [
            "an issued certificate in the list whose key is not told is read",
            shown({}, { reissues: [entry("issued", { csr: undefined })] }),
            attempt(),
            { kind: "read", what: "certificate" },
        ],
        [
            "a status counts in any spelling",
            shown({}, { reissues: [entry("Issued")] }),
            attempt(),
            { kind: "issued", certificateId: 9020 },
        ],
        ...["submitted", "needs_approval", "Pending"].map((status): (typeof rows)[number] => [
            `a request that is ${status} waits for an approver`,
            shown({ status: "reissue_pending", requests: [{ ...marked, status }] }),
            attempt(asked),
            { kind: "pending", waitsFor: "approval" },
        ]),
        [
            "an entry without id and status says nothing",
            shown(
                { status: "reissue_pending", requests: [{ ...silent, status: "pending" }] },
                { reissues: [{}], request: { order: { certificate: { ...content, csr: CSRS.other } } } },
            ),
            attempt(),
            { kind: "absent" },
        ],
        [
            "an acknowledged certificate stays pending, and counts as hidden, where the order shows nothing of it",
            shown({}, { reissues: [] }),
            attempt({ certificateId: 9020 }),
            { kind: "pending", isShown: false },
        ],
        [
            "a later request with the marker takes the place of one that was cancelled",
            shown({
                status: "reissue_pending",
                requests: [
                    { ...marked, status: "canceled" },
                    { ...marked, id: 7004, status: "pending" },
                ],
            }),
            attempt(asked),
            { kind: "pending", requestIds: [7004] },
        ],
        [
            "a later request with the marker takes its place although the certificate's id was told",
            shown(
                {
                    status: "reissue_pending",
                    requests: [
                        { ...marked, status: "canceled" },
                        { ...marked, id: 7004, status: "pending" },
                    ],
                },
                { reissues: [entry("canceled")] },
            ),
            attempt({ ...asked, certificateId: 9020 }),
            { kind: "pending", requestIds: [7004] },
        ],
        [
            "a later request with the marker says nothing while the attempt's own is open",
            shown({
                status: "reissue_pending",
                requests: [
                    { ...marked, id: 7004, status: "pending" },
                    { ...marked, status: "pending" },
                ],
            }),
            attempt(asked),
            { kind: "pending", requestIds: [7001] },
        ],
        [
            "a later request with the marker says nothing where the attempt's own is not listed",
            shown({ status: "reissue_pending", requests: [{ ...marked, id: 7004, status: "pending" }] }),
            attempt(asked),
            { kind: "read", what: "request" },
        ],
        [
            "a later request that was cancelled too takes no place",
            shown({
                requests: [
                    { ...marked, status: "canceled" },
                    { ...marked, id: 7004, status: "canceled" },
                ],
            }),
            attempt(asked),
            { kind: "rejected", requestId: 7001 },
        ],
        [
            "a later request of somebody else takes no place",
            shown({
                status: "reissue_pending",
                requests: [
                    { ...marked, status: "canceled" },
                    { ...byHand, id: 7004, status: "pending" },
                ],
            }),
            attempt(asked),
            { kind: "rejected", requestId: 7001 },
        ],
        [
            "a request from before the POST takes no place",
            shown({
                requests: [
                    { ...marked, id: 6999, status: "approved" },
                    { ...marked, status: "canceled" },
                ],
            }),
            attempt(asked),
            { kind: "rejected", requestId: 7001 },
        ],
        [
            "a dead entry with the key says nothing beside the certificate of a granted request",
            shown(
                {
                    requests: [
                        { ...marked, id: 7002, status: "rejected" },
                        { ...marked, status: "approved" },
                    ],
                },
                { reissues: [entry("rejected", { id: 9010 }), entry("issued")] },
            ),
            attempt(asked),
            { kind: "issued", certificateId: 9020 },
        ],
        [
            "an acknowledged certificate that is the order's issued one needs no read of the list",
            shown({ certificate: entry("issued") }),
            attempt({ certificateId: 9020 }),
            { kind: "issued", certificateId: 9020 },
        ],
        [
            "an acknowledged certificate whose request is open waits for an approver",
            shown({ ...pendingOrder, requests: [{ ...silent, status: "pending" }] }, { reissues: [] }),
            attempt({ ...asked, certificateId: 9020 }),
            { kind: "pending", waitsFor: "approval", certificateId: 9020, isShown: true },
        ],
        [
            "an acknowledged certificate is shown by its granted request, and waits for issuance",
            shown({ requests: [{ ...marked, status: "approved" }] }, { reissues: [] }),
            attempt({ ...asked, certificateId: 9020 }),
            { kind: "pending", waitsFor: "issuance", isShown: true },
        ],
        [
            "an acknowledged certificate is shown by its entry, and waits for issuance where no request is known",
            shown({}, { reissues: [entry("pending")] }),
            attempt({ certificateId: 9020 }),
            { kind: "pending", waitsFor: "issuance", isShown: true },
        ],
        [
            "a request with the marker is that of the acknowledged certificate",
            shown({ ...pendingOrder, requests: [{ ...marked, status: "pending" }] }, { reissues: [] }),
            attempt({ certificateId: 9020 }),
            { kind: "pending", requestIds: [7001], certificateId: 9020 },
        ],
        [
            "an acknowledged certificate is hidden, and its request named, where that may not be read",
            unreadable(shown({}, { reissues: [] })),
            attempt({ ...asked, certificateId: 9020 }),
            { kind: "pending", isShown: false, unreadableId: 7001 },
        ],
        [
            "an acknowledged certificate may be what is pending on the order",
            unreadable(shown(pendingOrder, { reissues: [] })),
            attempt({ ...asked, certificateId: 9020 }),
            { kind: "pending", isShown: true },
        ],
        [
            "a request that may not be read may be what is pending on the order",
            unreadable(shown(pendingOrder, { reissues: [] })),
            attempt(asked),
            { kind: "pending", isShown: true, unreadableId: 7001 },
        ],
        [
            "a request that may not be read is hidden where another's is what is pending",
            unreadable(
                shown(
                    { ...pendingOrder, requests: [{ ...byHand, id: 7002, status: "pending" }] },
                    { reissues: [] },
                ),
            ),
            attempt(asked),
            { kind: "pending", isShown: false },
        ],
        [
            "a request that may not be read is shown by a pending entry with the key",
            unreadable(shown({}, { reissues: [entry("pending")] })),
            attempt(asked),
            { kind: "pending", certificateId: 9020, isShown: true },
        ],
        [
            "a granted request is shown before its certificate is",
            shown({ requests: [{ ...marked, status: "approved" }] }, { reissues: [] }),
            attempt(asked),
            { kind: "pending", isShown: true },
        ],
        [
            "a request is found under any of the ids that are followed, and all of them stay recorded",
            shown({ status: "reissue_pending", requests: [{ ...silent, status: "pending" }] }),
            attempt({ requestIds: [7009, 7001] }),
            { kind: "pending", requestIds: [7009, 7001] },
        ],
        [
            "a reissue whose request names somebody else is only possible, although its id is known",
            shown({ status: "reissue_pending", requests: [{ ...byHand, status: "pending" }] }),
            attempt(asked, { isOthers: true }),
            { kind: "pending", certainty: "possible", requestIds: [7001] },
        ],
        [
            "a granted request is shown beside a dead entry while something is pending on the order",
            shown(
                { ...pendingOrder, requests: [{ ...marked, status: "approved" }] },
                { reissues: [entry("canceled")] },
            ),
            attempt(asked),
            { kind: "pending", isShown: true },
        ],
        [
            "a granted request is shown beside a dead entry while something is pending in the list",
            shown(
                { requests: [{ ...marked, status: "approved" }] },
                { reissues: [entry("canceled"), entry("pending", { id: 9030, csr: CSRS.other })] },
            ),
            attempt(asked),
            { kind: "pending", isShown: true },
        ],
        [
            "a granted request is shown beside a dead entry that another's request explains",
            shown(
                {
                    requests: [
                        { ...marked, status: "approved" },
                        { ...byHand, id: 7002, status: "canceled" },
                    ],
                },
                { reissues: [entry("canceled")] },
            ),
            attempt(asked),
            { kind: "pending", isShown: true },
        ],
        [
            "a pending certificate of the order is not taken for that of a granted request before the list is read",
            shown({
                status: "reissue_pending",
                certificate: entry("pending"),
                requests: [{ ...marked, status: "approved" }],
            }),
            attempt(asked),
            { kind: "read", what: "reissues" },
        ],
        [
            "the order's certificate whose key is not told is read before the list, for a granted request",
            shown({
                certificate: entry("issued", { csr: undefined }),
                requests: [{ ...marked, status: "approved" }],
            }),
            attempt(asked),
            { kind: "read", what: "certificate" },
        ],
        [
            "the order's certificate whose key is not told is read before the list",
            shown({ certificate: entry("issued", { csr: undefined }) }),
            attempt(),
            { kind: "read", what: "certificate" },
        ],
        [
            "a pending entry whose key is not told may be the attempt's, and is not read",
            shown(pendingOrder, { reissues: [entry("pending", { csr: undefined })] }),
            attempt(),
            { kind: "pending", certainty: "possible" },
        ],
        [
            "a certificate that cannot be read proves nothing",
            withoutLeaf(shown({}, { reissues: [entry("issued", { csr: undefined })] }), 9020),
            attempt(),
            { kind: "unclear", certificateId: 9020 },
        ],
        [
            "a certificate that cannot be read says nothing beside a pending entry with the key",
            withoutLeaf(
                shown({}, { reissues: [entry("issued", { id: 9010, csr: undefined }), entry("pending")] }),
                9010,
            ),
            attempt(),
            { kind: "pending", certainty: "certain", certificateId: 9020 },
        ],
        [
            "a rejected entry with the key is the attempt's, whatever request is open",
            shown(
                { ...pendingOrder, requests: [{ ...silent, status: "pending" }] },
                { reissues: [entry("rejected")] },
            ),
            attempt({}, complete),
            { kind: "rejected" },
        ],
        [
            "a pending entry with the key comes before a rejected one",
            shown(pendingOrder, { reissues: [entry("rejected"), entry("pending", { id: 9030 })] }),
            attempt({}, complete),
            { kind: "pending", certainty: "certain", certificateId: 9030 },
        ],
        [
            "each rejected entry with the key needs a request of another's to be another's",
            shown(
                { requests: [{ ...byHand, status: "rejected" }] },
                { reissues: [entry("rejected"), entry("rejected", { id: 9030 })] },
            ),
            attempt({}, complete),
            { kind: "rejected" },
        ],
        [
            "another's request from before the POST explains no rejected entry",
            shown(
                { requests: [{ ...byHand, id: 6999, status: "rejected" }] },
                { reissues: [entry("rejected")] },
            ),
            attempt({}, complete),
            { kind: "rejected" },
        ],
        [
            "an open request with the key and the names is the attempt's",
            shown(
                { ...pendingOrder, requests: [{ ...silent, status: "pending" }] },
                { reissues: [], request: { order: { certificate: content } } },
            ),
            attempt(),
            {
                kind: "pending",
                waitsFor: "approval",
                certainty: "certain",
                requestIds: [7001],
                isShown: true,
            },
        ],
        [
            "an order that says that a request waits, waits for an approver",
            shown({ ...pendingOrder, has_pending_request: true }, { reissues: [] }),
            attempt(),
            { kind: "pending", waitsFor: "approval", certainty: "possible" },
        ],
        [
            "of two pending entries one may be the attempt's",
            shown(pendingOrder, {
                reissues: [
                    entry("pending", { csr: CSRS.other }),
                    entry("pending", { id: 9030, csr: undefined }),
                ],
            }),
            attempt(),
            { kind: "pending", certainty: "possible" },
        ],
        [
            "of two open requests one may be the attempt's",
            unreadable(
                shown(
                    {
                        ...pendingOrder,
                        requests: [
                            { ...silent, status: "pending" },
                            { ...byHand, id: 7002, status: "pending" },
                        ],
                    },
                    { reissues: [] },
                ),
            ),
            attempt(),
            { kind: "pending", certainty: "possible" },
        ],
        [
            "an open request from before the POST is another's",
            shown(
                { ...pendingOrder, requests: [{ ...silent, id: 6999, status: "pending" }] },
                { reissues: [] },
            ),
            attempt(),
            { kind: "absent" },
        ],
        [
            "an open revocation request is not a reissue",
            shown({ requests: [{ ...silent, type: "revoke", status: "pending" }] }, { reissues: [] }),
            attempt(),
            { kind: "absent" },
        ],
        [
            "a request without a type may be for a reissue",
            shown({
                status: "reissue_pending",
                requests: [{ ...marked, type: undefined, status: "pending" }],
            }),
            attempt(),
            { kind: "pending", requestIds: [7001] },
        ],
        [
            "a status of a request counts in any spelling",
            shown({ requests: [{ ...marked, status: "Rejected" }] }),
            attempt(asked),
            { kind: "rejected", requestId: 7001 },
        ],
        [
            "an open request may be the attempt's, although the order is not pending",
            unreadable(
                shown({ certificate: inUse, requests: [{ ...silent, status: "pending" }] }, { reissues: [] }),
            ),
            attempt(),
            { kind: "pending", certainty: "possible" },
        ],
        [
            "a pending certificate may be the attempt's, although the order is not pending",
            shown({ certificate: entry("pending", { csr: undefined }) }, { reissues: [] }),
            attempt(),
            { kind: "pending", certainty: "possible" },
        ],
        [
            "a certificate without an id is none, whatever its status",
            shown({ certificate: { status: "pending" } }, { reissues: [] }),
            attempt(),
            { kind: "absent" },
        ],
        [
            "a certificate of an order that is not issued yet is not issued",
            shown({ status: "needs_approval", certificate: { id: 9020, ...content } }, { reissues: [] }),
            attempt(),
            { kind: "pending", certificateId: 9020 },
        ],
        [
            "a certificate with a status is issued, whatever the order's status",
            shown({ status: "needs_approval", certificate: { id: 9020, status: "issued", ...content } }),
            attempt(),
            { kind: "issued", certificateId: 9020 },
        ],
        ...(
            [
                ["of the same serial number, is no result", { serial_number: "0A" }, "absent"],
                ["whose serial number is not shown, is no result", {}, "absent"],
                [
                    "of another serial number, is another account's, and the result",
                    { serial_number: "0B" },
                    "issued",
                ],
            ] as const
        ).map(([what, serial, kind]): (typeof rows)[number] => [
            `a certificate with the id of the last one in the state, ${what}`,
            shown({ certificate: { id: 9020, ...content, ...serial } }, { reissues: [] }),
            attempt({ state: withLastIssued(9020, "0A") }),
            { kind },
        ]),
        [
            "a certificate with a serial number is issued, although the order is pending",
            shown({
                status: "reissue_pending",
                certificate: { id: 9020, serial_number: "0A1B", ...content },
            }),
            attempt(),
            { kind: "issued", certificateId: 9020 },
        ],
        [
            "an entry without a status is pending",
            shown({}, { reissues: [entry("pending", { status: undefined })] }),
            attempt(),
            { kind: "pending", certificateId: 9020 },
        ],
        [
            "an entry with a status that is not known is waited for",
            shown({}, { reissues: [entry("on its way")] }),
            attempt(),
            { kind: "pending", certificateId: 9020 },
        ],
        [
            "what was the order's certificate before the POST is not its result, where no other id is known",
            shown({}, { reissues: [entry("issued")] }),
            attempt({}, { before: {}, replaces: 9020 }),
            { kind: "absent" },
        ],
        [
            "a certificate with a higher id is new, whatever its date",
            shown({}, { reissues: [entry("issued", { date_created: "2026-03-01T08:00:00Z" })] }),
            attempt(),
            { kind: "issued", certificateId: 9020 },
        ],
        [
            "an earlier reissue is told by DigiCert's clock, where that is known",
            shown({ certificate: {} }, { reissues: [entry("issued")] }),
            attempt({}, { before: {}, after: "2026-03-02T09:30:00Z" }),
            { kind: "absent" },
        ],
        ...lastIssuedRows,
        [
            "a certificate of a revoked order is told as revoked",
            shown({ status: "revoked", certificate: entry("issued") }),
            attempt(),
            { kind: "issued", isRevoked: true },
        ],
        [
            "a later request with the marker says nothing while one of those that are followed is open",
            shown({
                status: "reissue_pending",
                requests: [
                    { ...silent, id: 7002, status: "pending" },
                    { ...marked, status: "canceled" },
                    { ...marked, id: 7004, status: "pending" },
                ],
            }),
            attempt({ requestIds: [7001, 7002] }),
            { kind: "pending", requestIds: [7001, 7002] },
        ],
        ...["approved", "expired"].map((status): (typeof rows)[number] => [
            `an entry that is ${status} was issued`,
            shown({}, { reissues: [entry(status)] }),
            attempt(),
            { kind: "issued", certificateId: 9020 },
        ]),
        [
            "a certificate that was revoked since is told as such",
            shown({ certificate: entry("revoked") }),
            attempt(),
            { kind: "issued", isRevoked: true },
        ],
    ];
    for (const [what, seen, given, expected] of rows) {
        it(`tells that ${what}`, () => {
            const found = recognise(seen, given);
            assert.deepEqual({ ...found, ...expected }, found);
        });
    }

    it("keeps an acknowledged attempt open for issuanceTimeoutSeconds, at least for 900 s, and no other", () => {
        const isOpen = (more: Partial<Attempt>, seconds: number) =>
            staysPending(attempt(more), new Date(Date.parse(at) + seconds * 1000));
        const hurried = { ...asked, inputs: { ...REQUEST, issuanceTimeoutSeconds: 20 } };
        const patient = { ...asked, inputs: { ...REQUEST, issuanceTimeoutSeconds: 1800 } };
        assert.deepEqual([isOpen(asked, 899), isOpen(asked, 901), isOpen({}, 1)], [true, false, false]);
        assert.deepEqual([isOpen(hurried, 899), isOpen(hurried, 901)], [true, false]);
        assert.deepEqual([isOpen(patient, 1799), isOpen(patient, 1801)], [true, false]);
        assert.ok(isOpen({ certificateId: 9020 }, 1));
    });

    it("records the ids that a read showed, and keeps those that are recorded already", () => {
        const found = (requestIds: number[]): Extract<Finding, { kind: "pending" }> => ({
            kind: "pending",
            waitsFor: "approval",
            requestIds,
            certainty: "certain",
            isShown: true,
        });
        assert.deepEqual(withFinding(attempt(), found([7001])).requestIds, [7001]);
        assert.deepEqual(withFinding(attempt(asked), found([])).requestIds, [7001]);
        const issued: Finding = { kind: "issued", certificateId: 9020, isRevoked: false };
        assert.equal(withFinding(attempt(asked), issued).certificateId, 9020);
        const pending: Finding = { ...found([7001]), certificateId: 9020 };
        assert.equal(withFinding(attempt(asked), pending).certificateId, 9020);
        const known = attempt({ ...asked, certificateId: 9020 });
        assert.equal(withFinding(known, found([7001])).certificateId, 9020);
        // The certificate of a request that another one replaced is not the other's.
        const replaced = withFinding(known, found([7002]));
        assert.deepEqual([replaced.requestIds, replaced.certificateId], [[7002], undefined]);
    });

    it("does not become certain of a reissue that is only possible, however often it is read", () => {
        const seen = shown(
            { status: "reissue_pending", requests: [{ ...byHand, status: "approved" }] },
            { reissues: [entry("pending")] },
        );
        let read = attempt();
        for (let times = 0; times < 3; times++) {
            const finding = recognise(seen, read);
            assert.ok(finding.kind === "pending");
            assert.equal(finding.certainty, "possible");
            read = withFinding(read, finding);
        }
        assert.deepEqual([read.requestIds, read.certificateId], [[], undefined]);
    });
});

describe("readComments", () => {
    const sent = "by hand, please";
    const rows: [string, string, "same" | "other" | "nothing"][] = [
        [
            "of two markers the last counts",
            `[pulumi-digicert 0123456789abcdef] [pulumi-digicert ${MARKER}]`,
            "same",
        ],
        ["a longer number is no marker", `by hand, please [pulumi-digicert ${MARKER}0]`, "other"],
        [
            "longer comments are other comments, although nothing of them can be read",
            "&#32;".repeat(400),
            "other",
        ],
        ["comments that are cut off say nothing", "by hand, please [pulumi-...", "nothing"],
        ["comments that are cut off and escaped say nothing", "by hand, please &#91;pulumi", "nothing"],
        ["comments with other white space and signs say nothing", "by hand  please (pulumi", "nothing"],
        ["comments in upper case say nothing", "BY HAND, PLEASE", "nothing"],
    ];
    for (const [what, comments, expected] of rows) {
        it(`tells that ${what}`, () => {
            assert.equal(readComments(comments, MARKER, sent), expected);
        });
    }
});
