import assert from "node:assert/strict";
import { inputsOf, withInputs } from "../../provider/core/reissue/state.js";
import { compact } from "../../provider/core/json.js";
import { inputs, issuedState } from "../fixtures/inputs.js";

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

describe("compact", () => {
    it("leaves out what is absent, at every depth, and shares nothing", () => {
        const value = { a: undefined, b: { c: undefined, d: [1, { e: undefined }] }, f: null, g: "" };
        const result = compact(value);
        assert.deepEqual(Object.keys(result), ["b", "f", "g"]);
        assert.equal(JSON.stringify(result), '{"b":{"d":[1,{}]},"f":null,"g":""}');
        assert.notEqual(result.b.d, value.b.d);
    });
});
