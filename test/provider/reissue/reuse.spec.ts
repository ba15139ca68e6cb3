import assert from "node:assert/strict";
import fc from "fast-check";
import { newAttempt } from "../../../provider/core/reissue/attempt.js";
import type { Finding } from "../../../provider/core/reissue/recognise.js";
import { findStandIn, type NoStandIn, type StandIn } from "../../../provider/core/reissue/reuse.js";
import type { ReissueInputs } from "../../../provider/core/reissue/state.js";
import { IDENTITY, inputs, issuedState } from "../../fixtures/inputs.js";
import {
    BEGIN,
    currentOf,
    hasContent,
    isDeadMade,
    isPending,
    LIFETIME,
    OrderHistory,
    OTHER_CSR,
    OWN_CSR,
    readUntilDecided,
    steps,
    view,
    WANTED_NAMES,
    type Made,
    type View,
} from "../../fixtures/orderHistory.js";

const DAY = 86_400_000;
const RUNS = Number(process.env.RECOGNISE_RUNS ?? 1000);
const wanted = (skipApproval: boolean): ReissueInputs =>
    inputs({
        certificate: { csr: OWN_CSR, commonName: "shop.example", dnsNames: [...WANTED_NAMES] },
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
    readonly result: StandIn | NoStandIn;
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
            certificate: { ...desired.certificate, csr: OTHER_CSR },
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
            const result = readUntilDecided<StandIn | NoStandIn | Finding>(moments, view, (shown) =>
                findStandIn(shown, attempt, new Date(now)),
            );
            assert.ok(result.kind === "standIn" || result.kind === "none");
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
            if (own.state === "approval") assert.equal(result.kind, "standIn");
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
