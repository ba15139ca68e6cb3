import assert from "node:assert/strict";
import {
    checkCsr,
    csrHasKey,
    CsrProblem,
    keyDigest,
    readCsr,
    sameCsr,
} from "../../../provider/core/x509/csr.js";
import {
    csrDer,
    csrPem,
    csrWithMask,
    freshKey,
    keyPair,
    privateKeyPem,
    type KeyPair,
} from "../../fixtures/csr.js";
import { children, element, sequence } from "../../../simulator/der.js";
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

    const hashes: [kind: string, hash: string, oid: string][] = [
        ["RSA 2048", "sha1", "2a864886f70d010105"],
        ["RSA 2048", "sha224", "2a864886f70d01010e"],
        ["RSA 2048", "sha384", "2a864886f70d01010c"],
        ["RSA 2048", "sha512", "2a864886f70d01010d"],
        ["RSA 2048", "sha512-256", "2a864886f70d010110"],
        ["RSA 2048", "sha3-256", "60864801650304030e"],
        ["RSA 2048", "ripemd160", "2b2403030102"],
        ["P-256", "sha1", "2a8648ce3d0401"],
        ["P-256", "sha224", "2a8648ce3d040301"],
        ["P-384", "sha384", "2a8648ce3d040303"],
        ["P-521", "sha512", "2a8648ce3d040304"],
        ["P-256", "sha3-512", "60864801650304030c"],
    ];
    for (const [kind, hash, oid] of hashes) {
        it(`accepts ${kind} with a signature over ${hash}, as OpenSSL verifies it`, () => {
            const pem = csrPem(keyPair(kind), { algorithm: { hash, oid } });
            assert.equal(checkCsr(pem).pem, pem);
            // With another key under the same signature it is none.
            const spki = freshKey().publicKey.export({ format: "der", type: "spki" });
            const forged = csrPem(keyPair(kind), { algorithm: { hash, oid }, spki });
            assert.match(problemOf(forged), /not signed by its own key/);
        });
    }

    for (const [hash, mask, salt] of [
        ["sha256", "sha1", 20],
        ["sha256", "sha256", 0],
        ["sha384", "sha512", 48],
        ["sha1", "sha1", 20],
    ] as const) {
        it(`accepts RSASSA-PSS with ${hash}, a mask of ${mask} and ${salt} bytes of salt`, () => {
            const der = csrWithMask(hash, mask, salt);
            const pem = toPem("CERTIFICATE REQUEST", der);
            assert.equal(checkCsr(pem).pem, pem);
            der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
            assert.match(problemOf(toPem("CERTIFICATE REQUEST", der)), /not signed by its own key/);
        });
    }

    it("accepts a compressed point, and takes the key for the same", () => {
        const keys = keyPair("P-256");
        const spki = keys.publicKey.export({ format: "der", type: "spki" });
        const x = spki.subarray(-64, -32);
        const isOdd = spki.readUInt8(spki.length - 1) % 2;
        const point = element(0x03, Buffer.from([0, 2 + isOdd]), x);
        const [algorithm = Buffer.alloc(0)] = children(spki);
        const csr = checkCsr(csrPem(keys, { spki: sequence(algorithm, point) }));
        assert.ok(csr.key.equals(keys.publicKey));
        assert.equal(keyDigest(csr.key), keyDigest(keys.publicKey));
    });

    it("names an algorithm that it cannot verify, and asks for no new key", () => {
        const algorithm = { hash: "sha256", oid: "2a864886f70d010102" };
        const message = problemOf(csrPem(keyPair("RSA 2048"), { algorithm }));
        assert.equal(
            message,
            "is signed with an algorithm that cannot be verified here (1.2.840.113549.1.1.2)",
        );
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
        ["an empty text", () => "", /^is empty/],
        ["white space", () => " \n ", /^is empty/],
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
        ["a certificate", () => toPem("CERTIFICATE", csrDer(keyPair("P-256"))), /^is a certificate;/],
        [
            "base64url",
            () => csrDer(keyPair("P-256")).toString("base64url"),
            /neither PEM nor base64|cannot be/,
        ],
        ["a text without end", () => "A".repeat(100_001), /too large/],
        ...(["latin1", "utf8", "ascii"] as const).map((encoding): [string, () => string, RegExp] => [
            `DER read as ${encoding}`,
            () => csrDer(keyPair("P-256")).toString(encoding),
            /is binary DER; PEM/,
        ]),
        ...(["latin1", "utf8"] as const).map((encoding): [string, () => string, RegExp] => [
            `UTF-16 read as ${encoding}`,
            () => Buffer.from(`\ufeff${P256()}`, "utf16le").toString(encoding),
            /is UTF-16/,
        ]),
        ["line ends written out", () => P256().replaceAll("\n", "\\n"), /line ends written out/],
        ["CRLF written out", () => P256().replaceAll("\n", "\\r\\n"), /line ends written out/],
        [
            "a key of an unknown algorithm",
            () => {
                const [algorithm = Buffer.alloc(0), bits = Buffer.alloc(0)] = children(
                    keyPair("RSA 2048").publicKey.export({ format: "der", type: "spki" }),
                );
                const other = Buffer.from(algorithm);
                other.writeUInt8(0x7f, 12);
                return csrPem(keyPair("RSA 2048"), { spki: sequence(other, bits) });
            },
            /has a key that cannot be read \(algorithm 1\.2\.840\.113549\.1\.1\.127\)/,
        ],
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
        ["a byte order mark", (pem) => `\ufeff${pem}`],
        ["bare base64 behind a byte order mark", (pem) => `\ufeff${pem.replace(/-----[^-]+-----|\n/g, "")}`],
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

    it("distinguishes two keys", () => {
        assert.ok(!sameCsr(csrPem(freshKey()), csrPem(freshKey())));
    });

    it("distinguishes two contents with the same key", () => {
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
