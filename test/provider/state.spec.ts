import assert from "node:assert/strict";
import { StateError } from "../../provider/core/errors.js";
import { withReissueId } from "../../provider/core/reissue/reissueId.js";
import { inputsOf, withInputs } from "../../provider/core/reissue/state.js";
import { readState } from "../../provider/core/reissue/stateSchema.js";
import { compact } from "../../provider/core/json.js";
import fc from "fast-check";
import { inputs, issuedState, openState } from "../fixtures/inputs.js";
import { state } from "../fixtures/states.js";
import { recordedReleases, recordedStates } from "../upgrade/releases.js";

const all = inputs({
    comments: "x",
    additionalParameters: { a: [1, null] },
    triggers: { a: "1" },
    minDaysRemaining: 1,
    failDaysRemaining: 2,
    allowNameRemoval: ["old.example"],
});

describe("inputsOf", () => {
    it("takes every input out of a state, and nothing else", () => {
        assert.deepEqual(inputsOf(issuedState(all)), all);
        assert.deepEqual(inputsOf({ ...all, __provider: "text" } as typeof all), all);
    });

    it("makes up no input that is absent", () => {
        assert.deepEqual(Object.keys(inputsOf(issuedState(inputs()))), Object.keys(inputs()));
    });
});

describe("withInputs", () => {
    it("changes the inputs and keeps the outputs", () => {
        const old = issuedState(all);
        const next = inputs({ comments: "y" });
        const state = withInputs(old, next);
        assert.deepEqual(inputsOf(state), next, "what is gone does not linger");
        assert.equal(state.issuedCertificateId, old.issuedCertificateId);
        assert.deepEqual(state.issued, old.issued);
        assert.deepEqual(old, issuedState(all), "the old state stays as it was");
    });
});

describe("readState", () => {
    it("reads what is written, whatever the state", () => {
        fc.assert(
            fc.property(state(), (written) => {
                assert.deepEqual(readState(compact(written) as never), compact(written));
            }),
        );
    });

    for (const version of recordedReleases()) {
        for (const { name, outputs } of recordedStates(version).resources) {
            it(`reads what ${version} recorded of "${name}", and leaves out nothing but what the host added`, () => {
                const { __provider: text, identity, ...members } = outputs;
                assert.ok(text !== undefined && identity !== undefined);
                assert.deepEqual(readState(outputs), members);
            });
        }
    }

    it("fills in what an earlier release did not have", () => {
        const { deletionPolicy, adoptExisting, issuanceTimeoutSeconds, requestIds, ...rest } =
            issuedState(all);
        assert.deepEqual(readState(rest), { ...issuedState(all), ...{ requestIds } });
        assert.deepEqual(
            [deletionPolicy, adoptExisting, issuanceTimeoutSeconds],
            ["forget", false, 900],
            "the defaults",
        );
    });

    it("leaves out members of a later release", () => {
        assert.deepEqual(readState({ ...issuedState(all), later: { a: 1 } }), issuedState(all));
    });

    const wrong: [string, Record<string, unknown>, RegExp][] = [
        ["status", { status: "on its way" }, /status holds a value that this version does not understand/],
        ["orderId", { orderId: 112233 }, /^Reading the state: orderId holds/],
        ["certificate.csr", { certificate: { dnsNames: [] } }, /certificate\.csr holds/],
        [
            "issued.validTill",
            { issued: { ...issuedState(all).issued, validTill: "soon" } },
            /issued\.validTill/,
        ],
        ["asked.at", { asked: { marker: "7f3a9c211b2c3d4e", at: "" } }, /asked\.at holds/],
        ["requestIds.1", { requestIds: [1, "2"] }, /requestIds\.1 holds/],
        ["certificateId", { certificateId: -1 }, /certificateId holds/],
        ["validFrom", { validFrom: "31/12/2026" }, /validFrom holds/],
    ];
    for (const [member, change, sentence] of wrong) {
        it(`refuses a state by the name of its member ${member}, and changes nothing`, () => {
            const stored = { ...issuedState(all), ...change };
            const before = structuredClone(stored);
            assert.throws(
                () => readState(stored),
                (error: Error) => {
                    assert.ok(error instanceof StateError && error.remedy === "repairState");
                    assert.match(error.message, sentence);
                    assert.match(error.message, /the state is kept$/);
                    return true;
                },
            );
            assert.deepEqual(stored, before);
        });
    }

    it("names the order in the refusal, and nothing of what the member holds", () => {
        const stored = { ...issuedState(all), status: "s3cret\u001b[31m" };
        assert.throws(() => readState(stored), {
            message: /^(?!.*s3cret)Reading the state of order 112233: status /,
        });
    });
});

describe("withReissueId", () => {
    it("fills in one for a state of 0.1.0, the same each time, and changes nothing else", () => {
        for (const old of [issuedState(all), openState(inputs(), "pending_approval", issuedState(all))]) {
            const { reissueId, ...rest } = withReissueId(old);
            assert.ok(reissueId);
            assert.equal(withReissueId(old).reissueId, reissueId);
            assert.deepEqual(rest, compact(old));
        }
    });

    it("leaves one alone that is there", () => {
        const old = { ...issuedState(all), reissueId: "x" };
        assert.equal(withReissueId(old), old);
    });

    it("names a pending reissue and an issued certificate differently, and each certificate", () => {
        const ids = [
            withReissueId(issuedState(all)),
            withReissueId(issuedState(all, { certificateId: 880002 })),
            withReissueId(openState(inputs(), "pending_approval", issuedState(all))),
        ].map(({ reissueId }) => reissueId);
        assert.equal(new Set(ids).size, ids.length);
    });

    it("makes none up where nothing was ever requested", () => {
        const { issued, issuedCertificateId, ...never } = issuedState(all);
        assert.ok(issued && issuedCertificateId);
        assert.equal(withReissueId(never).reissueId, undefined);
    });
});

describe("compact", () => {
    it("leaves out what is absent, at every depth, and shares nothing", () => {
        const value = { a: undefined, b: { c: undefined, d: [1, { e: undefined }] }, f: null, g: "" };
        const result = compact(value);
        assert.deepEqual(Object.keys(result), ["b", "f", "g"]);
        assert.equal(JSON.stringify(result), '{"b":{"d":[1,{}]},"f":null,"g":""}');
        assert.notEqual(result.b.d, value.b.d);
    });
});
