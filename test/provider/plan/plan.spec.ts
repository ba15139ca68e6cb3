import assert from "node:assert/strict";
import { plan, type ReissuePlan } from "../../../provider/core/reissue/plan/plan.js";
import type { ReissueInputs, ReissueState } from "../../../provider/core/reissue/state.js";
import { csrPem, freshKey, keyPair } from "../../fixtures/csr.js";
import {
    inputs,
    ISSUED_AT,
    issuedState,
    openState,
    plusDays,
    type InputsOptions,
} from "../../fixtures/inputs.js";
import { withCrLf } from "../../../simulator/pem.js";

/** The first days of a certificate of 199 days in a plan of three years: nothing is due. */
const EARLY = plusDays(ISSUED_AT, 10);
const TWO = { certificate: { dnsNames: ["shop.example", "api.example"] } };

const planned = (old: ReissueState, options: InputsOptions = {}, now = EARLY): ReissuePlan =>
    plan(old, inputs(options), now);
const issued = (options: InputsOptions = {}) => issuedState(inputs(options));
const key = csrPem(freshKey());

describe("plan, right after an issuance", () => {
    const nothing: [string, InputsOptions, InputsOptions][] = [
        ["nothing changed", TWO, TWO],
        ["the CSR has other line ends", {}, { certificate: { csr: withCrLf(csrPem(keyPair("P-256"))) } }],
        ["the CSR was signed afresh", {}, { certificate: { csr: csrPem(keyPair("P-256")) } }],
        ["the common name is repeated no more", TWO, { certificate: { dnsNames: ["api.example"] } }],
        [
            "the names are in another order",
            TWO,
            { certificate: { dnsNames: ["api.example", "shop.example"] } },
        ],
        [
            "the validation method moves from additionalParameters to dcvMethod",
            { additionalParameters: { dcv_method: "email" } },
            { dcvMethod: "email" },
        ],
        ["empty triggers appear", {}, { triggers: {}, additionalParameters: {} }],
        [
            "the permitted names are in another order",
            { allowNameRemoval: ["a.example", "b.example"] },
            { allowNameRemoval: ["b.example", "a.example"] },
        ],
    ];
    for (const [what, before, after] of nothing) {
        it(`does nothing when ${what}`, () => {
            assert.deepEqual(planned(issued(before), after), {
                kind: "nothing",
                reasons: [],
                warnings: [],
                changed: [],
            });
        });
    }

    const wanted: [InputsOptions, string][] = [
        [
            { certificate: { commonName: "www.shop.example", dnsNames: ["shop.example"] } },
            "certificate.commonName",
        ],
        [{ certificate: { dnsNames: ["api.example"] } }, "certificate.dnsNames"],
        [{ certificate: { csr: key } }, "certificate.csr"],
        [{ certificate: { serverPlatform: { id: 2 } } }, "certificate.serverPlatform"],
        [{ certificate: { signatureHash: "sha384" } }, "certificate.signatureHash"],
        [{ certificate: { caCertId: "A1" } }, "certificate.caCertId"],
        [{ triggers: { rotation: "2" } }, "triggers"],
        [{ additionalParameters: { cs_provisioning_method: "email" } }, "additionalParameters"],
    ];
    for (const [options, path] of wanted) {
        it(`reissues when ${path} changed, and says so`, () => {
            const result = planned(issued(), options);
            assert.equal(result.kind, "reissue");
            assert.ok(result.changed.includes(path));
            assert.match(result.reasons.join(), /^order 112233: reissue, .* changed$/);
            assert.ok(result.reasons.join().includes(path));
            assert.equal(result.cause, "program");
            assert.deepEqual(result.warnings, []);
        });
    }

    const settings: InputsOptions[] = [
        { comments: "x" },
        { dcvMethod: "email" },
        { skipApproval: true },
        { minDaysRemaining: 3 },
        { failDaysRemaining: 3 },
        { waitForApproval: true },
        { issuanceTimeoutSeconds: 0 },
        { allowPendingOutputs: true },
        { allowNameRemoval: ["old.example"] },
        { adoptExisting: true },
        { deletionPolicy: "cancelPending" },
    ];
    for (const options of settings) {
        const [name = ""] = Object.keys(options);
        it(`records a change of ${name}, and asks for nothing`, () => {
            const expected = { kind: "record", reasons: [], warnings: [], changed: [name] };
            assert.deepEqual(planned(issued(), options), expected);
            assert.deepEqual(plan(issued(options), inputs(), EARLY), expected, "also when it goes away");
        });
    }

    it("reports settings that change together with the certificate", () => {
        const result = planned(issued(), { triggers: { a: "1" }, comments: "x" });
        assert.deepEqual([result.kind, result.changed], ["reissue", ["triggers", "comments"]]);
        assert.deepEqual(result.reasons, ["order 112233: reissue, triggers changed"]);
    });

    it("takes two names that were swapped for a reissue, not for a removal", () => {
        const names = ["shop.example", "api.example"];
        const result = planned(issued(TWO), { certificate: { commonName: "api.example", dnsNames: names } });
        assert.deepEqual([result.kind, result.changed], ["reissue", ["certificate.commonName"]]);
        assert.deepEqual(result.warnings, []);
    });

    it("says each thing in a sentence about the order", () => {
        assert.deepEqual(planned(issued(), { certificate: { csr: key }, triggers: { a: "1" } }).reasons, [
            "order 112233: reissue, certificate.csr, triggers changed",
        ]);
    });
});

