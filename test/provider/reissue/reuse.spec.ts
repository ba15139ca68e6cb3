import assert from "node:assert/strict";
import fc from "fast-check";
import { orderAnswer, reissuesAnswer } from "../../../provider/core/certcentral/answers.js";
import { newAttempt } from "../../../provider/core/reissue/attempt.js";
import type { Shown } from "../../../provider/core/reissue/recognise.js";
import { findStandIn, type StandInDecision, type StandIn } from "../../../provider/core/reissue/reuse.js";
import type { ReissueInputs } from "../../../provider/core/reissue/state.js";
import { keyPair } from "../../fixtures/csr.js";
import { IDENTITY, inputs, issuedState } from "../../fixtures/inputs.js";
import {
    BEGIN,
    currentOf,
    hasContent,
    isDeadMade,
    isPending,
    LIFETIME,
    OrderHistory,
    CSRS,
    readUntilDecided,
    steps,
    view,
    WANTED_NAMES,
    type Made,
    type View,
} from "../../fixtures/orderHistory.js";

const DAY = 86_400_000;
const RUNS = Number(process.env.RECOGNISE_RUNS ?? 300);
const wanted = (skipApproval: boolean): ReissueInputs =>
    inputs({
        certificate: { csr: CSRS.own, commonName: "shop.example", dnsNames: [...WANTED_NAMES] },
        skipApproval,
    });

/** Why the POST would be made. */
type Reason = "new" | "key changed" | "triggers changed" | "due";

interface Case {
    readonly reason: Reason;
    readonly skipApproval: boolean;
    readonly view: View;
    readonly made: readonly Made[];
    readonly now: number;
    readonly marker: string;
    readonly result: StandInDecision;
}

const options = fc.record({
    steps: steps(7, true),
    reason: fc.constantFrom<Reason>("new", "key changed", "triggers changed", "due"),
    skipApproval: fc.boolean(),
    view: view(),
});

/** An attempt on the order whose first certificate was issued for this stack, unless the resource is new. */
function attemptFor(reason: Reason, skipApproval: boolean, now: number) {
    const desired = wanted(skipApproval);
    const old = {
        new: undefined,
        "key changed": inputs({
            ...desired,
            certificate: { ...desired.certificate, csr: CSRS.other },
        }),
        "triggers changed": inputs({ ...desired, triggers: { v: "0" } }),
        due: desired,
    }[reason];
    const state = old && issuedState(old, { certificateId: 9000, validFrom: new Date(BEGIN) });
    return newAttempt(desired, IDENTITY, reason === "due" ? "due" : "program", new Date(now), state);
}

function holds(check: (found: Case) => void): void {
    fc.assert(
        fc.property(options, ({ steps: all, reason, skipApproval, view }) => {
            const { marker } = attemptFor(reason, skipApproval, BEGIN).request;
            const history = new OrderHistory(marker, reason === "key changed" ? "other" : "own");
            for (const step of all) history.play(step);
            const { now, made } = history.now;
            const attempt = attemptFor(reason, skipApproval, now);
            const moments = { order: history.now, reissues: history.now, request: history.now };
            const result = readUntilDecided<StandInDecision>(moments, view, (shown) =>
                findStandIn(shown, attempt, new Date(now)),
            );
            assert.notEqual(result.kind, "read");
            check({ reason, skipApproval, view, made, now, marker, result });
        }),
        { numRuns: RUNS },
    );
}

/** Whether a certificate is good for longer than the default limit, by more than the day to which dates are cut. */
const isFresh = ({ issuedAt = 0 }: Made, now: number): boolean => now < issuedAt + LIFETIME - 32 * DAY;
const isUsable = (one: Made, now: number): boolean =>
    one.state === "issued" && hasContent(one) && isFresh(one, now);
const isContentTold = ({ csrs, names, mayDownload }: View): boolean =>
    mayDownload || (csrs === "all" && names === "told");
const areCommentsTold = ({ comments }: View): boolean => comments === "shown" || comments === "escaped";

