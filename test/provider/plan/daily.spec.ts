import assert from "node:assert/strict";
import fc from "fast-check";
import { checkInputs } from "../../../provider/core/reissue/check.js";
import { plan } from "../../../provider/core/reissue/plan/plan.js";
import { caseChanged, dnsNameList, jsonObject, reordered, shuffled } from "../../fixtures/arbitraries.js";
import { csrPem, keyPair } from "../../fixtures/csr.js";
import { inputs, iso, ISSUED_AT, issuedState, plusDays } from "../../fixtures/inputs.js";
import { withCrLf } from "../../../simulator/pem.js";

const DAY = 86_400_000;

/** A stack whose program never changes, run about once a day. */
const stack = fc.record({
    /** Lifetime of DigiCert's certificates now, and from the middle of the plan on. */
    lifetimes: fc.tuple(
        fc.double({ min: 0.5, max: 400, noNaN: true }),
        fc.double({ min: 0.5, max: 400, noNaN: true }),
    ),
    planDays: fc.integer({ min: 1, max: 700 }),
    /** How far into the plan's last day, or before it, DigiCert lets a certificate run. */
    lastHour: fc.integer({ min: -60, max: 23 }),
    minDaysRemaining: fc.option(fc.double({ min: -1, max: 500, noNaN: true }), { nil: undefined }),
    failDaysRemaining: fc.option(fc.double({ min: -1, max: 50, noNaN: true }), { nil: undefined }),
    hours: fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
});

describe("unchanged runs, day after day", () => {
    it("reissue only when half of a certificate's life is over, and never after the plan", () => {
        fc.assert(
            fc.property(stack, ({ lifetimes, planDays, lastHour, hours, ...settings }) => {
                const wanted = inputs(settings);
                const orderValidTill = plusDays(ISSUED_AT, planDays).toISOString().slice(0, 10);
                const lastDay = new Date(orderValidTill);
                const latest = plusDays(lastDay, lastHour / 24);
                const issue = (now: Date, certificateId: number) => {
                    const days = now > plusDays(ISSUED_AT, planDays / 2) ? lifetimes[1] : lifetimes[0];
                    const validTill = new Date(Math.min(plusDays(now, days).getTime(), latest.getTime()));
                    return issuedState(wanted, { validFrom: now, validTill, orderValidTill, certificateId });
                };
                let state = issue(ISSUED_AT, 1);
                let now = ISSUED_AT;
                for (let id = 2; now < plusDays(lastDay, 30);) {
                    now = plusDays(now, hours.next().value / 24);
                    const result = plan(state, wanted, now);
                    assert.ok(["nothing", "reissue", "fail"].includes(result.kind));
                    if (result.kind !== "reissue") continue;
                    assert.ok(now < plusDays(lastDay, 1), "the plan goes on");
                    const from = Date.parse(state.issued?.validFrom ?? "");
                    const till = Date.parse(state.issued?.validTill ?? "");
                    assert.ok(now.getTime() - from >= (till - from) / 2 - 2000, "half of its life is over");
                    assert.ok(lastDay.getTime() - till > DAY, "a reissue can be valid for longer");
                    state = issue(now, id++);
                    assert.notEqual(plan(state, wanted, now).kind, "reissue", "once for one reason");
                }
            }),
            { numRuns: 100 },
        );
    });
});

describe("a successful update", () => {
    const wish = fc.record({
        dnsNames: dnsNameList(),
        signatureHash: fc.constantFrom("sha256", "sha384", "sha512"),
        additionalParameters: jsonObject(),
        triggers: fc.dictionary(fc.stringMatching(/^[a-z.]{1,5}$/), fc.stringMatching(/^\w{0,5}$/), {
            noNullPrototype: true,
        }),
        minDaysRemaining: fc.option(fc.integer({ min: -1, max: 90 }), { nil: undefined }),
        allowNameRemoval: fc.constantFrom(undefined, [], ["x.example", "y.example"]),
    });
    const key = keyPair("RSA 2048");

    it("leaves nothing to do, however the program spells the same", () => {
        const spelling = wish.chain(({ dnsNames, signatureHash, ...rest }) =>
            fc.record({
                rest: fc.constant(rest),
                first: fc.constant({ commonName: "shop.example", dnsNames, signatureHash, csr: csrPem(key) }),
                names: shuffled([...dnsNames, "shop.example"]).chain(([, other]) =>
                    fc.tuple(...other.map((name) => caseChanged(name).map(([, loud]) => loud))),
                ),
                reframe: fc.constantFrom(
                    (pem: string) => pem,
                    withCrLf,
                    (pem: string) => ` ${pem}\n\n`,
                    (pem: string) => pem.replace(/-----[^-]+-----|\n/g, ""),
                    (pem: string) => pem.replaceAll("CERTIFICATE", "NEW CERTIFICATE"),
                ),
            }),
        );
        fc.assert(
            fc.property(spelling, ({ rest, first, names, reframe }) => {
                const one = checkInputs({ orderId: 112233, certificate: first, ...rest });
                const certificate = {
                    ...first,
                    commonName: "SHOP.Example",
                    dnsNames: names,
                    csr: reframe(first.csr),
                };
                const respelt = reordered({ ...rest, orderId: "0112233", certificate }) as Record<
                    string,
                    unknown
                >;
                const two = checkInputs({
                    ...respelt,
                    allowNameRemoval: rest.allowNameRemoval?.toReversed(),
                });
                assert.deepEqual([one.failures, two.failures], [[], []]);
                assert.ok(one.inputs && two.inputs);
                const state = issuedState(one.inputs);
                for (const wanted of [one.inputs, two.inputs]) {
                    const result = plan(state, wanted, plusDays(ISSUED_AT, 1));
                    assert.deepEqual(result, { kind: "nothing", reasons: [], warnings: [], changed: [] });
                }
            }),
        );
    });

    it("is over the same second, to the second", () => {
        const state = issuedState(inputs());
        assert.equal(state.validFrom, iso(ISSUED_AT));
        assert.equal(plan(state, inputs(), ISSUED_AT).kind, "nothing");
    });
});
