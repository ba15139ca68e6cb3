import assert from "node:assert/strict";
import { plan, type ReissuePlan } from "../../../provider/core/reissue/plan/plan.js";
import type { ReissueState } from "../../../provider/core/reissue/state.js";
import {
    inputs,
    ISSUED_AT,
    issuedState,
    openState,
    plusDays,
    type InputsOptions,
} from "../../fixtures/inputs.js";

interface Row {
    readonly lifetime: number;
    /** Days that are left at the time of the plan. */
    readonly left: number;
    readonly options?: InputsOptions;
    /** Days by which the plan outlives the certificate; `null` = the order tells no end. */
    readonly plan?: number | null;
    readonly status?: ReissueState["status"];
}

function run({ lifetime, left, options = {}, plan: beyond = 400, status = "issued" }: Row): ReissuePlan {
    const validTill = plusDays(ISSUED_AT, lifetime);
    const end = beyond === null ? undefined : plusDays(validTill, beyond).toISOString().slice(0, 10);
    const wanted = inputs({ failDaysRemaining: -1, ...options });
    const old = issuedState(wanted, { validTill, orderValidTill: end });
    return plan({ ...old, status }, wanted, plusDays(validTill, -left));
}

describe("plan, as time goes by", () => {
    const rows: [string, Row, ReissuePlan["kind"], (RegExp | undefined)?, (RegExp | undefined)?][] = [
        ["199 days, 31 left", { lifetime: 199, left: 31 }, "nothing"],
        ["199 days, 30 left", { lifetime: 199, left: 30 }, "nothing"],
        ["199 days, 29.9 left", { lifetime: 199, left: 29.9 }, "reissue", /expires in 29 days \(limit 30\)/],
        ["99 days, 29 left", { lifetime: 99, left: 29 }, "reissue", /limit 30/],
        ["46 days, 16 left", { lifetime: 46, left: 16 }, "nothing"],
        ["46 days, 15 left", { lifetime: 46, left: 15 }, "reissue", /limit 15\.3/],
        ["6 days, 2.1 left", { lifetime: 6, left: 2.1 }, "nothing"],
        ["6 days, 1.9 left", { lifetime: 6, left: 1.9 }, "reissue", /limit 2\)/],
        [
            "a limit of 60, 59 left",
            { lifetime: 199, left: 59, options: { minDaysRemaining: 60 } },
            "reissue",
            /limit 60/,
        ],
        ["a limit of 60, 61 left", { lifetime: 199, left: 61, options: { minDaysRemaining: 60 } }, "nothing"],
        [
            "a limit of 200 of 199 days, 150 left",
            { lifetime: 199, left: 150, options: { minDaysRemaining: 200 } },
            "nothing",
            undefined,
            /minDaysRemaining 200 is more than half the certificate's lifetime; 99\.5 is used/,
        ],
        [
            "a limit of 200 of 199 days, 90 left",
            { lifetime: 199, left: 90, options: { minDaysRemaining: 200 } },
            "reissue",
            /limit 99\.5/,
            /minDaysRemaining 200 is more than half/,
        ],
        [
            "a limit of 30 of 46 days, 22 left",
            { lifetime: 46, left: 22, options: { minDaysRemaining: 30 } },
            "reissue",
            /limit 23/,
            /30 is more than half/,
        ],
        ["a limit of 0, 1 left", { lifetime: 199, left: 1, options: { minDaysRemaining: 0 } }, "nothing"],
        [
            "a limit of 0, expired",
            { lifetime: 199, left: -1, options: { minDaysRemaining: 0 } },
            "reissue",
            /880001 expired on/,
        ],
        ["no limit, 1 left", { lifetime: 199, left: 1, options: { minDaysRemaining: -1 } }, "nothing"],
        [
            "expired",
            { lifetime: 199, left: -3 },
            "reissue",
            /certificate 880001 expired on 2026-09-16T12:00:00Z/,
        ],
        [
            "expired, and the state says so",
            { lifetime: 199, left: -3, status: "expired" },
            "reissue",
            /expired on/,
        ],
        [
            "a plan that ends with the certificate",
            { lifetime: 199, left: 20, plan: 0 },
            "nothing",
            undefined,
            /A new order is needed/,
        ],
        [
            "a plan that ends a day later",
            { lifetime: 199, left: 20, plan: 1 },
            "nothing",
            undefined,
            /ends on 2026-09-17.*A new order is needed/,
        ],
        ["a plan that ends two days later", { lifetime: 199, left: 20, plan: 2 }, "reissue"],
        [
            "a plan that ends before",
            { lifetime: 199, left: 20, plan: -5 },
            "nothing",
            undefined,
            /A new order is needed/,
        ],
        [
            "an order that tells no end",
            { lifetime: 199, left: 20, plan: null },
            "nothing",
            undefined,
            /tells no end of its plan.*A new order is needed/,
        ],
        ["an order that tells no end, early", { lifetime: 199, left: 100, plan: null }, "nothing"],
        [
            "an order that ended after the certificate",
            { lifetime: 199, left: -60, plan: 40 },
            "nothing",
            undefined,
            /expired.*ended on.*A new order is needed/,
        ],
        [
            "a revoked certificate",
            { lifetime: 199, left: 150, status: "revoked" },
            "reissue",
            /880001 was revoked/,
        ],
        [
            "a revoked certificate without a limit",
            { lifetime: 199, left: 150, status: "revoked", options: { minDaysRemaining: -1 } },
            "reissue",
            /revoked/,
        ],
        [
            "a revoked one, the plan ends with it",
            { lifetime: 199, left: 150, plan: 0, status: "revoked" },
            "reissue",
            /revoked/,
        ],
        [
            "a revoked one, no end told",
            { lifetime: 199, left: 150, plan: null, status: "revoked" },
            "reissue",
            /revoked/,
        ],
        [
            "a revoked one of an order that ended",
            { lifetime: 199, left: -3, plan: 0, status: "revoked" },
            "nothing",
            undefined,
            /revoked, but the order ended on.*A new order is needed/,
        ],
    ];
    for (const [what, row, kind, reason, warning] of rows) {
        it(`plans "${kind}" for ${what}`, () => {
            const result = run(row);
            assert.equal(result.kind, kind);
            assert.match(result.reasons.join(), reason ?? (kind === "nothing" ? /^$/ : /^order 112233: /));
            assert.match(result.warnings.join(), warning ?? /^$/);
            assert.deepEqual(result.changed, []);
            assert.equal(
                result.cause,
                kind === "reissue" ? (row.status === "revoked" ? "revoked" : "due") : undefined,
            );
        });
    }

    it("has nothing to reissue where nothing was ever issued", () => {
        const { issued, ...never } = issuedState(inputs());
        assert.ok(issued);
        assert.equal(plan(never, inputs(), plusDays(ISSUED_AT, 500)).kind, "nothing");
    });

    it("reissues once for a change that comes when the certificate is due", () => {
        const result = plan(
            issuedState(inputs()),
            inputs({ triggers: { a: "1" } }),
            plusDays(ISSUED_AT, 190),
        );
        assert.equal(result.kind, "reissue");
        assert.equal(result.cause, "program", "a certificate of somebody else will not do");
    });
});

