import assert from "node:assert/strict";
import { plan } from "../../../provider/core/reissue/plan/plan.js";
import type { ReissueState } from "../../../provider/core/reissue/state.js";
import { inputs, ISSUED_AT, issuedState, openState, plusDays } from "../../fixtures/inputs.js";

const EARLY = plusDays(ISSUED_AT, 10);
const old = issuedState(inputs());
const next = inputs({ triggers: { a: "1" } });
const other = inputs({ triggers: { a: "2" } });

describe("plan, while a reissue is open", () => {
    const statuses: [ReissueState["status"], RegExp][] = [
        ["pending_approval", /request 7001 from .* was waiting for approval when it was last read/],
        ["pending_issuance", /request 7001 from .* was waiting for issuance when it was last read/],
        ["unknown", /DigiCert's answer to the reissue .* was lost/],
    ];
    for (const [status, sentence] of statuses) {
        it(`resumes what is ${status}, and never requests it again`, () => {
            for (const before of [old, undefined]) {
                for (const days of [1, 150, 175]) {
                    const result = plan(openState(next, status, before), next, plusDays(ISSUED_AT, days));
                    assert.equal(result.kind, "resume");
                    assert.match(
                        result.reasons.join(),
                        /^order 112233: .* (?:from|at) 2026-03-02 08:00 UTC \(\d+ (hours|days) ago\)/,
                    );
                    assert.match(result.reasons.join(), sentence);
                }
            }
        });

        it(`resumes what is ${status} when only settings changed`, () => {
            const result = plan(openState(next, status, old), { ...next, comments: "x" }, EARLY);
            assert.deepEqual([result.kind, result.changed], ["resume", ["comments"]]);
        });

        it(`requests another certificate when the program wants one while it is ${status}`, () => {
            const result = plan(openState(next, status, old), other, EARLY);
            assert.equal(result.kind, "reissue");
            assert.match(
                result.reasons.join(),
                /triggers changed; the reissue requested at 2026-03-02\S+ is cancelled first/,
            );
        });

        it(`returns to what was issued without a POST while it is ${status}`, () => {
            const result = plan(openState(next, status, old), inputs(), EARLY);
            assert.equal(result.kind, "restore");
            assert.match(result.reasons.join(), /returns to certificate 880001/);
            assert.deepEqual(result.changed, ["triggers"]);
        });
    }

    it("fails for what was rejected, with the reason, until the program wants another certificate", () => {
        const asked = {
            marker: "7f3a9c211b2c3d4e",
            at: "2026-03-02T08:00:00.000Z",
            rejection: "order 112233: no, said Jo",
        };
        const rejected = openState(next, "rejected", old, { asked });
        for (const wanted of [next, { ...next, comments: "please", waitForApproval: true }]) {
            const result = plan(rejected, wanted, EARLY);
            assert.equal(result.kind, "fail");
            assert.deepEqual(result.reasons, ["order 112233: no, said Jo"]);
        }
        assert.equal(plan(rejected, other, EARLY).kind, "reissue");
        assert.equal(plan(rejected, inputs(), EARLY).kind, "restore");
        const late = plan(rejected, next, plusDays(ISSUED_AT, 175));
        assert.equal(late.kind, "fail", "no reissue by itself, even when one is due");
    });

    it("names the time of a rejected reissue where nobody told who rejected it", () => {
        const result = plan(openState(next, "rejected", old), next, EARLY);
        assert.match(
            result.reasons.join(),
            /^order 112233: the reissue requested at 2026-03-02\S+ was rejected$/,
        );
    });

    describe("that DigiCert did not accept", () => {
        const { asked, ...rest } = openState(next, "unknown", old, { requestIds: [] });
        const forgotten: ReissueState = rest;

        it("is requested again", () => {
            assert.ok(asked);
            const result = plan(forgotten, next, EARLY);
            assert.equal(result.kind, "reissue");
            assert.match(
                result.reasons.join(),
                /DigiCert did not accept the reissue that was requested before/,
            );
        });

        it("returns to what was issued without a POST, if the program wants that again", () => {
            assert.equal(plan(forgotten, inputs(), EARLY).kind, "restore");
        });
    });
});
