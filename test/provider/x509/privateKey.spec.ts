import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { holdsPrivateKey } from "../../../provider/core/x509/privateKey.js";
import { csrDer, keyPair } from "../../fixtures/csr.js";
import { pastedKeys } from "../../../tools/stress/inputs/secrets.js";
import { startSimulator } from "../../../simulator/index.js";
import { toPem } from "../../../simulator/pem.js";

const KINDS = ["RSA 2048", "RSA 4096", "RSA-PSS 2048", "P-256", "P-384", "P-521", "Ed25519", "DSA"];

describe("holdsPrivateKey", () => {
    for (const { form, text } of pastedKeys()) {
        it(`sees ${form}, also inside other text`, () => {
            assert.ok(holdsPrivateKey(text));
            // What has no frame is known by its beginning.
            if (!/as bytes|as UTF-8/.test(form)) assert.ok(holdsPrivateKey(`see:\n${text}\nend`));
        });
    }

    for (const kind of KINDS) {
        it(`sees the DER of ${kind}, and not its CSR or public key`, () => {
            const { privateKey, publicKey } = keyPair(kind);
            const der = privateKey.export({ format: "der", type: "pkcs8" });
            const spki = publicKey.export({ format: "der", type: "spki" });
            for (const encoding of ["base64", "base64url", "hex"] as const) {
                assert.ok(holdsPrivateKey(der.toString(encoding)), encoding);
                for (const open of [spki, csrDer(keyPair(kind))]) {
                    assert.ok(!holdsPrivateKey(open.toString(encoding)), encoding);
                    assert.ok(!holdsPrivateKey(toPem("X", open)));
                    assert.ok(!holdsPrivateKey(Buffer.from(toPem("X", open)).toString("base64")));
                }
            }
        });
    }

    it("leaves CSRs alone, whatever they say", () => {
        fc.assert(
            fc.property(fc.string({ maxLength: 200 }), fc.constantFrom("P-256", "P-521"), (name, kind) => {
                const der = csrDer(keyPair(kind), { commonName: name });
                return !holdsPrivateKey(toPem("CERTIFICATE REQUEST", der));
            }),
        );
    });

    it("leaves certificates and chains alone", async () => {
        const simulator = await startSimulator();
        try {
            const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
            const [certificate] = simulator.order(orderId).certificates;
            const pem = certificate?.pem ?? "";
            assert.ok(new X509Certificate(pem).subject.includes("shop.example"));
            for (const text of [pem, pem.replace(/-----[^-]+-----|\n/g, "")])
                assert.ok(!holdsPrivateKey(text));
        } finally {
            await simulator.close();
        }
    });

    it("leaves words, digests and random bytes alone", () => {
        for (const text of [
            "our PRIVATE KEY is in the vault",
            "-----BEGIN PUBLIC KEY-----",
            "Public-Key: (2048 bit)",
            '{"kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}',
            "<RSAKeyValue><Modulus>x</Modulus></RSAKeyValue>",
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
        for (const piece of [
            "M",
            "MA ",
            "30 ",
            "-----BEGIN A ",
            '"d":"',
            '"kty" ',
            "<D>",
            "\\nMI",
            "A+PRIVATE+",
        ]) {
            assert.ok(!holdsPrivateKey(piece.repeat(1_000_000 / piece.length)), piece);
        }
    });
});
