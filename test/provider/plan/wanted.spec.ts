import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import {
    commentsWith,
    isMarkerOf,
    makeMarker,
    markerIn,
    readComments,
} from "../../../provider/core/reissue/marker.js";
import { listRequestChanges, requestDigest } from "../../../provider/core/reissue/digest.js";
import { dnsNameList, jsonObject, reordered, shuffled } from "../../fixtures/arbitraries.js";
import { csrPem, freshKey, keyPair } from "../../fixtures/csr.js";
import { IDENTITY, inputs, ORDER, type InputsOptions } from "../../fixtures/inputs.js";
import { withCrLf } from "../../../simulator/pem.js";

const triggerMap = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });

/** All changes that cause a reissue, with the reported paths. */
const changes: [InputsOptions, string[]][] = [
    [{ certificate: { commonName: "other.example" } }, ["certificate.commonName"]],
    [{ certificate: { commonName: undefined } }, ["certificate.commonName"]],
    [{ certificate: { dnsNames: ["www.shop.example"] } }, ["certificate.dnsNames"]],
    [{ certificate: { csr: csrPem(freshKey()) } }, ["certificate.csr"]],
    [{ certificate: { csr: csrPem(keyPair("P-256"), { commonName: "x" }) } }, ["certificate.csr"]],
    [{ certificate: { serverPlatform: { id: 2 } } }, ["certificate.serverPlatform"]],
    [{ certificate: { signatureHash: "sha384" } }, ["certificate.signatureHash"]],
    [{ certificate: { caCertId: "A1" } }, ["certificate.caCertId"]],
    [{ triggers: { a: "1" } }, ["triggers"]],
    [{ additionalParameters: { a: 1 } }, ["additionalParameters"]],
    [
        { certificate: { signatureHash: "sha512", caCertId: "B" }, triggers: { b: "" } },
        ["certificate.signatureHash", "certificate.caCertId", "triggers"],
    ],
];

/** Different spellings of the same inputs. */
const same: [string, InputsOptions][] = [
    ["a common name that is repeated", { certificate: { dnsNames: ["shop.example"] } }],
    ["a CSR signed afresh", { certificate: { csr: csrPem(keyPair("P-256")) } }],
    ["a CSR with CRLF", { certificate: { csr: withCrLf(csrPem(keyPair("P-256"))) } }],
    ["empty triggers", { triggers: {} }],
    ["empty parameters", { additionalParameters: {} }],
    ["other settings", { comments: "x", skipApproval: true, deletionPolicy: "revoke", minDaysRemaining: 3 }],
];

describe("listRequestChanges and requestDigest", () => {
    for (const [options, paths] of changes) {
        it(`tell a change of ${paths.join(", ")}`, () => {
            const [a, b] = [inputs(), inputs(options)];
            assert.deepEqual(listRequestChanges(a, b), paths);
            assert.deepEqual(listRequestChanges(b, a), paths);
            assert.notEqual(requestDigest(a), requestDigest(b));
        });
    }

    for (const [what, options] of same) {
        it(`take ${what} for the same`, () => {
            const [a, b] = [inputs(), inputs(options)];
            assert.deepEqual(listRequestChanges(a, b), []);
            assert.equal(requestDigest(a), requestDigest(b));
        });
    }

    it("tell two names that were swapped as a change of the common name alone", () => {
        const a = inputs({ certificate: { commonName: "a.example", dnsNames: ["a.example", "b.example"] } });
        const b = inputs({ certificate: { commonName: "b.example", dnsNames: ["a.example", "b.example"] } });
        assert.deepEqual(listRequestChanges(a, b), ["certificate.commonName"]);
        assert.notEqual(requestDigest(a), requestDigest(b));
    });

    it("keep trigger and parameter values apart that only look alike", () => {
        const digests = [
            inputs({ triggers: { a: "1", b: "2" } }),
            inputs({ triggers: { a: "1,b:2" } }),
            inputs({ triggers: { b: "1", a: "2" } }),
            inputs({ additionalParameters: { a: "1" } }),
            inputs({ additionalParameters: { a: 1 } }),
            inputs({ additionalParameters: { a: [1, 2] } }),
            inputs({ additionalParameters: { a: [2, 1] } }),
        ].map(requestDigest);
        assert.equal(new Set(digests).size, digests.length);
    });

    it("do not depend on the order in which keys are written", () => {
        fc.assert(
            fc.property(jsonObject(), triggerMap, (additionalParameters, triggers) => {
                const a = inputs({ additionalParameters: additionalParameters as never, triggers });
                const b = reordered(a) as typeof a;
                assert.deepEqual(listRequestChanges(a, b), []);
                assert.equal(requestDigest(b), requestDigest(a));
                assert.equal(makeMarker(b, IDENTITY), makeMarker(a, IDENTITY));
            }),
        );
    });

    it("do not depend on the order of names", () => {
        fc.assert(
            fc.property(dnsNameList().chain(shuffled), ([names, other]) => {
                const a = inputs({ certificate: { dnsNames: [...names] } });
                const b = inputs({ certificate: { dnsNames: [...other, "shop.example"] } });
                assert.deepEqual(listRequestChanges(a, b), []);
                assert.equal(requestDigest(b), requestDigest(a));
            }),
        );
    });

    it("agree about any two wishes", () => {
        const names = fc.record({
            commonName: fc.constantFrom("a.example", "b.example"),
            dnsNames: dnsNameList(),
        });
        fc.assert(
            fc.property(names, names, (one, other) => {
                const [a, b] = [inputs({ certificate: one }), inputs({ certificate: other })];
                assert.equal(listRequestChanges(a, b).length === 0, requestDigest(a) === requestDigest(b));
            }),
        );
    });
});

