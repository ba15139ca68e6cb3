import assert from "node:assert/strict";
import fc from "fast-check";
import { redactor } from "../../../provider/core/certcentral/redact.js";
import { quote } from "../../../provider/core/quote.js";
import { toPem } from "../../../provider/core/x509/pem.js";

const KEY = 'A1b2/C3+d4"E5\\f6.G7%h8';
const redact = redactor(KEY);

describe("redactor", () => {
    const echoes = [
        ["as it is", KEY],
        ["in a URL", encodeURIComponent(KEY)],
        ["in base64", Buffer.from(KEY).toString("base64")],
        ["in base64url", Buffer.from(KEY).toString("base64url")],
        ["in hex", Buffer.from(KEY).toString("hex")],
        ["in upper-case hex", Buffer.from(KEY).toString("hex").toUpperCase()],
        [
            "in hex with colons",
            Buffer.from(KEY)
                .toString("hex")
                .replace(/..(?=.)/g, "$&:"),
        ],
        ["in lower case", KEY.toLowerCase()],
        ["in upper case", KEY.toUpperCase()],
        ["in a URL, in lower case", encodeURIComponent(KEY).toLowerCase()],
        ["in a URL, twice encoded", encodeURIComponent(encodeURIComponent(KEY))],
        ["in a URL, every character", Buffer.from(KEY).toString("hex").replace(/../g, "%$&")],
        ["in JSON", JSON.stringify(KEY).slice(1, -1)],
        ["in HTML", KEY.replaceAll('"', "&quot;").replaceAll("%", "&#x25;").replaceAll("+", "&#43;")],
    ];
    for (const [what = "", echo = ""] of echoes) {
        it(`removes a key ${what}, each time`, () => {
            assert.equal(redact(`x${echo}y ${echo}`), "x[redacted]y [redacted]");
        });
    }

    it("removes a key that was encoded together with something else", () => {
        for (const before of ["", "x", "xx", "X-DC-DEVKEY: "]) {
            for (const after of ["", "y", "yy"]) {
                const encoded = Buffer.from(before + KEY + after).toString("base64");
                const left = redact(encoded);
                assert.match(left, /\[redacted\]/, encoded);
                const rest = left.split("[redacted]").map((part) => Buffer.from(part, "base64").toString());
                assert.ok(!rest.some((part) => part.includes("A1b") || part.includes("h8")), left);
            }
        }
    });

    it("removes a PEM block with a key in it, in whatever case and width, and no other", () => {
        const block = (content: string | Buffer) => toPem("CERTIFICATE", Buffer.from(content));
        const swapped = KEY.replace(/[a-z]/gi, (char) =>
            char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase(),
        );
        const wide = Buffer.from(KEY, "utf16le").swap16();
        for (const content of [`${"x".repeat(40)}${swapped}`, wide]) {
            assert.equal(redact(`a\n${block(content)}b\n`), "a\n[redacted]\nb\n");
        }
        const other = block(KEY.slice(1).repeat(3));
        assert.equal(redact(`${other}${block(KEY.toLowerCase())}`), `${other}[redacted]\n`);
    });

    it("leaves the encodings of other texts alone", () => {
        const other = `${KEY.slice(1)}${KEY.slice(0, -1)}`;
        for (const encoding of ["hex", "base64", "base64url", "latin1"] as const) {
            const text = Buffer.from(KEY.slice(0, -2)).toString(encoding);
            assert.equal(redact(text), text);
        }
        assert.equal(redactor(`${KEY}${KEY}`)(other), other);
    });

    it("leaves no key, whatever the key is", () => {
        const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
        const keys = fc.array(character, { minLength: 8, maxLength: 40 }).map((all) => all.join(""));
        fc.assert(
            fc.property(keys, fc.string(), fc.string(), (key, before, after) => {
                const others = redactor(key)(`[redacted] ${before} | ${after}`);
                fc.pre(others === `[redacted] ${before} | ${after}`);
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

    it("takes time in proportion to the text, whatever it holds", () => {
        const time = (text: string) => {
            const start = performance.now();
            redact(text);
            return performance.now() - start;
        };
        const shortest = (text: string) => Math.min(...Array.from({ length: 5 }, () => time(text)));
        for (const piece of [
            "\\",
            "%",
            "%25",
            "&#",
            "&#0",
            "&#x000",
            KEY.slice(0, -1),
            "-----BEGIN A-----",
            "A1b2\\",
            "\\u0041",
        ]) {
            const text = piece.repeat(Math.ceil(60_000 / piece.length));
            const once = shortest(text);
            // In the square of its length, it would take sixteen times as long.
            const fourTimes = shortest(text.repeat(4));
            assert.ok(
                fourTimes < 9 * once + 5,
                `${piece}: ${once.toFixed(1)} and ${fourTimes.toFixed(1)} ms`,
            );
        }
    });

    it("is made once for a key, and each key has its own", () => {
        assert.equal(redactor(KEY), redactor(KEY));
        const keys = Array.from({ length: 20 }, (_, index) => `${KEY}-${index}-`);
        for (const key of [...keys, ...keys.toReversed()])
            assert.equal(redactor(key)(`a ${key} b`), "a [redacted] b");
    });

    it("leaves texts alone where the key is too short to be one", () => {
        assert.equal(redactor("test")("a test"), "a test");
    });
});

describe("quote", () => {
    it("fits the words of a server into one line", () => {
        assert.equal(quote("a\r\nb\tc\u0000d\u001b[31me\u2028f\u0085g"), "a b c d e f g");
        assert.equal(quote("  a  "), "a");
        assert.equal(quote("ü – 例え"), "ü – 例え");
    });

    it("lets nothing unseen through: escape sequences, bidi and zero-width marks, lone surrogates", () => {
        const unseen = [
            "\u001b[1;31m",
            "\u009b2J",
            "\u001b]0;title\u0007",
            "\u001b]8;;http://a.example\u001b\\",
            "\u202e",
            "\u2066",
            "\u200b",
            "\u00ad",
            "\ufeff",
            "\ud800",
            "\u{e0041}",
        ];
        for (const mark of unseen) assert.equal(quote(`a${mark}b`), "a b", JSON.stringify(mark));
        assert.equal(quote(unseen.join("")), "");
    });

    it("joins nothing that was split by something unseen, least of all a key", () => {
        assert.equal(redact(quote(`${KEY.slice(0, 5)}\u200b${KEY.slice(5)}`)).includes(KEY), false);
    });

    it("cuts between characters", () => {
        assert.equal(quote("😀".repeat(301)), `${"😀".repeat(300)}…`);
    });

    it("says that it cut, also where all that is left is short, and is quick", () => {
        assert.equal(quote(`a${" ".repeat(10_000_000)}b`), "a…");
    });

    it("cuts what has no end", () => {
        assert.equal(quote("x".repeat(300)).length, 300);
        assert.equal(quote("x".repeat(10_000)), `${"x".repeat(300)}…`);
    });
});
