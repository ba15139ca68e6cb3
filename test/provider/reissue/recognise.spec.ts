import assert from "node:assert/strict";
import fc from "fast-check";
import { newAttempt, withOrderBefore, type Attempt } from "../../../provider/core/reissue/attempt.js";
import { makeMarker } from "../../../provider/core/reissue/marker.js";
import { isDead, recognise, type Finding } from "../../../provider/core/reissue/recognise.js";
import { IDENTITY, inputs } from "../../fixtures/inputs.js";
import {
    hasContent,
    isDeadMade,
    isPending,
    OrderHistory,
    OWN_CSR,
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
    certificate: { csr: OWN_CSR, commonName: "shop.example", dnsNames: [...WANTED_NAMES] },
});
const MARKER = makeMarker(REQUEST, IDENTITY);
const RUNS = Number(process.env.RECOGNISE_RUNS ?? 1000);

/** What became of the POST. */
type Fate = "not accepted" | "answer lost" | "told the request" | "told the certificate" | "told both";

/** An order with an attempt, what is known of that, and what is true. */
interface Case {
    readonly attempt: Attempt;
    /** The reissue of the attempt; none where it was not accepted. */
    readonly own: Made | undefined;
    /** What others did after the POST, as it is now. */
    readonly others: readonly Made[];
    /** What was there before the POST. */
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

    it("is not rejected by an earlier reissue, nor by somebody else's that is told apart", () => {
        holds(LOST, 10, (found) => {
            if (found.finding.kind !== "rejected" || (found.own && isDeadMade(found.own))) return;
            assert.ok(
                found.others.some((one) => isDeadMade(one) && hasContent(one) && !isToldForeign(one, found)),
            );
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
        holds(["answer lost"], 0, ({ finding, own, view }) => {
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
            if (isContentTold && isDeadMade(own) && view.dates) assert.notEqual(finding.kind, "absent");
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