describe("plan, when the certificate in use is about to expire", () => {
    const rows: [string, number, number, number | undefined, boolean][] = [
        ["199 days, 7 left", 199, 7, undefined, false],
        ["199 days, 6.9 left", 199, 6.9, undefined, true],
        ["46 days, 4.7 left", 46, 4.7, undefined, false],
        ["46 days, 4.5 left", 46, 4.5, undefined, true],
        ["6 days, 0.7 left", 6, 0.7, undefined, false],
        ["6 days, 0.5 left", 6, 0.5, undefined, true],
        ["199 days, 19 left of 20", 199, 19, 20, true],
        ["199 days, 21 left of 20", 199, 21, 20, false],
        ["expired", 199, -1, undefined, true],
        ["expired, but never to fail", 199, -1, -1, false],
        ["1 left, but 0 is the limit", 199, 1, 0, false],
    ];
    for (const [what, lifetime, left, failDaysRemaining, fails] of rows) {
        it(`${fails ? "fails" : "does not fail"} for ${what}, if no reissue can help`, () => {
            const result = run({
                lifetime,
                left,
                plan: 0,
                options: { failDaysRemaining, minDaysRemaining: -1 },
            });
            assert.equal(result.kind, fails ? "fail" : "nothing");
            if (!fails) return;
            assert.match(
                result.reasons.join(),
                /certificate 880001 expire[sd] on .*failDaysRemaining.*successor is not issued/,
            );
            assert.deepEqual(result.reasons, [result.deadline]);
        });
    }

    const late = plusDays(ISSUED_AT, 195);
    const old = issuedState(inputs());
    const next = inputs({ triggers: { a: "1" } });

    it("goes on, and keeps the deadline, where a successor can come", () => {
        assert.deepEqual(
            [
                plan(old, inputs(), late),
                plan(old, next, late),
                plan(openState(next, "pending_approval", old), next, late),
                plan(openState(next, "pending_approval", old), inputs(), late),
                plan(openState(next, "rejected", old), next, late),
            ].map(({ kind, deadline }) => [kind, deadline?.includes("fewer than 7 days")]),
            ["reissue", "reissue", "resume", "restore", "fail"].map((kind) => [kind, true]),
        );
    });

    it("warns of the order and fails where only a new order helps", () => {
        const result = run({ lifetime: 199, left: 3, plan: 0, options: { failDaysRemaining: undefined } });
        assert.equal(result.kind, "fail");
        assert.match(result.warnings.join(), /A new order is needed/);
    });

    it("fails also when settings changed", () => {
        const ended = issuedState(inputs(), { orderValidTill: "2026-09-16" });
        const result = plan(ended, inputs({ comments: "x" }), late);
        assert.deepEqual([result.kind, result.changed], ["fail", ["comments"]]);
    });

    it("has no deadline for a replacement, nor for what is refused", () => {
        assert.equal(plan(old, inputs({ orderId: "4" }), late).deadline, undefined);
        const refused = plan(old, inputs({ certificate: { commonName: "other.example" } }), late);
        assert.deepEqual([refused.kind, refused.deadline], ["refuse", undefined]);
    });
});

