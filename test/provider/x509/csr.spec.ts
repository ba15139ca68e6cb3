import assert from "node:assert/strict";
import { checkCsr, csrHasKey, CsrProblem, readCsr, sameCsr } from "../../../provider/core/x509/csr.js";
import { csrDer, csrPem, freshKey, keyPair, privateKeyPem, type KeyPair } from "../../fixtures/csr.js";
import { makeKeyAndCsr } from "../../../simulator/index.js";
import { toPem, withCrLf } from "../../../simulator/pem.js";

const P256 = () => csrPem(keyPair("P-256"));

function problemOf(text: string): string {
    try {
        checkCsr(text);
    } catch (error) {
        assert.ok(error instanceof CsrProblem, `a ${(error as Error).name} instead of a CsrProblem`);
        return error.message;
    }
    assert.fail("the CSR was accepted");
}

describe("checkCsr", () => {
    const allowed: [string, () => string][] = [
        ...["RSA 2048", "RSA 4096", "P-256", "P-384", "P-521"].map((kind): [string, () => string] => [
            kind,
            () => csrPem(keyPair(kind)),
        ]),
        ["an RSA key that signs with RSASSA-PSS", () => csrPem(keyPair("RSA 2048"), { pss: true })],
        ["an RSASSA-PSS key", () => csrPem(keyPair("RSA-PSS 2048"))],
    ];
    for (const [what, make] of allowed) {
        it(`accepts ${what}`, () => {
            const pem = make();
            assert.equal(checkCsr(pem).pem, pem);
        });
    }

    it("accepts a CSR with alternative names, as other tools make it", async () => {
        const { csrPem: pem } = await makeKeyAndCsr({
            commonName: "shop.example",
            dnsNames: ["shop.example", "www.shop.example"],
            type: "rsa",
        });
        assert.equal(checkCsr(pem).pem, pem);
    });

    const weak: [string, RegExp][] = [
        ["RSA 1024", /RSA key of 1024 bits; at least 2048/],
        ["RSA 2047", /RSA key of 2047 bits; at least 2048/],
        ["P-224", /curve secp224r1; P-256, P-384 and P-521 are allowed/],
        ["secp256k1", /curve secp256k1; P-256, P-384 and P-521 are allowed/],
        ["Ed25519", /type ed25519; RSA, P-256, P-384 and P-521 are allowed/],
        ["DSA", /type dsa; RSA, P-256, P-384 and P-521 are allowed/],
    ];
    for (const [kind, sentence] of weak) {
        it(`refuses ${kind}`, () => {
            assert.match(problemOf(csrPem(keyPair(kind))), sentence);
        });
    }

    for (const kind of ["RSA 2048", "P-256", "P-384", "P-521"]) {
        it(`refuses ${kind} with a signature by another key`, () => {
            const signedBy: KeyPair = kind === "RSA 2048" ? keyPair("RSA 4096") : freshKey();
            assert.match(problemOf(csrPem(keyPair(kind), { signedBy })), /not signed by its own key/);
        });
    }

    it("refuses a signature in which one bit is wrong", () => {
        const der = csrDer(keyPair("RSA 2048"));
        der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
        assert.match(problemOf(toPem("CERTIFICATE REQUEST", der)), /not signed by its own key/);
    });

    it("refuses a content that was changed after signing", () => {
        const der = csrDer(keyPair("P-256"), { commonName: "shop.example" });
        der.write("evil.example", der.indexOf("shop.example"));
        assert.match(problemOf(toPem("CERTIFICATE REQUEST", der)), /not signed by its own key/);
    });

    const unreadable: [string, () => string, RegExp][] = [
        ["an empty text", () => "", /neither PEM nor base64/],
        ["white space", () => " \n ", /neither PEM nor base64/],
        ["a sentence", () => "the CSR of the shop", /cannot be read|neither PEM nor base64/],
        ["base64 of something else", () => Buffer.from("hello, world").toString("base64"), /cannot be read/],
        ["PEM of something else", () => toPem("CERTIFICATE REQUEST", Buffer.from("hello")), /cannot be read/],
        [
            "PEM without content",
            () => toPem("CERTIFICATE REQUEST", Buffer.alloc(0)),
            /neither|cannot be read/,
        ],
        [
            "DER that is cut off",
            () => toPem("CERTIFICATE REQUEST", csrDer(keyPair("P-256")).subarray(0, -10)),
            /cannot be read/,
        ],
        [
            "DER with something behind it",
            () => toPem("CERTIFICATE REQUEST", Buffer.concat([csrDer(keyPair("P-256")), Buffer.from("x")])),
            /cannot be read/,
        ],
        ["PEM without an end", () => P256().split("-----END")[0] ?? "", /exactly one PEM block/],
        [
            "PEM with another end",
            () => P256().replace("END CERTIFICATE REQUEST", "END NEW CERTIFICATE REQUEST"),
            /exactly one PEM block/,
        ],
        ["two blocks", () => P256() + P256(), /exactly one PEM block/],
        ["a public key", () => toPem("PUBLIC KEY", csrDer(keyPair("P-256"))), /of another kind/],
        ["a certificate", () => toPem("CERTIFICATE", csrDer(keyPair("P-256"))), /of another kind/],
        [
            "base64url",
            () => csrDer(keyPair("P-256")).toString("base64url"),
            /neither PEM nor base64|cannot be/,
        ],
        ["a text without end", () => "A".repeat(100_001), /too large/],
    ];
    for (const [what, make, sentence] of unreadable) {
        it(`refuses ${what}`, () => {
            assert.match(problemOf(make()), sentence);
        });
    }

    it("echoes nothing of a private key given instead, framed or bare", () => {
        const pem = privateKeyPem(freshKey());
        const bare = pem.replace(/-----[^-]+-----|\s/g, "");
        for (const text of [pem, bare, pem.replace("PRIVATE KEY", "CERTIFICATE REQUEST")]) {
            const message = problemOf(text);
            for (const line of pem.split("\n").slice(1, -2)) assert.ok(!message.includes(line.slice(0, 16)));
        }
    });
});