describe("findStandIn, for any history of an order and any view of it", () => {
    it("finds only what has the key and the names, and was not rejected, revoked, nor is due", () => {
        holds(({ result, made, now }) => {
            if (result.kind !== "standIn" || result.certificateId === undefined) return;
            const found = made.find(({ certificateId }) => certificateId === result.certificateId);
            assert.ok(found && hasContent(found));
            assert.equal(result.isPending, isPending(found));
            if (!result.isPending) {
                assert.equal(found.state, "issued");
                assert.ok(now < (found.issuedAt ?? 0) + LIFETIME - 29 * DAY);
            }
        });
    });

    it("follows no request that was rejected or cancelled", () => {
        holds(({ result, made }) => {
            if (result.kind !== "standIn") return;
            for (const id of result.requestIds) {
                const request = made.find(({ requestId }) => requestId === id);
                assert.ok(request && !isDeadMade(request));
            }
        });
    });

    it("finds what an interrupted run of this resource requested, wherever its marker shows", () => {
        holds(({ result, made, now, marker, view }) => {
            const own = made.findLast(
                (one) => one.comments?.includes(marker) === true && one.isListed && !isDeadMade(one),
            );
            const isMarkerTold = view.requests && areCommentsTold(view);
            if (!own || !isMarkerTold) return;
            const isOtherPending = made.some((one) => isPending(one) && one !== own);
            if (own.state === "approval" || (own.state === "issuance" && view.dates)) {
                assert.equal(result.kind, "standIn");
            }
            if (isOtherPending || !isUsable(own, now) || !isContentTold(view)) return;
            const isCurrent = currentOf(made) === own;
            if (isCurrent || view.dates) assert.equal(result.kind, "standIn");
            if (isCurrent && result.kind === "standIn") assert.equal(result.certificateId, own.certificateId);
        });
    });

    it("takes the current certificate for a change of the key that it has, and for one that is due", () => {
        holds(({ result, made, now, reason, view }) => {
            const current = currentOf(made);
            if (reason !== "key changed" && reason !== "due") return;
            if (!current || made.some(isPending) || !isUsable(current, now) || !isContentTold(view)) return;
            assert.equal(result.kind, "standIn");
        });
    });

    it("takes nothing for a change that does not show, but its own marker, or its own recent one where approval is skipped", () => {
        holds(({ result, made, now, reason, skipApproval, marker }) => {
            if (reason !== "triggers changed" || result.kind !== "standIn") return;
            if (made.some((one) => one.comments?.includes(marker) === true && !isDeadMade(one))) return;
            assert.ok(skipApproval);
            const found = made.find(({ certificateId }) => certificateId === result.certificateId);
            assert.ok(found && now - found.at < DAY + 60_000 && found.by !== "original");
        });
    });

    it("takes no request of somebody else's for a change that does not show, where its comments tell", () => {
        holds(({ result, made, reason, marker, view }) => {
            if (reason !== "triggers changed" || result.kind !== "standIn") return;
            if (!areCommentsTold(view) || !view.requests || !view.dates) return;
            if (made.some((one) => one.comments?.includes(marker) === true && !isDeadMade(one))) return;
            const found = made.find(({ certificateId }) => certificateId === result.certificateId);
            assert.ok(found && !(found.isListed && found.comments !== undefined));
        });
    });

    it("takes a certificate for a new resource only if it is recent, or this resource requested one before", () => {
        holds(({ result, made, now, reason }) => {
            if (reason !== "new" || result.kind !== "standIn" || result.isPending) return;
            const found = made.find(({ certificateId }) => certificateId === result.certificateId);
            const isOfResource = made.some(({ by }) => by === "earlier");
            assert.ok(found && (now - found.at < DAY || isOfResource));
        });
    });

    it("is certain of a pending reissue only if its key and names are told, or its marker", () => {
        holds(({ result, made, marker }) => {
            if (result.kind !== "standIn" || !result.isPending || result.certainty !== "certain") return;
            const pending = made.find(isPending);
            assert.ok(pending && (hasContent(pending) || pending.comments?.includes(marker) === true));
        });
    });

    it("finds nothing on an order where nothing was reissued, except the certificate that a new key needs", () => {
        holds(({ result, made, reason }) => {
            if (made.length === 1 && reason !== "due") assert.equal(result.kind, "none");
        });
    });
});

