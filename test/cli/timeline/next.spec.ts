import assert from "node:assert/strict";
import fc from "fast-check";
import { recordedClosedReason } from "../../../provider/core/reissue/plan/due.js";
import { plan } from "../../../provider/core/reissue/plan/plan.js";
import { inputsOf, type ReissueState } from "../../../provider/core/reissue/state.js";
import { computeDeadlines, nextStep, type Step } from "../../../cli/timeline/next.js";
import { inputs, iso, issuedState, plusDays } from "../../fixtures/inputs.js";
import { state, time } from "../../fixtures/states.js";
import { TODAY, waiting, withDaysLeft } from "./fleet.js";

type Row = [
    what: string,
    state: ReissueState,
    kind: Step["kind"],
    urgency: Step["urgency"],
    action: RegExp,
    why: RegExp,
];

const rejected = waiting("rejected", 2, 19);
const withLimit = (minDaysRemaining: number, more: Partial<ReissueState> = {}) =>
    withDaysLeft(40, 500, { minDaysRemaining, ...more });

const notProlonged = (old: ReissueState): ReissueState => ({
    ...old,
    issued: old.issued && { ...old.issued, endsNoLater: true },
});
const withRenewal = (old: ReissueState): ReissueState => ({ ...old, renewedOrderId: "445566" });

const ROWS: readonly Row[] = [
    [
        "a request to approve",
        waiting("pending_approval", 4, 24),
        "approve",
        "person",
        /^Approve request 7001 in CertCentral$/,
        /^Requested on 2026-09-11\. Then run pulumi up\.$/,
    ],
    [
        "two requests, for a first certificate",
        waiting("pending_approval", 4, undefined, { requestIds: [1, 2] }),
        "approve",
        "person",
        /request 1, 2/,
        /on 2026-09-11/,
    ],
    [
        "an approval without a request id",
        waiting("pending_approval", 4, 24, { requestIds: [] }),
        "approve",
        "person",
        /^Approve the reissue in CertCentral$/,
        /./,
    ],
    [
        "an approval, with few days left",
        waiting("pending_approval", 4, 5),
        "approve",
        "critical",
        /^Approve/,
        /./,
    ],
    [
        "a token to publish",
        waiting("pending_issuance", 1, 24, { dcvRandomValue: "t0ken" }),
        "publish",
        "person",
        /^Publish the domain validation token$/,
        /^DigiCert waits for t0ken since 2026-09-14/,
    ],
    [
        "validation at DigiCert",
        waiting("pending_issuance", 1, 24),
        "up",
        "up",
        /^Run pulumi up$/,
        /DigiCert validates the reissue of 2026-09-14/,
    ],
    ["a rejection", rejected, "change", "critical", /^Change the program/, /2026-09-13 was rejected/],
    ["a lost answer", waiting("unknown", 1, 24), "up", "up", /^Run pulumi up$/, /answer .* was lost/],
    [
        "a reissue that was not accepted",
        { ...waiting("unknown", 1, 24), asked: undefined },
        "up",
        "up",
        /^Run pulumi up$/,
        /did not accept/,
    ],
    [
        "a reissue that was not accepted, and would remove a name",
        {
            ...waiting("unknown", 1, 24),
            asked: undefined,
            certificate: { ...inputs().certificate, commonName: "other.shop.example", dnsNames: [] },
        },
        "change",
        "person",
        /^List the names/,
        /removes names/,
    ],
    [
        "a reissue that is due",
        withDaysLeft(20),
        "up",
        "up",
        /^Run pulumi up$/,
        /^Reissue due since 2026-09-05\.$/,
    ],
    ["a reissue that is overdue", withDaysLeft(3), "up", "critical", /^Run pulumi up$/, /due since/],
    [
        "an expired certificate",
        withDaysLeft(-3, 500, { status: "expired" }),
        "up",
        "critical",
        /^Run pulumi up$/,
        /expired on 2026-09-12/,
    ],
    [
        "a revoked certificate",
        withDaysLeft(80, 400, { status: "revoked" }),
        "up",
        "critical",
        /^Run pulumi up$/,
        /^Certificate 880001 was revoked/,
    ],
    [
        "a plan that ends with the certificate",
        withDaysLeft(20, 0),
        "renew",
        "person",
        /^Place a new order/,
        /^The plan ends on 2026-10-05/,
    ],
    ["the same, within the last days", withDaysLeft(5, 0), "renew", "critical", /^Place a new order/, /./],
    [
        "an unknown end of the plan",
        withDaysLeft(20, 0, { orderValidTill: undefined }),
        "renew",
        "person",
        /^Place/,
        /end of the plan is unknown/,
    ],
    [
        "a plan that has ended",
        withDaysLeft(40, -60),
        "renew",
        "person",
        /^Place a new order/,
        /^The order ended on 2026-08-26/,
    ],
    [
        "an order that is revoked",
        withDaysLeft(100, 300, { orderEnd: "is revoked" }),
        "renew",
        "person",
        /^Place/,
        /^The order is revoked/,
    ],
    [
        "an order that is revoked with its certificate",
        withDaysLeft(100, 300, { orderEnd: "is revoked", status: "revoked" }),
        "renew",
        "critical",
        /^Place/,
        /^The order is revoked/,
    ],
    [
        "a certificate that minDaysRemaining lets expire",
        withDaysLeft(-1, 500, { minDaysRemaining: -1, failDaysRemaining: -1 }),
        "change",
        "critical",
        /^Set a trigger/,
        /minDaysRemaining/,
    ],
    [
        "a window that opens in less than 30 days",
        withDaysLeft(59),
        "wait",
        "soon",
        /^Reissue due on 2026-10-14$/,
        /^From then on pulumi up requests it\.$/,
    ],
    [
        "a window that opens later",
        withDaysLeft(61),
        "wait",
        "quiet",
        /^Reissue due on 2026-10-16$/,
        /requests it/,
    ],
    [
        "a later window of a plan that does not go on",
        withDaysLeft(61, 1),
        "wait",
        "quiet",
        /^New order needed by 2026-10-16$/,
        /^The plan ends on 2026-11-16, so no reissue lasts longer\.$/,
    ],
    ["a window of its own length", withLimit(39), "wait", "soon", /2026-09-16$/, /./],
    [
        "a window that never opens",
        withLimit(-1),
        "wait",
        "quiet",
        /^Certificate ends on 2026-10-25$/,
        /minDaysRemaining keeps/,
    ],
    [
        "a certificate that is new",
        withDaysLeft(194),
        "deploy",
        "soon",
        /^Certificate 880001 is new$/,
        /^Issued on 2026-09-10; check that it is deployed\. Reissue due on 2027-02-26\.$/,
    ],
    [
        "an order that has ended, and was renewed",
        withRenewal(withDaysLeft(40, -60)),
        "renew",
        "person",
        /^Use order 445566, which renewed this one$/,
        /^The order ended on 2026-08-26/,
    ],
    [
        "a plan that ends with the certificate, of an order that was renewed",
        withRenewal(withDaysLeft(20, 0)),
        "renew",
        "person",
        /^Use order 445566/,
        /^The plan ends on 2026-10-05/,
    ],
    [
        "a certificate that the last reissue did not prolong",
        notProlonged(withDaysLeft(20)),
        "renew",
        "person",
        /^Place a new order/,
        /^The last reissue did not prolong the certificate/,
    ],
    [
        "the same, before it is due",
        notProlonged(withDaysLeft(61)),
        "wait",
        "quiet",
        /^New order needed by 2026-10-16$/,
        /^The last reissue did not prolong the certificate/,
    ],
    [
        "a later end of the plan, of an order that was renewed",
        withRenewal(withDaysLeft(61, 1)),
        "wait",
        "quiet",
        /^New order needed by 2026-10-16$/,
        /Order 445566 renewed it\.$/,
    ],
    ["a certificate that was new", withDaysLeft(191), "wait", "quiet", /^Reissue due on/, /./],
];

