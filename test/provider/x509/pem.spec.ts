import assert from "node:assert/strict";
import fc from "fast-check";
import { holdsPrivateKey, pemBlocks, toPem } from "../../../provider/x509/pem.js";
import { freshKey, keyPair, privateKeyPem } from "../../fixtures/csr.js";
import { withCrLf } from "../../simulator/pem.js";

describe("toPem and pemBlocks", () => {
    it("give back what was framed, whatever the line ends", () => {
        fc.assert(
            fc.property(
                fc.array(fc.uint8Array({ minLength: 1 }), { maxLength: 4 }),
                fc.boolean(),
                (ders, crlf) => {
                    const text = ders.map((der) => toPem("CERTIFICATE", der)).join("");
                    const blocks = pemBlocks(crlf ? withCrLf(text) : text);
                    assert.deepEqual(
                        blocks.map(({ label, base64 }) => [label, Buffer.from(base64, "base64")]),
                        ders.map((der) => ["CERTIFICATE", Buffer.from(der)]),
                    );
                },
            ),
        );
    });

    it("keep lines to 64 columns and end with one line end", () => {
        fc.assert(
            fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (der) => {
                const text = toPem("X", der);
                assert.match(text, /^-----BEGIN X-----\n([^\n]{64}\n)*[^\n]{1,64}\n-----END X-----\n$/);
            }),
        );
    });

    it("find blocks of different kinds in order, and only whole ones", () => {
        const text = `${toPem("A", Buffer.from("1"))}junk\n${toPem("B C", Buffer.from("2"))}-----BEGIN D-----\nZ`;
        assert.deepEqual(
            pemBlocks(text).map(({ label }) => label),
            ["A", "B C"],
        );
        assert.deepEqual(pemBlocks(""), []);
    });
});

describe("holdsPrivateKey", () => {
    const ec = keyPair("P-256").privateKey;
    const rsa = keyPair("RSA 2048").privateKey;
    const keys: [string, string][] = [
        ["PKCS #8", privateKeyPem(freshKey())],
        ["SEC 1", ec.export({ format: "pem", type: "sec1" }).toString()],
        ["PKCS #1", rsa.export({ format: "pem", type: "pkcs1" }).toString()],
        [
            "encrypted PKCS #8",
            ec.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "x" }).toString(),
        ],
        ["OpenSSH", toPem("OPENSSH PRIVATE KEY", Buffer.from("key"))],
        ["PGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----\n"],
    ];
    for (const [kind, pem] of keys) {
        it(`sees ${kind}, also behind other text and with CRLF`, () => {
            assert.ok(holdsPrivateKey(pem));
            assert.ok(
                holdsPrivateKey(
                    withCrLf(`CSR and key:\n${toPem("CERTIFICATE REQUEST", Buffer.from("x"))}${pem}`),
                ),
            );
            assert.ok(holdsPrivateKey(JSON.stringify({ key: pem })), "inside JSON");
        });
    }

    it("leaves public things alone", () => {
        for (const label of ["PUBLIC KEY", "CERTIFICATE", "CERTIFICATE REQUEST", "X509 CRL"]) {
            assert.ok(!holdsPrivateKey(toPem(label, Buffer.from("x"))));
        }
        assert.ok(!holdsPrivateKey("our PRIVATE KEY is in the vault"));
    });
});