describe("readCsr", () => {
    const framings: [string, (pem: string) => string][] = [
        ["CRLF line ends", withCrLf],
        ["CR line ends", (pem) => pem.replaceAll("\n", "\r")],
        ["no line end at the end", (pem) => pem.trimEnd()],
        ["white space around it", (pem) => `\n\n  ${pem}\n\t`],
        ["indented lines", (pem) => pem.replace(/^/gm, "    ")],
        ["the label of old Windows tools", (pem) => pem.replaceAll("CERTIFICATE", "NEW CERTIFICATE")],
        ["bare base64", (pem) => pem.replace(/-----[^-]+-----|\n/g, "")],
        ["bare base64 in lines", (pem) => pem.replace(/-----[^-]+-----\n/g, "")],
        ["one long line", (pem) => pem.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, "")],
        ["the text of openssl req -text before it", (pem) => `Certificate Request:\n    Data:\n${pem}`],
        ["a remark behind it", (pem) => `${pem}# the CSR of the shop\n`],
    ];
    for (const [what, reframe] of framings) {
        it(`makes the same of ${what}`, () => {
            const pem = P256();
            const other = reframe(pem);
            assert.notEqual(other, pem);
            assert.equal(readCsr(other).pem, pem);
            assert.equal(readCsr(other).content, readCsr(pem).content);
            assert.ok(sameCsr(other, pem));
        });
    }

    it("writes PEM with the standard label, 64 columns and one line end at the end", () => {
        const { pem } = readCsr(csrDer(keyPair("RSA 2048")).toString("base64"));
        assert.match(
            pem,
            /^-----BEGIN CERTIFICATE REQUEST-----\n([A-Za-z0-9+/]{64}\n)+[A-Za-z0-9+/=]{1,64}\n-----END CERTIFICATE REQUEST-----\n$/,
        );
    });
});

describe("sameCsr", () => {
    it("takes no notice of a fresh ECDSA signature over the same content", () => {
        const [a, b] = [csrPem(keyPair("P-256")), csrPem(keyPair("P-256"))];
        assert.notEqual(a, b, "ECDSA signatures differ each time");
        assert.ok(sameCsr(a, b));
    });

    it("tells another key from ours", () => {
        assert.ok(!sameCsr(csrPem(freshKey()), csrPem(freshKey())));
    });

    it("tells another content over the same key from ours", () => {
        const keys = keyPair("P-256");
        assert.ok(!sameCsr(csrPem(keys), csrPem(keys, { commonName: "other.example" })));
    });
});

describe("csrHasKey", () => {
    it("knows the key of a CSR whatever its content", () => {
        const keys = keyPair("P-256");
        assert.ok(csrHasKey(csrPem(keys, { commonName: "other.example" }), keys.publicKey));
        assert.ok(!csrHasKey(csrPem(freshKey()), keys.publicKey));
    });

    it("cannot tell where there is no CSR that can be read", () => {
        const { publicKey } = keyPair("P-256");
        for (const text of [undefined, "", "nonsense", toPem("CERTIFICATE", Buffer.from("x"))]) {
            assert.equal(csrHasKey(text, publicKey), undefined);
        }
    });
});