describe("findStandIn, case by case", () => {
    const NOW = "2026-05-01T12:00:00Z";
    const { marker } = attemptFor("new", false, Date.parse(NOW)).request;
    const own = { common_name: "shop.example", dns_names: WANTED_NAMES, csr: CSRS.own };
    const other = { ...own, csr: CSRS.other };
    /** Valid from the given day on for 199 days. */
    const valid = (from: string) => ({
        valid_from: from,
        valid_till: new Date(Date.parse(from) + LIFETIME).toISOString().slice(0, 10),
    });
    const current = (certificate: object, more: object = {}) => ({
        certificate: { id: 9020, status: "issued", ...own, ...valid("2026-04-01"), ...certificate },
        ...more,
    });
    const request = (more: object = {}) => ({ id: 7001, type: "reissue", status: "approved", ...more });
    const marked = (of = marker) => ({ comments: `[pulumi-digicert ${of}]` });
    const recent = { last_reissued_date: "2026-05-01T06:00:00Z" };
    const old = { last_reissued_date: "2026-04-01T06:00:00Z" };
    const pendingOrder = { status: "reissue_pending", certificate: { id: 9000, ...other } };
    const pendingEntry = (more: object = {}) => ({
        id: 9020,
        status: "pending",
        date_created: "2026-05-01T11:00:00Z",
        ...own,
        ...more,
    });

    interface Row {
        readonly reason: Reason;
        readonly order: object;
        readonly reissues?: readonly object[];
        readonly skipApproval?: boolean;
        /** Certificates that DigiCert does not return. */
        readonly unreadable?: readonly number[];
        readonly found: Partial<StandIn> | "none" | "unreadable" | "read certificate" | "read reissues";
    }
    const markedFor = (reason: Reason) => marked(attemptFor(reason, false, Date.parse(NOW)).request.marker);
    const earlier = {
        ...own,
        id: 9010,
        status: "issued",
        date_created: "2026-04-20T06:00:00Z",
        valid_till: "2026-11-01",
    };

    const rows: Readonly<Record<string, Row>> = {
        "a create takes the current certificate with its marker, whatever its age": {
            reason: "new",
            order: current({}, { ...old, requests: [request(marked())] }),
            reissues: [],
            found: { certificateId: 9020, requestIds: [7001] },
        },
        "the certificate from the time of the request with its marker is this resource's own": {
            reason: "new",
            order: current(
                {},
                { ...old, requests: [request({ ...marked(), date: "2026-04-01T06:00:00Z" })] },
            ),
            reissues: [{ ...own, id: 9020, status: "issued", date_created: "2026-04-01T06:00:10Z" }],
            found: { certificateId: 9020, isOwn: true },
        },
        "a certificate that is newer than the request with the marker is not certainly this resource's own": {
            reason: "new",
            order: current(
                {},
                { ...old, requests: [request({ ...marked(), date: "2026-04-01T06:00:00Z" })] },
            ),
            reissues: [{ ...own, id: 9020, status: "issued", date_created: "2026-04-01T07:00:00Z" }],
            found: { certificateId: 9020, isOwn: false },
        },
        "one of two certificates from the time of the request is not certainly this resource's own": {
            reason: "new",
            order: current(
                {},
                { ...old, requests: [request({ ...marked(), date: "2026-04-01T06:00:00Z" })] },
            ),
            reissues: [
                { ...own, id: 9010, status: "issued", date_created: "2026-04-01T06:00:10Z" },
                { ...own, id: 9020, status: "issued", date_created: "2026-04-01T06:01:00Z" },
            ],
            found: { certificateId: 9020, isOwn: false },
        },
        "a create takes the current certificate that this resource requested before with other settings": {
            reason: "new",
            order: current({}, { ...old, requests: [request(marked(`${marker.slice(0, 8)}01234567`))] }),
            found: { certificateId: 9020, requestIds: [] },
        },
        "a create takes a certificate of the last 24 hours": {
            reason: "new",
            order: current({}, { ...recent, requests: [request({ comments: "by hand" })] }),
            found: { certificateId: 9020, isOwn: false, at: recent.last_reissued_date },
        },
        "a create takes no older one of somebody else": {
            reason: "new",
            order: current({}, { ...old, requests: [request({ comments: "by hand" })] }),
            found: "none",
        },
        "a create looks up the date of the current certificate in the list": {
            reason: "new",
            order: current({}),
            found: "read reissues",
        },
        "a create takes a certificate whose date the list tells": {
            reason: "new",
            order: current({}),
            reissues: [{ ...own, id: 9020, status: "issued", date_created: "2026-05-01T06:00:00Z" }],
            found: { certificateId: 9020 },
        },
        "a create takes nothing that was revoked": {
            reason: "new",
            order: current({ status: "revoked" }, { ...recent, requests: [request(marked())] }),
            reissues: [{ ...own, id: 9020, status: "revoked", date_created: "2026-05-01T06:00:00Z" }],
            found: "none",
        },
        "a create takes nothing that is due": {
            reason: "new",
            order: current(valid("2025-11-01"), { ...recent, requests: [request(marked())] }),
            reissues: [],
            found: "none",
        },
        "a create takes nothing with another key": {
            reason: "new",
            order: current(other, recent),
            reissues: [],
            found: "none",
        },
        "a create reads a certificate of which no CSR is told": {
            reason: "new",
            order: current({ csr: undefined }, recent),
            found: "read certificate",
        },
        "a marker of a request that was rejected does not count": {
            reason: "new",
            order: current({}, { ...old, requests: [request({ ...marked(), status: "rejected" })] }),
            reissues: [],
            found: "none",
        },
        "a marked certificate that is not current any more is found in the list": {
            reason: "new",
            order: current(other, {
                ...old,
                requests: [request({ ...marked(), date: "2026-04-20T06:00:00Z" })],
            }),
            reissues: [earlier],
            found: { certificateId: 9010, requestIds: [7001], at: "2026-04-20T06:00:00Z" },
        },
        "a marked certificate that is not current any more and was revoked is not": {
            reason: "new",
            order: current(other, {
                ...old,
                requests: [request({ ...marked(), date: "2026-04-20T06:00:00Z" })],
            }),
            reissues: [{ ...earlier, status: "revoked" }],
            found: "none",
        },
        "a marked certificate that is not current any more and is due is not": {
            reason: "new",
            order: current(other, {
                ...old,
                requests: [request({ ...marked(), date: "2026-04-20T06:00:00Z" })],
            }),
            reissues: [{ ...earlier, valid_till: "2026-05-05" }],
            found: "none",
        },
        "a certificate from before the marked request is not its result": {
            reason: "new",
            order: current(other, {
                ...old,
                requests: [request({ ...marked(), date: "2026-04-20T06:00:00Z" })],
            }),
            reissues: [{ ...earlier, date_created: "2026-04-10T06:00:00Z" }],
            found: "none",
        },
        "a change of the key takes the current certificate that has it, whatever its age": {
            reason: "key changed",
            order: current({}, { ...old, requests: [request({ comments: "by hand" })] }),
            found: { certificateId: 9020 },
        },
        "a change of the triggers takes the current certificate with its marker": {
            reason: "triggers changed",
            order: current({}, { ...old, requests: [request(markedFor("triggers changed"))] }),
            reissues: [],
            found: { certificateId: 9020, requestIds: [7001] },
        },
        "a change of the triggers takes no recent one, where approval is not skipped": {
            reason: "triggers changed",
            order: current({}, recent),
            found: "none",
        },
        "a change of the triggers takes a recent one, where approval is skipped": {
            reason: "triggers changed",
            skipApproval: true,
            order: current({}, recent),
            found: { certificateId: 9020, requestIds: [] },
        },
        "a change of the triggers takes no older one, where approval is skipped": {
            reason: "triggers changed",
            skipApproval: true,
            order: current({}, old),
            found: "none",
        },
        "a change of the triggers takes no one from before the last that the state knows": {
            reason: "triggers changed",
            skipApproval: true,
            order: current({ id: 8990 }, recent),
            found: "none",
        },
        "a change of the triggers takes no recent one whose request says that it is another's": {
            reason: "triggers changed",
            skipApproval: true,
            order: current(
                {},
                { ...recent, requests: [request({ comments: "by hand", date: "2026-05-01T06:00:00Z" })] },
            ),
            found: "none",
        },
        "a change of the triggers takes a recent one, where another's request is older than it": {
            reason: "triggers changed",
            skipApproval: true,
            order: current(
                {},
                { ...recent, requests: [request({ comments: "by hand", date: "2026-04-20T06:00:00Z" })] },
            ),
            found: { certificateId: 9020 },
        },
        "a certificate that is due is succeeded by the current one, whoever requested it": {
            reason: "due",
            order: current({}, { ...old, requests: [request({ comments: "by hand" })] }),
            found: { certificateId: 9020 },
        },
        "a certificate that the state knows is no change": {
            reason: "triggers changed",
            skipApproval: true,
            order: current({ id: 9000 }, { ...recent, requests: [request(markedFor("triggers changed"))] }),
            reissues: [{ ...own, id: 9000, status: "issued", date_created: "2026-05-01T06:00:00Z" }],
            found: "none",
        },
        "a pending reissue is followed by its marker, although nothing else is told": {
            reason: "triggers changed",
            order: {
                ...pendingOrder,
                requests: [
                    request({
                        ...markedFor("triggers changed"),
                        status: "pending",
                        date: "2026-05-01T11:00:00Z",
                    }),
                ],
            },
            reissues: [],
            found: {
                isPending: true,
                certainty: "certain",
                isOwn: true,
                requestIds: [7001],
                at: "2026-05-01T11:00:00Z",
            },
        },
        "a pending reissue whose request has its marker and was granted is followed": {
            reason: "triggers changed",
            order: {
                ...pendingOrder,
                requests: [request({ ...markedFor("triggers changed"), date: "2026-05-01T10:59:00Z" })],
            },
            reissues: [pendingEntry()],
            found: {
                isPending: true,
                isOwn: true,
                requestIds: [7001],
                certificateId: 9020,
                at: "2026-05-01T10:59:00Z",
            },
        },
        "a certificate from before that of the state is no result of a granted request with the marker": {
            reason: "triggers changed",
            order: {
                ...current({ id: 9000, status: undefined, ...valid("2026-03-01") }),
                requests: [request({ ...markedFor("triggers changed"), date: "2026-05-01T11:00:00Z" })],
            },
            reissues: [{ ...earlier, id: 8990, date_created: "2026-05-01T10:55:00Z" }],
            found: "none",
        },
        "a pending reissue from another time than the granted request with its marker is not": {
            reason: "triggers changed",
            order: {
                ...pendingOrder,
                requests: [request({ ...markedFor("triggers changed"), date: "2026-05-01T08:00:00Z" })],
            },
            reissues: [pendingEntry()],
            found: "none",
        },
        "a pending reissue whose granted request is another's is no change of the triggers": {
            reason: "triggers changed",
            skipApproval: true,
            order: {
                ...pendingOrder,
                requests: [request({ comments: "by hand", date: "2026-05-01T10:59:00Z" })],
            },
            reissues: [pendingEntry()],
            found: "none",
        },
        "a pending reissue with key and names is followed by a create": {
            reason: "new",
            order: pendingOrder,
            reissues: [pendingEntry()],
            found: {
                isPending: true,
                certainty: "certain",
                isOwn: false,
                certificateId: 9020,
                at: "2026-05-01T11:00:00Z",
            },
        },
        "a pending reissue with another key is not": {
            reason: "new",
            order: pendingOrder,
            reissues: [pendingEntry({ csr: CSRS.other })],
            found: "none",
        },
        "a pending reissue whose key is not told is only possible, and its request's id is not taken": {
            reason: "new",
            order: { ...pendingOrder, requests: [request({ status: "pending" })] },
            reissues: [pendingEntry({ csr: undefined })],
            found: {
                isPending: true,
                certainty: "possible",
                requestIds: [],
                at: "2026-05-01T11:00:00Z",
            },
        },
        "a pending reissue whose key is not told, and whose request is another's, is not": {
            reason: "new",
            order: { ...pendingOrder, requests: [request({ status: "pending", comments: "by hand" })] },
            reissues: [pendingEntry({ csr: undefined })],
            found: "none",
        },
        "a pending reissue whose key is not told is no change of the triggers": {
            reason: "triggers changed",
            skipApproval: true,
            order: pendingOrder,
            reissues: [pendingEntry({ csr: undefined })],
            found: "none",
        },
        "a pending reissue with key and names is no change of the triggers": {
            reason: "triggers changed",
            order: pendingOrder,
            reissues: [pendingEntry()],
            found: "none",
        },
        "a pending reissue is no change of the triggers, where approval is skipped and a request is another's":
            {
                reason: "triggers changed",
                skipApproval: true,
                order: { ...pendingOrder, requests: [request({ status: "pending", comments: "by hand" })] },
                reissues: [pendingEntry()],
                found: "none",
            },
        "an entry with a lower id than an issued one is not pending, whatever its status": {
            reason: "new",
            order: {
                ...pendingOrder,
                certificate: { id: 9030, status: "issued", ...other, ...valid("2026-04-01") },
            },
            reissues: [pendingEntry()],
            found: "none",
        },
        "a pending reissue of the last 24 hours is a change of the triggers, where approval is skipped": {
            reason: "triggers changed",
            skipApproval: true,
            order: pendingOrder,
            reissues: [pendingEntry()],
            found: { isPending: true, certainty: "certain", certificateId: 9020 },
        },
        "a certificate that cannot be read makes a POST one too many": {
            reason: "new",
            order: current({ csr: undefined }, recent),
            reissues: [],
            unreadable: [9020],
            found: "unreadable",
        },
        "a change of the key reads the list where a request waits and the order does not say for what": {
            reason: "key changed",
            order: current({}, { ...old, has_pending_request: true }),
            found: "read reissues",
        },
        "a create reads the list of an order on which something is pending": {
            reason: "new",
            order: pendingOrder,
            found: "read reissues",
        },
        "a create reads the list to tell whether the certificate with its marker is its own": {
            reason: "new",
            order: current({}, { ...old, requests: [request(marked())] }),
            found: "read reissues",
        },
        "an order that is not issued yet has no pending reissue": {
            reason: "new",
            order: { status: "needs_approval", certificate: { id: 9020, ...own } },
            found: "none",
        },
        "a pending reissue that only the list shows is followed by a create": {
            reason: "new",
            order: current(other, old),
            reissues: [pendingEntry({ id: 9030 })],
            found: { isPending: true, certificateId: 9030, replaces: 9020 },
        },
        "a pending reissue without an id is followed by a create": {
            reason: "new",
            order: { ...pendingOrder, certificate: { ...other, id: 9000, ...valid("2026-03-01") } },
            reissues: [pendingEntry({ id: undefined })],
            found: { isPending: true, certainty: "certain", replaces: 9000 },
        },
        "a reissue that was rejected is not pending": {
            reason: "new",
            order: pendingOrder,
            reissues: [pendingEntry({ status: "rejected" })],
            found: "none",
        },
        "a pending reissue is followed by its marker together with its certificate": {
            reason: "new",
            order: { ...pendingOrder, requests: [request({ ...marked(), status: "pending" })] },
            reissues: [pendingEntry()],
            found: { isPending: true, isOwn: true, requestIds: [7001], certificateId: 9020 },
        },
        "a pending reissue that this resource requested with other settings is followed by a create": {
            reason: "new",
            order: {
                ...pendingOrder,
                requests: [request({ ...marked(`${marker.slice(0, 8)}01234567`), status: "pending" })],
            },
            reissues: [pendingEntry()],
            found: { certainty: "certain", isOthers: false, requestIds: [7001], certificateId: 9020 },
        },
        "a pending reissue with key and names is only possible where its request is another's": {
            reason: "new",
            order: { ...pendingOrder, requests: [request({ status: "pending", comments: "by hand" })] },
            reissues: [pendingEntry()],
            found: { certainty: "possible", isOthers: true, requestIds: [7001], certificateId: 9020 },
        },
        "of two open requests, the one that may be its own is followed": {
            reason: "new",
            order: {
                ...pendingOrder,
                requests: [
                    request({ status: "pending", comments: "by hand" }),
                    request({ id: 7002, status: "pending" }),
                ],
            },
            reissues: [pendingEntry()],
            found: { certainty: "certain", isOthers: false, requestIds: [7002] },
        },
        "an entry with a lower id than what was last issued for the state is not pending": {
            reason: "key changed",
            order: { status: "reissue_pending", certificate: {} },
            reissues: [pendingEntry({ id: 8990 })],
            found: "none",
        },
        "an entry with a lower id than a revoked one is not pending": {
            reason: "new",
            order: {
                ...pendingOrder,
                certificate: { id: 9030, status: "revoked", ...other, ...valid("2026-04-01") },
            },
            reissues: [pendingEntry()],
            found: "none",
        },
        "a pending reissue without an id is a change of the triggers, where approval is skipped": {
            reason: "triggers changed",
            skipApproval: true,
            order: pendingOrder,
            reissues: [pendingEntry({ id: undefined })],
            found: { isPending: true, certainty: "certain" },
        },
        "a certificate that is not due by DigiCert's dates is succeeded by itself": {
            reason: "due",
            order: current({ id: 9000 }, old),
            found: { certificateId: 9000 },
        },
        "a certificate that is due is not succeeded by itself where DigiCert tells no end": {
            reason: "due",
            order: current({ id: 9000, valid_till: undefined }, old),
            found: "none",
        },
        "a certificate that is due is not succeeded by itself where DigiCert tells no begin": {
            reason: "due",
            order: current({ id: 9000, valid_from: undefined }, old),
            found: "none",
        },
        "a certificate that is due is not succeeded by an expired one where DigiCert tells no begin": {
            reason: "due",
            order: current({ valid_from: undefined, valid_till: "2026-03-01" }, old),
            reissues: [],
            found: "none",
        },
        "an order that is older than the state shows no certificate for a change of the key": {
            reason: "key changed",
            order: current({ id: 8990 }, old),
            found: "none",
        },
        "of two requests with the marker the newest counts": {
            reason: "new",
            order: current({}, { ...old, requests: [request({ ...marked(), id: 7002 }), request(marked())] }),
            reissues: [],
            found: { certificateId: 9020, requestIds: [7002] },
        },
        "a create takes no older one after whose request somebody else made one": {
            reason: "new",
            order: current(
                {},
                {
                    ...old,
                    requests: [
                        request(marked(`${marker.slice(0, 8)}01234567`)),
                        request({ id: 7002, comments: "by hand" }),
                    ],
                },
            ),
            found: "none",
        },
        "a create does not look up the date of the order's first certificate": {
            reason: "new",
            order: current({ status: undefined }),
            found: "none",
        },
        "a change of the key does not look up the date": {
            reason: "key changed",
            order: current({}),
            found: { certificateId: 9020 },
        },
        "a change of the triggers looks up the date of the current certificate in the list": {
            reason: "triggers changed",
            skipApproval: true,
            order: current({}),
            found: "read reissues",
        },
        "a change of the triggers takes a recent one whose request has no comments, where approval is skipped":
            {
                reason: "triggers changed",
                skipApproval: true,
                order: current({}, { ...recent, requests: [request({ date: "2026-05-01T06:00:00Z" })] }),
                found: { certificateId: 9020 },
            },
        "a change of the triggers takes no recent one whose request, a few minutes older, is another's": {
            reason: "triggers changed",
            skipApproval: true,
            order: current(
                {},
                { ...recent, requests: [request({ comments: "by hand", date: "2026-05-01T05:55:00Z" })] },
            ),
            found: "none",
        },
        "a change of the triggers takes no recent one where another's request has no date": {
            reason: "triggers changed",
            skipApproval: true,
            order: current({}, { ...recent, requests: [request({ comments: "by hand" })] }),
            found: "none",
        },
        "a create takes none of 30 hours ago": {
            reason: "new",
            order: current({}, { last_reissued_date: "2026-04-30T06:00:00Z" }),
            reissues: [],
            found: "none",
        },
        "a request for a revocation is none for the certificate, although it has the marker": {
            reason: "new",
            order: current({}, { ...old, requests: [request({ ...marked(), type: "revoke" })] }),
            found: "none",
        },
        "a create takes a certificate of the last 24 hours that is not current any more": {
            reason: "new",
            order: current(other, recent),
            reissues: [{ ...earlier, date_created: "2026-05-01T05:00:00Z" }],
            found: { certificateId: 9010, requestIds: [], isOwn: false },
        },
        "of two requests with the marker the newest is that of a certificate in the list": {
            reason: "new",
            order: current(other, {
                ...old,
                requests: [
                    request({ ...marked(), date: "2026-04-20T06:00:00Z" }),
                    request({ ...marked(), id: 7002, date: "2026-04-20T06:00:00Z" }),
                ],
            }),
            reissues: [earlier],
            found: { certificateId: 9010, requestIds: [7002] },
        },
        "a certificate may be dated 5 min before its marked request, because clocks differ": {
            reason: "new",
            order: current(other, {
                ...old,
                requests: [request({ ...marked(), date: "2026-04-20T06:00:00Z" })],
            }),
            reissues: [{ ...earlier, date_created: "2026-04-20T05:55:00Z" }],
            found: { certificateId: 9010, at: "2026-04-20T06:00:00Z" },
        },
        "a marked request without a date has no result that is older than 24 hours": {
            reason: "new",
            order: current(other, { ...old, requests: [request(marked())] }),
            reissues: [earlier],
            found: "none",
        },
        "of two certificates in the list the newest is taken": {
            reason: "new",
            order: current(other, {
                ...old,
                requests: [request({ ...marked(), date: "2026-04-20T06:00:00Z" })],
            }),
            reissues: [earlier, { ...earlier, id: 9012 }],
            found: { certificateId: 9012 },
        },
        "of two certificates in the list the one with the key is taken": {
            reason: "new",
            order: current(other, {
                ...old,
                requests: [request({ ...marked(), date: "2026-04-20T06:00:00Z" })],
            }),
            reissues: [earlier, { ...earlier, id: 9012, csr: CSRS.other }],
            found: { certificateId: 9010 },
        },
        "a certificate from another time does not make one less certainly this resource's own": {
            reason: "new",
            order: current(
                {},
                { ...old, requests: [request({ ...marked(), date: "2026-04-01T06:00:00Z" })] },
            ),
            reissues: [
                { ...earlier, date_created: "2026-03-20T06:00:00Z" },
                { ...own, id: 9020, status: "issued", date_created: "2026-04-01T06:00:10Z" },
            ],
            found: { certificateId: 9020, isOwn: true },
        },
        "a certificate that the state knows does not make one less certainly this resource's own": {
            reason: "triggers changed",
            order: current(
                {},
                {
                    ...old,
                    requests: [request({ ...markedFor("triggers changed"), date: "2026-04-01T06:00:00Z" })],
                },
            ),
            reissues: [
                { ...own, id: 9000, status: "issued", date_created: "2026-04-01T06:00:00Z" },
                { ...own, id: 9020, status: "issued", date_created: "2026-04-01T06:00:10Z" },
            ],
            found: { certificateId: 9020, isOwn: true },
        },
    };
    for (const [what, row] of Object.entries(rows)) {
        const { reason, order, reissues, skipApproval = false, unreadable = [], found } = row;
        it(what, () => {
            const result = findStandIn(
                {
                    orderId: "112233",
                    order: orderAnswer.parse({ status: "issued", ...order }),
                    reissues: reissues && reissuesAnswer.parse({ certificates: reissues }).certificates,
                    requests: new Map(),
                    leaves: new Map(unreadable.map((id) => [id, undefined])),
                },
                attemptFor(reason, skipApproval, Date.parse(NOW)),
                new Date(NOW),
            );
            if (typeof found === "object") assert.deepEqual({ ...result, ...found, kind: "standIn" }, result);
            else if (found === "none" || found === "unreadable") assert.equal(result.kind, found);
            else assert.deepEqual(result.kind === "read" && result.what, found.replace("read ", ""));
        });
    }

    it("a stack that waits for a reissue already takes no pending one whose key is not told", () => {
        const attempt = attemptFor("key changed", false, Date.parse(NOW));
        assert.ok(attempt.state);
        const waiting = { ...attempt, state: { ...attempt.state, asked: attempt.request } };
        const seen = {
            orderId: "112233",
            order: orderAnswer.parse(pendingOrder),
            reissues: reissuesAnswer.parse({ certificates: [pendingEntry({ csr: undefined })] }).certificates,
            requests: new Map(),
            leaves: new Map(),
        };
        assert.equal(findStandIn(seen, attempt, new Date(NOW)).kind, "standIn");
        assert.equal(findStandIn(seen, waiting, new Date(NOW)).kind, "none");
    });

    /** Decides on the order's current certificate for a change of the triggers, where the state follows another certificate. */
    const kindFor = (skipApproval: boolean, order: (id: number) => object) => {
        const attempt = attemptFor("triggers changed", skipApproval, Date.parse(NOW));
        const { state } = attempt;
        assert.ok(state);
        return (id: number, certificateId: number | undefined) => {
            const seen: Shown = {
                orderId: "112233",
                order: orderAnswer.parse({ status: "issued", ...order(id) }),
                reissues: [],
                requests: new Map(),
                leaves: new Map(),
            };
            return findStandIn(seen, { ...attempt, state: { ...state, certificateId } }, new Date(NOW)).kind;
        };
    };

    it("a change that does not show is younger than what was last issued, and than what the state follows", () => {
        const kindOf = kindFor(true, (id) => current({ id }, recent));
        assert.deepEqual([kindOf(9020, undefined), kindOf(8990, undefined)], ["standIn", "none"]);
        assert.deepEqual([kindOf(9020, 9025), kindOf(9030, 9025)], ["none", "standIn"]);
    });

    it("a recent reissue is told by DigiCert's clock, where this machine's clock is wrong", () => {
        const attempt = attemptFor("new", false, Date.parse(NOW));
        const seen = {
            orderId: "112233",
            order: orderAnswer.parse({ status: "issued", ...current({}, recent) }),
            reissues: [],
            requests: new Map(),
            leaves: new Map(),
        };
        const tomorrow = new Date(Date.parse(NOW) + 30 * 3_600_000);
        assert.equal(findStandIn(seen, attempt, tomorrow).kind, "none");
        const withClock = { ...seen, order: { ...seen.order, serverTime: new Date(NOW) } };
        assert.equal(findStandIn(withClock, attempt, tomorrow).kind, "standIn");
    });

    it("neither what was last issued nor what the state follows is a change, although its request has the marker", () => {
        const requests = [request(markedFor("triggers changed"))];
        const kindOf = kindFor(false, (id) => current({ id }, { ...old, requests }));
        assert.deepEqual([kindOf(9000, undefined), kindOf(9020, 9020)], ["none", "none"]);
        assert.equal(kindOf(9030, 9020), "standIn");
    });

    describe("where the program drops a name", () => {
        const DROPPED = "old.example";
        const attemptOn = (names: readonly string[], cause: "program" | "due") => {
            const desired = wanted(false);
            const certificate = { ...desired.certificate, dnsNames: [...names] };
            const before = { ...desired, certificate: { ...certificate, dnsNames: [...names, DROPPED] } };
            const state = issuedState(before, { certificateId: 9000, validFrom: new Date(BEGIN) });
            return newAttempt({ ...desired, certificate }, IDENTITY, cause, new Date(NOW), state);
        };
        const kept = { ...own, dns_names: [...WANTED_NAMES, DROPPED] };
        const find = (
            order: object,
            more: Partial<Shown> = {},
            attempt = attemptOn(WANTED_NAMES, "program"),
        ) => {
            const seen: Shown = {
                orderId: "112233",
                order: orderAnswer.parse({ status: "issued", ...order }),
                requests: new Map(),
                leaves: new Map(),
                ...more,
            };
            return findStandIn(seen, attempt, new Date(NOW));
        };
        const listed = (...certificates: object[]) => ({
            reissues: reissuesAnswer.parse({ certificates }).certificates,
        });
        const key = keyPair("P-256").publicKey;
        const { marker: mark } = attemptOn(WANTED_NAMES, "program").request;

        it("takes the current certificate without it, and none that keeps it", () => {
            assert.equal(find(current({}, old)).kind, "standIn");
            assert.equal(find(current(kept, old)).kind, "none");
            assert.equal(find(current(kept, old), {}, attemptOn(WANTED_NAMES, "due")).kind, "standIn");
        });

        it("reads a certificate whose list of names is empty, and takes none that keeps the name", () => {
            const order = current({ dns_names: [] }, old);
            const decide = (leaves: Shown["leaves"]) => find(order, { leaves }, attemptOn([], "program"));
            const leaf = (...names: string[]) => new Map([[9020, { key, names: new Set(names) }]]);
            assert.deepEqual(decide(new Map()), { kind: "read", what: "certificate", id: 9020 });
            assert.equal(decide(leaf("shop.example", DROPPED)).kind, "none");
            assert.equal(decide(leaf("shop.example")).kind, "standIn");
        });

        it("takes its own result although DigiCert kept the name, issued and pending", () => {
            const date = "2026-04-01T06:00:00Z";
            const requests = [request({ ...marked(mark), date })];
            const result = { ...kept, id: 9020, status: "issued", date_created: date };
            const issued = find(current(kept, { ...old, requests }), listed(result));
            assert.ok(issued.kind === "standIn" && issued.isOwn);
            const open = {
                ...pendingOrder,
                requests: [request({ ...marked(mark), status: "pending" })],
            };
            const pending = find(open, listed(pendingEntry(kept)));
            assert.ok(pending.kind === "standIn");
            assert.equal(pending.certificateId, 9020);
        });
    });
});
