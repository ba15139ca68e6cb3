import assert from "node:assert/strict";
import fc from "fast-check";
import { quote, redactor } from "../../../provider/certcentral/redact.js";

const KEY = 'A1b2/C3+d4"E5\\f6.G7%h8';
const redact = redactor(KEY);

describe("redactor", () => {
    const echoes = [
        ["as it is", KEY],
        ["in a URL", encodeURIComponent(KEY)],
        ["in base64", Buffer.from(KEY).toString("base64")],
    ];
    for (const [what = "", echo = ""] of echoes) {
        it(`removes a key ${what}, each time`, () => {
            assert.equal(redact(`x${echo}y ${echo}`), "x[redacted]y [redacted]");
        });
    }

    it("leaves no key, whatever the key is", () => {
        const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
        const keys = fc.array(character, { minLength: 8, maxLength: 40 }).map((all) => all.join(""));
        fc.assert(
            fc.property(keys, fc.string(), fc.string(), (key, before, after) => {
                fc.pre(!"[redacted]".includes(key) && !(before + after).includes(key));
                const text = redactor(key)(`${before} ${key} ${encodeURIComponent(key)} ${after}`);
                assert.equal(text, `${before} [redacted] [redacted] ${after}`);
            }),
        );
    });

    it("leaves other text alone, and takes no key for a pattern", () => {
        assert.equal(redactor("A.......")("ABCDEFGH"), "ABCDEFGH");
        assert.equal(redactor("(a+)+$[x")("aaaaaaaa"), "aaaaaaaa");
        assert.equal(redact("A1b2"), "A1b2");
    });

    it("leaves texts alone where the key is too short to be one", () => {
        assert.equal(redactor("test")("a test"), "a test");
    });
});

describe("quote", () => {
    it("fits the words of a server into one line", () => {
        assert.equal(quote("a\r\nb\tc\u0000d\u001b[31me\u2028f\u0085g"), "a b c d [31me f g");
        assert.equal(quote("  a  "), "a");
        assert.equal(quote("ü – 例え"), "ü – 例え");
    });

    it("cuts what has no end", () => {
        assert.equal(quote("x".repeat(300)).length, 300);
        assert.equal(quote("x".repeat(10_000)), `${"x".repeat(300)}…`);
    });
});
