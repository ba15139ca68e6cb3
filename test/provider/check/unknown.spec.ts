import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { containsUnknown, UNKNOWN } from "../../../provider/core/unknown.js";

describe("containsUnknown", () => {
    it("knows the value that Pulumi sends for an unknown", () => {
        assert.equal(UNKNOWN, runtime.unknownValue);
    });

    const rows: [string, unknown, boolean][] = [
        ["the value itself", UNKNOWN, true],
        ["a list with it", ["a", UNKNOWN], true],
        ["an object with it, deep", { a: [{ b: { c: UNKNOWN } }] }, true],
        ["a text that holds it", `x${UNKNOWN}`, false],
        ["a key of that name", { [UNKNOWN]: "a" }, false],
        ["nothing", undefined, false],
        ["null", null, false],
        ["known values", { a: [1, "2", true, null, { b: {} }] }, false],
    ];
    for (const [what, value, isUnknown] of rows) {
        it(`says ${isUnknown ? "yes" : "no"} to ${what}`, () => {
            assert.equal(containsUnknown(value), isUnknown);
        });
    }
});