describe("plan, when the order changes", () => {
    it("replaces the resource", () => {
        for (const deletionPolicy of ["forget", "cancelPending"] as const) {
            const result = planned(issued({ deletionPolicy }), { orderId: "445566", deletionPolicy });
            assert.deepEqual([result.kind, result.changed], ["replace", ["orderId"]]);
            assert.match(result.reasons.join(), /^order 112233: replaced by order 445566/);
        }
    });

    it("refuses while the state says that the old certificate is to be revoked", () => {
        for (const deletionPolicy of ["revoke", "forget"] as const) {
            const result = planned(issued({ deletionPolicy: "revoke" }), {
                orderId: "445566",
                deletionPolicy,
            });
            assert.equal(result.kind, "refuse");
            assert.match(result.reasons.join(), /deletionPolicy "revoke" would revoke/);
            assert.equal(result.error?.remedy, "forgetFirst");
        }
    });

    it("replaces also a resource that is about to expire, revoked or pending", () => {
        const late = plusDays(ISSUED_AT, 198);
        const old = issued();
        for (const state of [
            old,
            { ...old, status: "revoked" as const },
            openState(inputs(), "pending_approval", old),
        ]) {
            assert.equal(planned(state, { orderId: "445566" }, late).kind, "replace");
        }
    });
});

describe("plan, when names would disappear", () => {
    const fewer = { certificate: { dnsNames: [] } };
    const state = (added?: string[]): ReissueState => issuedState(inputs(TWO), added ? { added } : {});

    it("refuses, naming them and what DigiCert would do", () => {
        const result = planned(state(), fewer);
        assert.equal(result.kind, "refuse");
        assert.match(
            result.reasons.join(),
            /api\.example would disappear.*72 hours.*allowNameRemoval: \["api\.example"\]/,
        );
    });

    it("permits exactly the names that are listed, with a warning", () => {
        const result = planned(state(), { ...fewer, allowNameRemoval: ["api.example", "unrelated.example"] });
        assert.equal(result.kind, "reissue");
        assert.match(result.warnings.join(), /this reissue removes api\.example.*72 hours/);
        assert.equal(planned(state(), { ...fewer, allowNameRemoval: ["other.example"] }).kind, "refuse");
    });

    it("names only those that are not permitted", () => {
        const old = issuedState(inputs({ certificate: { dnsNames: ["a.example", "b.example"] } }));
        const result = planned(old, { ...fewer, allowNameRemoval: ["a.example"] });
        assert.equal(result.kind, "refuse");
        assert.match(result.reasons.join(), /because b\.example would disappear/);
    });

    it("refuses a common name that disappears", () => {
        assert.equal(planned(issued(), { certificate: { commonName: "other.example" } }).kind, "refuse");
        assert.equal(planned(issued(), { certificate: { commonName: undefined } }).kind, "refuse");
    });

    it("does not count what DigiCert adds by itself", () => {
        const added = ["www.shop.example", "www.api.example"];
        assert.equal(planned(state(added), { ...TWO, triggers: { a: "1" } }).kind, "reissue");
        assert.equal(planned(state(added), { ...fewer, allowNameRemoval: ["api.example"] }).kind, "reissue");
        const wildcard = { certificate: { commonName: "*.shop.example" } };
        const old = issuedState(inputs(wildcard), { added: ["shop.example"] });
        assert.equal(planned(old, { ...wildcard, triggers: { a: "1" } }).kind, "reissue");
    });

    it("counts a name that DigiCert would add by itself, if it was asked for", () => {
        const old = issuedState(inputs({ certificate: { dnsNames: ["www.shop.example"] } }));
        assert.equal(planned(old, fewer).kind, "refuse");
    });

    it("counts every name that was issued for the stack, except those that DigiCert added", () => {
        const { issued: last, ...rest } = state(["legacy.example"]);
        assert.ok(last);
        assert.equal(planned({ ...rest, issued: last }, { ...TWO, triggers: { a: "1" } }).kind, "reissue");
        const unexplained = { ...last, names: [...last.names, "legacy.example"], added: [] };
        assert.equal(
            planned({ ...rest, issued: unexplained }, { ...TWO, triggers: { a: "1" } }).kind,
            "refuse",
        );
    });

    it("refuses nothing for a product without names", () => {
        const signing = { certificate: { commonName: undefined } };
        const old = issuedState(inputs(signing), { added: ["example ltd"] });
        assert.equal(planned(old, { ...signing, triggers: { a: "1" } }).kind, "reissue");
    });

    it("judges by what was issued, not by what is pending", () => {
        const old = issued();
        const more: ReissueInputs = inputs(TWO);
        assert.equal(
            planned(openState(more, "pending_issuance", old), { triggers: { a: "1" } }).kind,
            "reissue",
        );
        const less = inputs({ ...fewer, allowNameRemoval: ["api.example"] });
        const pending = openState(less, "pending_issuance", issued(TWO));
        assert.equal(planned(pending, { ...fewer, triggers: { a: "1" } }).kind, "refuse");
    });
});