describe("makeMarker", () => {
    const marker = makeMarker(inputs(), IDENTITY);

    it("is 16 hex digits, the same each time", () => {
        assert.match(marker, /^[0-9a-f]{16}$/);
        assert.equal(makeMarker(inputs(), IDENTITY), marker);
        for (const [, options] of same) assert.equal(makeMarker(inputs(options), IDENTITY), marker);
    });

    it("differs in its first half by identity and order, and only there", () => {
        for (const other of [
            makeMarker(inputs(), "project/other/shop"),
            makeMarker(inputs({ orderId: "445566" }), IDENTITY),
        ]) {
            assert.notEqual(other.slice(0, 8), marker.slice(0, 8));
            assert.equal(other.slice(8), marker.slice(8));
        }
    });

    it("differs in its second half by what is requested and what is replaced, and only there", () => {
        const others = [
            ...changes.map(([options]) => makeMarker(inputs(options), IDENTITY)),
            makeMarker(inputs(), IDENTITY, 880001),
            makeMarker(inputs(), IDENTITY, 880002),
        ];
        for (const other of others) assert.equal(other.slice(0, 8), marker.slice(0, 8));
        assert.equal(new Set([marker, ...others]).size, others.length + 1);
    });

    it("belongs to its resource and order, whatever was requested", () => {
        for (const [options] of changes) {
            assert.ok(isMarkerOf(makeMarker(inputs(options), IDENTITY, 880001), IDENTITY, ORDER));
        }
        assert.ok(!isMarkerOf(marker, "project/other/shop", ORDER));
        assert.ok(!isMarkerOf(marker, IDENTITY, "445566"));
        assert.ok(!isMarkerOf("", IDENTITY, ORDER));
    });
});

describe("markerIn", () => {
    it("finds a marker behind comments, and the last of several", () => {
        assert.equal(markerIn(commentsWith("7f3a9c211b2c3d4e", undefined)), "7f3a9c211b2c3d4e");
        const before = `by hand [pulumi-digicert ${"0".repeat(16)}]`;
        assert.equal(markerIn(commentsWith("7f3a9c211b2c3d4e", before)), "7f3a9c211b2c3d4e");
    });

    for (const comments of [
        undefined,
        "",
        "by hand",
        "[pulumi-digicert 7f3a]",
        "[pulumi-digicert 7F3A9C211B2C3D4E]",
        "[pulumi-digicert 7f3a9c211b2c3d4e5]",
    ]) {
        it(`finds none in ${inspect(comments)}`, () => {
            assert.equal(markerIn(comments), undefined);
        });
    }
});

describe("readComments", () => {
    const own = "7f3a9c211b2c3d4e";
    const sent = "for the shop, rotation of “May” & June";
    const whole = commentsWith(own, sent);
    const rows: [string, string | undefined, string | undefined, "same" | "other" | "nothing"][] = [
        ["the marker", whole, sent, "same"],
        ["the marker without comments of the program", commentsWith(own, undefined), undefined, "same"],
        ["the marker after comments were changed in the program", whole, "other words", "same"],
        ["the marker in escaped brackets", whole.replace("[", "&#91;").replace("]", "&#93;"), sent, "same"],
        ["the marker in backslashes", whole.replace("[", "\\[").replace("]", "\\]"), sent, "same"],
        ["the marker behind somebody's addition", `${whole} approved by Jo`, sent, "same"],
        ["another marker", commentsWith("0123456789abcdef", sent), sent, "other"],
        ["another marker behind this one", `${whole} ${commentsWith("0123456789abcdef", "")}`, sent, "other"],
        ["somebody else's words", "renewed by hand", sent, "other"],
        ["somebody else's words, where the program has none", "renewed by hand", undefined, "other"],
        ["words that begin like the program's", "for the shop, by hand", sent, "other"],
        ["no comments", undefined, sent, "nothing"],
        ["empty comments", "", sent, "nothing"],
        ["blank comments", " \n\t ", sent, "nothing"],
        ["punctuation alone", " - ", sent, "nothing"],
        ["the beginning of what was sent", whole.slice(0, 12), sent, "nothing"],
        ["the beginning with an ellipsis", `${whole.slice(0, 12)}...`, sent, "nothing"],
        ["the beginning with a one-letter ellipsis", `${whole.slice(0, 12)}…`, sent, "nothing"],
        ["everything but the last digits", whole.slice(0, -5), sent, "nothing"],
        [
            "the beginning of the marker alone",
            commentsWith(own, undefined).slice(0, 20),
            undefined,
            "nothing",
        ],
        ["the beginning of another marker", "[pulumi-digicert 0123", undefined, "other"],
        [
            "the beginning, escaped for HTML",
            "for the shop, rotation of &ldquo;May&rdquo; &amp; June",
            sent,
            "nothing",
        ],
        ["the beginning in capitals and other white space", "FOR THE  SHOP,\nrotation", sent, "nothing"],
    ];
    for (const [what, comments, given, expected] of rows) {
        it(`takes ${what} for ${expected}`, () => {
            assert.equal(readComments(comments, own, given), expected);
        });
    }

    it("never takes a part of what was sent for another's, however it is cut", () => {
        const text = fc.string({ unit: "grapheme", maxLength: 40 });
        fc.assert(
            fc.property(fc.option(text, { nil: undefined }), fc.nat(80), (given, length) => {
                const shown = commentsWith(own, given).slice(0, length);
                assert.notEqual(readComments(shown, own, given), "other");
            }),
        );
    });
});
