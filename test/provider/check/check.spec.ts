import assert from "node:assert/strict";
import { checkInputs } from "../../../provider/core/reissue/check.js";
import { UNKNOWN } from "../../../provider/core/unknown.js";
import { csrPem, freshKey, keyPair } from "../../fixtures/csr.js";
import { given, properties, type Bag } from "../../fixtures/inputs.js";
import { withCrLf } from "../../../simulator/pem.js";

const cert = (more: Bag): Bag => given({ certificate: more });
const extra = (additionalParameters: unknown): Bag => given({ additionalParameters });
const proto = JSON.parse('{"a":{"__proto__":{"x":1}}}') as unknown;

describe("checkInputs", () => {
    it("turns the CSR into PEM as it is sent", () => {
        const pem = csrPem(keyPair("P-256"));
        const bare = pem.replace(/-----[^-]+-----|\n/g, "");
        for (const csr of [
            pem,
            withCrLf(pem),
            bare,
            `  ${pem}`,
            pem.replaceAll("CERTIFICATE", "NEW CERTIFICATE"),
        ]) {
            const { inputs, failures } = checkInputs(cert({ csr }));
            assert.deepEqual(failures, []);
            assert.equal(inputs?.certificate.csr, pem);
        }
    });

    it("passes a CSR that a preview does not know yet", () => {
        const { inputs, failures } = checkInputs(cert({ csr: UNKNOWN }));
        assert.deepEqual(failures, []);
        assert.equal(inputs?.certificate.csr, UNKNOWN);
    });

    it("does not look again into the CSR that the state has, and into every other one", () => {
        const lines = csrPem(keyPair("P-256")).split("\n");
        const last = lines.length - 3;
        // Its signature is wrong, so a second check would report it.
        lines[last] = (lines[last] ?? "").replace(/^.{4}/, "AAAA");
        const csr = lines.join("\n");
        assert.deepEqual(checkInputs(cert({ csr }), cert({ csr })).failures, []);
        assert.equal(checkInputs(cert({ csr })).failures.length, 1);
        assert.equal(checkInputs(cert({ csr }), cert({ csr: csrPem(freshKey()) })).failures.length, 1);
        assert.equal(checkInputs(cert({ csr }), cert({ csr: `${csr}\n` })).failures.length, 1);
    });

    /** A row for each failure: the inputs, the property, the sentence. */
    const wrong: [string, Bag, string, RegExp][] = [
        ["no order id", given({ orderId: undefined }), "orderId", /a number, or a string of digits/],
        ["a negative order id", given({ orderId: -1 }), "orderId", /positive number/],
        ["an order id of 0", given({ orderId: 0 }), "orderId", /must be positive/],
        ["a common name that is none", cert({ commonName: "a b" }), "certificate.commonName", /DNS names/],
        ["a common name that is a number", cert({ commonName: 5 }), "certificate.commonName", /a string/],
        ["an empty common name", cert({ commonName: "" }), "certificate.commonName", /is empty/],
        ["an address with a zone", cert({ commonName: "fe80::1%eth0" }), "certificate.commonName", /zone/],
        [
            "names that are no list",
            cert({ dnsNames: "a.example" }),
            "certificate.dnsNames",
            /a list of DNS names/,
        ],
        [
            "a bad name in the list",
            cert({ dnsNames: ["a.example", "*"] }),
            "certificate.dnsNames[1]",
            /not a DNS/,
        ],
        ["a hole in the list", cert({ dnsNames: [null] }), "certificate.dnsNames[0]", /must be a string/],
        ["no CSR", cert({ csr: undefined }), "certificate.csr", /must be a string: the certificate signing/],
        ["a CSR that is no text", cert({ csr: {} }), "certificate.csr", /must be a string/],
        ["an empty CSR", cert({ csr: "" }), "certificate.csr", /is empty/],
        ["a weak key", cert({ csr: csrPem(keyPair("RSA 1024")) }), "certificate.csr", /at least 2048/],
        ["another curve", cert({ csr: csrPem(keyPair("secp256k1")) }), "certificate.csr", /secp256k1; P-256/],
        [
            "a bad self-signature",
            cert({ csr: csrPem(keyPair("P-256"), { signedBy: freshKey() }) }),
            "certificate.csr",
            /not signed by its own key/,
        ],
        [
            "a platform that is none",
            cert({ serverPlatform: 2 }),
            "certificate.serverPlatform",
            /object \{ id \}/,
        ],
        [
            "half a platform",
            cert({ serverPlatform: { id: 1.5 } }),
            "certificate.serverPlatform.id",
            /an integer/,
        ],
        [
            "a platform as text",
            cert({ serverPlatform: { id: "2" } }),
            "certificate.serverPlatform.id",
            /integer/,
        ],
        [
            "an old hash",
            cert({ signatureHash: "sha1" }),
            "certificate.signatureHash",
            /"sha256", "sha384" or/,
        ],
        ["a hash in capitals", cert({ signatureHash: "SHA256" }), "certificate.signatureHash", /"sha256"/],
        ["an empty CA id", cert({ caCertId: "" }), "certificate.caCertId", /must not be empty/],
        ["a CA id that is a number", cert({ caCertId: 5 }), "certificate.caCertId", /must be a string/],
        ["comments that are no text", given({ comments: 5 }), "comments", /must be a string/],
        ["endless comments", given({ comments: "x".repeat(4097) }), "comments", /at most 4096/],
        ["control characters", given({ comments: "a\u0000b" }), "comments", /control characters/],
        ["a flag as text", given({ skipApproval: "true" }), "skipApproval", /true or false/],
        ["parameters that are no object", extra(["x"]), "additionalParameters", /must be an object/],
        [
            "an overridden comment",
            extra({ comments: "x" }),
            "additionalParameters.comments",
            /input of its own/,
        ],
        [
            "an overridden approval",
            extra({ skip_approval: true }),
            "additionalParameters.skip_approval",
            /its own/,
        ],
        [
            "an overridden CSR",
            extra({ certificate: { csr: "x" } }),
            "additionalParameters.certificate.csr",
            /has an input of its own/,
        ],
        [
            "an overridden platform",
            extra({ certificate: { server_platform: { id: 2 } } }),
            "additionalParameters.certificate.server_platform.id",
            /has an input of its own/,
        ],
        [
            "an overridden body",
            extra({ certificate: null }),
            "additionalParameters.certificate",
            /of its own/,
        ],
        ["a reserved name", extra(proto), "additionalParameters.a.__proto__", /JavaScript reserves/],
        ["triggers that are no map", given({ triggers: ["x"] }), "triggers", /a map of strings/],
        ["a trigger that is no text", given({ triggers: { a: 1 } }), "triggers.a", /must be a string/],
        [
            "a trigger with an odd name",
            given({ triggers: { "a.b": 1 } }),
            'triggers["a.b"]',
            /must be a string/,
        ],
        [
            "a limit that is no number",
            given({ minDaysRemaining: "30" }),
            "minDaysRemaining",
            /number of days/,
        ],
        ["a limit of NaN", given({ minDaysRemaining: NaN }), "minDaysRemaining", /number of days/],
        [
            "another limit that is none",
            given({ failDaysRemaining: true }),
            "failDaysRemaining",
            /number of days/,
        ],
        ["a flag as number", given({ waitForApproval: 1 }), "waitForApproval", /true or false/],
        ["negative time", given({ issuanceTimeoutSeconds: -1 }), "issuanceTimeoutSeconds", /0 = do not wait/],
        ["endless time", given({ issuanceTimeoutSeconds: 604_801 }), "issuanceTimeoutSeconds", /a week/],
        [
            "time as text",
            given({ issuanceTimeoutSeconds: "900" }),
            "issuanceTimeoutSeconds",
            /number of seconds/,
        ],
        [
            "another flag as text",
            given({ allowPendingOutputs: "no" }),
            "allowPendingOutputs",
            /true or false/,
        ],
        [
            "removals that are no list",
            given({ allowNameRemoval: true }),
            "allowNameRemoval",
            /list of DNS names/,
        ],
        [
            "a bad removal",
            given({ allowNameRemoval: ["a.example", "b c"] }),
            "allowNameRemoval[1]",
            /DNS names/,
        ],
        [
            "a removal that is wanted",
            given({ allowNameRemoval: ["a.example", "A.example", "SHOP.example"] }),
            "allowNameRemoval[2]",
            /is still in certificate/,
        ],
        ["adoption as text", given({ adoptExisting: "yes" }), "adoptExisting", /true or false/],
        [
            "an unknown policy",
            given({ deletionPolicy: "delete" }),
            "deletionPolicy",
            /"forget", "cancelPending" or/,
        ],
    ];
    for (const [what, bag, property, sentence] of wrong) {
        it(`refuses ${what} at ${property}`, () => {
            const { inputs, failures } = checkInputs(bag);
            assert.equal(inputs, undefined);
            assert.deepEqual(properties(failures), [property]);
            assert.match(failures[0]?.reason ?? "", sentence);
        });
    }

    it("refuses nothing given at all, by what is missing", () => {
        assert.deepEqual(properties(checkInputs({}).failures), ["certificate", "orderId"]);
        assert.deepEqual(properties(checkInputs({ orderId: 1, certificate: {} }).failures), [
            "certificate.csr",
        ]);
    });

    it("reports everything that is wrong at once", () => {
        const { failures } = checkInputs({
            orderId: "x",
            certificate: { commonName: "a.example", dnsNames: ["b.example", "?"], csr: "!", nmae: 1 },
            comments: 1,
            minDaysRemaining: "1",
            allowNameRemoval: ["c.example", "b.example"],
            waitForAproval: true,
        });
        assert.deepEqual(properties(failures), [
            "allowNameRemoval[1]",
            "certificate.csr",
            "certificate.dnsNames[1]",
            "certificate.nmae",
            "comments",
            "minDaysRemaining",
            "orderId",
            "waitForAproval",
        ]);
    });
});