describe("plan, where a reissue does not help", () => {
    const late = plusDays(ISSUED_AT, 185);
    const quiet = inputs({ failDaysRemaining: -1 });

    it("does not reissue again what ended no later than the certificate before it", () => {
        const { issued, ...rest } = issuedState(quiet);
        assert.ok(issued);
        const result = plan({ ...rest, issued: { ...issued, endsNoLater: true } }, quiet, late);
        assert.equal(result.kind, "nothing");
        assert.match(result.warnings.join(), /it was reissued for that reason before and ends no later/);
    });

    it("names the order that renewed this one", () => {
        const ended = issuedState(quiet, { orderValidTill: "2026-09-16" });
        const { warnings } = plan({ ...ended, renewedOrderId: "778899" }, quiet, late);
        assert.match(warnings.join(), /order 778899 renewed it; set that id as orderId/);
        assert.doesNotMatch(plan(ended, quiet, late).warnings.join(), /renewed it;/);
    });

    it("warns of an order that the last read found closed, also long before anything ends", () => {
        const closed = { ...issuedState(quiet), orderEnd: "is canceled" };
        const result = plan(closed, quiet, plusDays(ISSUED_AT, 10));
        assert.equal(result.kind, "nothing");
        assert.match(result.warnings.join(), /the order is canceled, so it allows no reissue/);
    });

    it("reissues what the last read found expired, whatever the recorded end and the limit", () => {
        const wanted = inputs({ minDaysRemaining: -1, failDaysRemaining: -1 });
        const expired = { ...issuedState(wanted, { orderValidTill: undefined }), status: "expired" as const };
        const result = plan(expired, wanted, plusDays(ISSUED_AT, 10));
        assert.deepEqual([result.kind, result.cause], ["reissue", "due"]);
    });
});

describe("plan, before the first certificate of a stack", () => {
    it("fails when the certificate that the order had before the POST is about to expire", () => {
        const wanted = inputs();
        const { asked, ...rest } = openState(wanted, "rejected", undefined);
        assert.ok(asked);
        const inUse = {
            certificateId: 880000,
            validFrom: "2025-09-01T00:00:00Z",
            validTill: "2026-03-18T23:59:59Z",
        };
        const waiting = { ...rest, asked: { ...asked, inUse } };
        assert.equal(plan(waiting, wanted, new Date("2026-03-05T00:00:00Z")).deadline, undefined);
        const { deadline } = plan(waiting, wanted, new Date("2026-03-14T00:00:00Z"));
        assert.match(deadline ?? "", /certificate 880000 expires on 2026-03-18/);
    });

    it("says that minDaysRemaining is too low to be of help in time", () => {
        const wanted = inputs({ minDaysRemaining: 3 });
        const result = plan(issuedState(wanted), wanted, plusDays(ISSUED_AT, 194));
        assert.equal(result.kind, "fail");
        assert.match(
            result.reasons.join(),
            /minDaysRemaining requests a reissue only below 3 days, so raise it/,
        );
    });
});
