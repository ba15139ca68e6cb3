import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { holdsPrivateKey } from "../../../provider/core/x509/privateKey.js";
import { certificateDer } from "../../fixtures/certificate.js";
import { csrDer, keyPair } from "../../fixtures/csr.js";
import { pastedKeys } from "../../../tools/stress/inputs/secrets.js";
import { CertificateAuthority } from "../../../simulator/authority.js";
import { toPem } from "../../../simulator/pem.js";

const KINDS = ["RSA 2048", "RSA 4096", "RSA-PSS 2048", "P-256", "P-384", "P-521", "Ed25519", "DSA"];

describe("holdsPrivateKey", () => {
    for (const { form, text } of pastedKeys()) {
        it(`sees ${form}, also inside other text`, () => {
            assert.ok(holdsPrivateKey(text));
            // A key without framing is recognised by its beginning.
            if (!/as bytes|as UTF-8/.test(form)) assert.ok(holdsPrivateKey(`see:\n${text}\nend`));
        });
    }

    for (const kind of KINDS) {
        it(`sees the DER of ${kind}, and not its CSR or public key`, () => {
            const { privateKey, publicKey } = keyPair(kind);
            const der = privateKey.export({ format: "der", type: "pkcs8" });
            const spki = publicKey.export({ format: "der", type: "spki" });
            for (const encoding of ["base64", "base64url"] as const) {
                assert.ok(holdsPrivateKey(der.toString(encoding)), encoding);
                for (const open of [spki, csrDer(keyPair(kind))]) {
                    assert.ok(!holdsPrivateKey(open.toString(encoding)), encoding);
                    assert.ok(!holdsPrivateKey(toPem("X", open)));
                    assert.ok(!holdsPrivateKey(Buffer.from(toPem("X", open)).toString("base64")));
                }
            }
        });
    }

    /** A text as a program may come by it: with a frame, without, and as bytes that were read as text. */
    const readings = (label: string, der: Buffer): string[] => [
        toPem(label, der),
        der.toString("base64"),
        Buffer.from(toPem(label, der)).toString("base64"),
        der.toString("latin1"),
        der.toString("utf8"),
        der.toString("ascii"),
        Buffer.from(toPem(label, der), "utf16le").toString("utf8"),
    ];
    const texts = fc.oneof(fc.string({ maxLength: 100 }), fc.string({ unit: "binary", maxLength: 100 }));

    it("takes no CSR for a private key, whatever its subject, its key, and the way in which it is read", () => {
        const kinds = fc.constantFrom(
            "RSA 2048",
            "RSA 4096",
            "RSA-PSS 2048",
            "P-256",
            "P-384",
            "P-521",
            "Ed25519",
        );
        fc.assert(
            fc.property(texts, kinds, (commonName, kind) => {
                const der = csrDer(keyPair(kind), { commonName });
                const alarm = readings("CERTIFICATE REQUEST", der).find(holdsPrivateKey);
                assert.equal(alarm, undefined);
            }),
            { numRuns: 500 },
        );
    });

    it("takes no certificate for a private key, whatever its names, its key, and the way in which it is read", () => {
        const kinds = fc.constantFrom("RSA 2048", "P-256", "P-384", "P-521");
        fc.assert(
            fc.property(fc.array(texts, { maxLength: 3 }), kinds, (commonNames, kind) => {
                const der = certificateDer(keyPair(kind), commonNames);
                assert.equal(new X509Certificate(der).serialNumber, "05");
                assert.equal(readings("CERTIFICATE", der).find(holdsPrivateKey), undefined);
            }),
            { numRuns: 300 },
        );
    });

    it("takes no issued certificate and no chain for a private key", () => {
        const authority = new CertificateAuthority(new Date("2026-03-01T12:00:00Z"));
        const { pem } = authority.issue({
            spki: keyPair("P-256").publicKey.export({ format: "der", type: "spki" }),
            commonName: "shop.example",
            names: ["shop.example"],
            organization: undefined,
            hash: "sha256",
            notBefore: new Date("2026-03-01T12:00:00Z"),
            notAfter: new Date("2026-09-16T11:59:59Z"),
            usage: "serverAuth",
        });
        for (const one of [pem, authority.issuing.pem, authority.root.pem]) {
            assert.equal(
                readings("CERTIFICATE", new X509Certificate(one).raw).find(holdsPrivateKey),
                undefined,
            );
        }
        assert.ok(!holdsPrivateKey(pem + authority.issuing.pem + authority.root.pem));
    });

    it("leaves words, digests and random bytes alone", () => {
        for (const text of [
            "our PRIVATE KEY is in the vault",
            "-----BEGIN PUBLIC KEY-----",
            '{"kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}',
            "30".repeat(32),
            "M".repeat(2000),
        ]) {
            assert.ok(!holdsPrivateKey(text), text);
        }
        fc.assert(
            fc.property(fc.uint8Array({ minLength: 16, maxLength: 300 }), (bytes) =>
                (["base64", "base64url", "hex"] as const).every(
                    (encoding) => !holdsPrivateKey(Buffer.from(bytes).toString(encoding)),
                ),
            ),
            { numRuns: 500 },
        );
    });

    it("reads a text of a megabyte once, not again and again", () => {
        for (const piece of ["M", "MA ", "-----BEGIN A ", '"d":"', '"kty" ', "\\nMI", "A+PRIVATE+"]) {
            assert.ok(!holdsPrivateKey(piece.repeat(1_000_000 / piece.length)), piece);
        }
    });
});
