import assert from "node:assert/strict";
import { dumpOf, echoesOf, leaksIn } from "./canary.js";

const KEY = "CANARY-3f9b/Kq+7Zt0-5d1c-YARNAC";

describe("leaksIn", () => {
    for (const [form, text] of Object.entries(echoesOf(KEY))) {
        it(`finds a key ${form}`, () => {
            assert.notDeepEqual(leaksIn(`before "${text}" after`, KEY), []);
        });
    }

    it("finds it inside a PEM block, across the ends of its lines", () => {
        const lines = Buffer.from(`${"x".repeat(40)}${KEY.toUpperCase()}${"y".repeat(40)}`)
            .toString("base64")
            .replace(/.{64}/g, "$&\n");
        for (const text of [lines, JSON.stringify(lines)]) assert.notDeepEqual(leaksIn(text, KEY), []);
    });

    it("finds it where an object hides it", () => {
        const holders = [
            new Map([[{ deep: [[[[KEY]]]] }, 1]]),
            Object.defineProperty({}, "hidden", { value: KEY, enumerable: false }),
            new Error("a", { cause: new Error("b", { cause: KEY }) }),
            {
                get key() {
                    return KEY;
                },
            },
            { toJSON: () => KEY },
        ];
        for (const holder of holders) assert.notDeepEqual(leaksIn(dumpOf(holder), KEY), []);
    });

    it("finds none where there is none", () => {
        const texts = [KEY.slice(1), Buffer.from(KEY.slice(0, -1)).toString("base64"), "[redacted]", ""];
        for (const text of texts) assert.deepEqual(leaksIn(text, KEY), []);
    });
});