describe("nextStep (timeline)", () => {
    for (const [what, old, kind, urgency, action, why] of ROWS) {
        it(`is "${kind}" (${urgency}) for ${what}`, () => {
            const step = nextStep(old, true, TODAY);
            assert.deepEqual([step.kind, step.urgency], [kind, urgency], JSON.stringify(step));
            assert.match(step.action, action);
            assert.match(step.why, why);
        });
    }

    const WATCHED: readonly [string, ReissueState, Step["kind"], Step["urgency"]][] = [
        ["in use", withDaysLeft(100), "wait", "quiet"],
        ["that is due", withDaysLeft(20), "repair", "person"],
        ["that has expired", withDaysLeft(-1), "repair", "critical"],
        ["that is revoked", withDaysLeft(100, 300, { status: "revoked" }), "repair", "critical"],
    ];
    for (const [what, old, kind, urgency] of WATCHED) {
        it(`is "${kind}" (${urgency}) for a certificate ${what} that the stack only reads`, () => {
            const step = nextStep(old, false, TODAY);
            assert.deepEqual([step.kind, step.urgency, step.up], [kind, urgency, []]);
            assert.doesNotMatch(step.action, /pulumi up/);
        });
    }

    it("holds what the next pulumi up prints", () => {
        assert.deepEqual(nextStep(withDaysLeft(20), true, TODAY).up, [
            "order 112233: reissue, certificate expires in 20 days (limit 30)",
        ]);
    });

    it("agrees with plan(), for any state and time", () => {
        const situations = state().chain((old) => fc.tuple(fc.constant(old), time(old)));
        fc.assert(
            fc.property(situations, ([old, now]) => {
                const decided = plan(old, inputsOf(old), now);
                const { kind, urgency, up, action, why } = nextStep(old, true, now);
                assert.deepEqual(up, [...decided.reasons, ...decided.warnings]);
                assert.ok(action !== "" && why !== "" && !/undefined|NaN/.test(action + why), action + why);
                if (decided.deadline !== undefined) assert.equal(urgency, "critical");
                // What DigiCert did not accept is asked for again, unless the order has ended since.
                const isOver = recordedClosedReason(old, now) !== undefined;
                if (decided.kind === "reissue") assert.equal(kind, isOver ? "renew" : "up");
                if (decided.kind === "fail") assert.equal(urgency, "critical");
                if (kind === "wait" || kind === "deploy") {
                    assert.equal(decided.kind, "nothing");
                    assert.ok(urgency === "soon" || urgency === "quiet");
                }
                if (urgency === "quiet") assert.equal(kind, "wait");
            }),
        );
    });
});

describe("computeDeadlines (timeline)", () => {
    it("counts the days of minDaysRemaining and failDaysRemaining back from the end", () => {
        const old = issuedState(inputs({ minDaysRemaining: 20, failDaysRemaining: -1 }));
        assert.ok(old.issued);
        const end = new Date(old.issued.validTill);
        assert.deepEqual(computeDeadlines(old, old.issued), {
            due: plusDays(end, -20).toISOString(),
            fail: undefined,
        });
        const { due = "", fail = "" } = computeDeadlines(
            { ...old, minDaysRemaining: 500, failDaysRemaining: 0 },
            old.issued,
        );
        assert.deepEqual([iso(new Date(due)), iso(new Date(fail))], [iso(plusDays(end, -99.5)), iso(end)]);
    });
});
