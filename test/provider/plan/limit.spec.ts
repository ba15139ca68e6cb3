import assert from "node:assert/strict";
import fc from "fast-check";
import { plan } from "../../../provider/core/reissue/plan/plan.js";
import type { ReissueState } from "../../../provider/core/reissue/state.js";
import { inputs, ISSUED_AT, issuedState, openState, plusDays } from "../../fixtures/inputs.js";

const DAY = 86_400_000;

/** An order, and a program that never changes. */
const order = fc.record({
    lifetime: fc.constantFrom(199, 99, 46, 6),
    planDays: fc.integer({ min: 1, max: 1095 }),
    /** Whether DigiCert lets the last certificate run through the last day of the plan, or to its beginning. */
    lastHours: fc.constantFrom(0, 24),
    minDaysRemaining: fc.option(
        fc.oneof(fc.integer({ min: -2, max: 500 }), fc.double({ min: 0, max: 500, noNaN: true })),
        {
            nil: undefined,
        },
    ),
    hourOfRun: fc.integer({ min: 0, max: 23 }),
});

/** The limit in force, as docs/reference.md has it. */
function limitOf(minDaysRemaining: number | undefined, lifetime: number): number {
    return minDaysRemaining === undefined
        ? Math.min(30, lifetime / 3)
        : Math.max(0, Math.min(minDaysRemaining, lifetime / 2));
}

describe("minDaysRemaining, with a run every day", () => {
    it("reissues at most as often as the plan holds lifetimes, and each time for longer", () => {
        fc.assert(
            fc.property(order, ({ lifetime, planDays, lastHours, minDaysRemaining, hourOfRun }) => {
                const wanted = inputs({ minDaysRemaining, failDaysRemaining: -1 });
                const lastDay = plusDays(new Date("2026-03-01T00:00:00Z"), planDays);
                const orderValidTill = lastDay.toISOString().slice(0, 10);
                const end = plusDays(lastDay, lastHours / 24);
                const issue = (at: Date, certificateId: number): ReissueState => {
                    const validTill = new Date(Math.min(plusDays(at, lifetime).getTime(), end.getTime()));
                    return issuedState(wanted, { validFrom: at, validTill, orderValidTill, certificateId });
                };
                let state = issue(ISSUED_AT, 1);
                let reissues = 0;
                for (let day = 1; day <= planDays + 10; day++) {
                    const now = plusDays(new Date("2026-03-01T00:00:00Z"), day + hourOfRun / 24);
                    const { kind } = plan(state, wanted, now);
                    assert.ok(kind === "nothing" || kind === "reissue");
                    if (kind === "nothing") continue;
                    const next = issue(now, ++reissues + 1);
                    const [before = "", after = ""] = [state.validTill, next.validTill];
                    assert.ok(Date.parse(after) > Date.parse(before), `${before} → ${after}`);
                    state = next;
                }
                const each = lifetime - limitOf(minDaysRemaining, lifetime);
                assert.ok(reissues <= Math.ceil(planDays / each) + 1, `${reissues} reissues`);
                if (minDaysRemaining !== undefined && minDaysRemaining < 0) assert.equal(reissues, 0);
                // It reissues as well as it stops: nothing ends long before the plan does.
                else assert.ok(end.getTime() - Date.parse(state.validTill ?? "") <= 2 * DAY);
            }),
            { numRuns: 100 },
        );
    });
});

describe("an unchanged program, whatever becomes of its reissues", () => {
    /** The outcome of a reissue until the next run. */
    const fate = fc.constantFrom("waits", "waits", "issued", "issued", "rejected", "forgotten");
    const statuses = ["pending_approval", "pending_issuance", "unknown"] as const;

    it("is reissued once for each certificate, and never while one is open or rejected", () => {
        fc.assert(
            fc.property(
                order,
                fc.infiniteStream(fate),
                fc.infiniteStream(fc.constantFrom(...statuses)),
                ({ lifetime, planDays, minDaysRemaining }, fates, status) => {
                    const wanted = inputs({ minDaysRemaining });
                    const orderValidTill = plusDays(ISSUED_AT, planDays).toISOString().slice(0, 10);
                    let state = issuedState(wanted, {
                        validTill: plusDays(ISSUED_AT, lifetime),
                        orderValidTill,
                        certificateId: 1,
                    });
                    const replaced: (number | undefined)[] = [];
                    for (let day = 1; day <= planDays; day++) {
                        const now = plusDays(ISSUED_AT, day);
                        const isOpen = state.asked !== undefined;
                        const { kind } = plan(state, wanted, now);
                        if (isOpen) assert.equal(kind, state.status === "rejected" ? "fail" : "resume");
                        if (kind === "reissue") {
                            replaced.push(state.issued?.certificateId);
                            state = openState(wanted, status.next().value as ReissueState["status"], state);
                        } else if (kind === "resume") {
                            const certificateId = (state.issued?.certificateId ?? 0) + 1;
                            const what = fates.next().value as string;
                            if (what === "issued") {
                                const validTill = new Date(
                                    Math.min(
                                        plusDays(now, lifetime).getTime(),
                                        plusDays(ISSUED_AT, planDays).getTime(),
                                    ),
                                );
                                const dates = { validFrom: now, validTill, orderValidTill };
                                state = issuedState(wanted, { ...dates, certificateId });
                            } else if (what === "rejected") state = { ...state, status: "rejected" };
                            else if (what === "forgotten") {
                                // DigiCert proved that it knows none: the next run may ask, for the same reason.
                                const { asked, ...rest } = state;
                                assert.ok(asked);
                                state = { ...rest, status: "unknown" };
                                assert.equal(replaced.pop(), state.issued?.certificateId);
                            }
                        }
                    }
                    assert.equal(new Set(replaced).size, replaced.length);
                },
            ),
            { numRuns: 100 },
        );
    });
});
