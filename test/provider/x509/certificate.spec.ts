import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { CertificateError } from "../../../provider/core/errors.js";
import { certificateNames, readIssued } from "../../../provider/core/x509/certificate.js";
import { freshKey, keyPair, type KeyPair } from "../../fixtures/csr.js";
import { CertificateAuthority, type Leaf, type LeafRequest } from "../../../simulator/authority.js";
import { toPem, withCrLf } from "../../../simulator/pem.js";

const NOW = new Date("2026-03-01T12:00:00Z");

describe("readIssued", () => {
    const authority = new CertificateAuthority(NOW);
    const { root, issuing } = authority;
    const keys = keyPair("P-256");

    const issue = (pair: KeyPair, more: Partial<LeafRequest> = {}): Leaf =>
        authority.issue({
            spki: pair.publicKey.export({ format: "der", type: "spki" }),
            commonName: "shop.example",
            names: ["shop.example", "www.shop.example"],
            organization: undefined,
            hash: "sha256",
            notBefore: NOW,
            notAfter: new Date("2026-09-16T11:59:59Z"),
            usage: "serverAuth",
            ...more,
        });
    const leaf = issue(keys);
    const expected = {
        what: "Reading certificate 5 of order 7",
        key: keys.publicKey,
        names: new Set(["shop.example"]),
    };
    const read = (pems: readonly string[]) => readIssued(5, pems, expected);
    const refused = (pems: readonly string[], sentence: RegExp) => {
        assert.throws(
            () => read(pems),
            (error: Error) =>
                error instanceof CertificateError &&
                error.message.startsWith(expected.what) &&
                sentence.test(error.message),
        );
    };

    it("tells everything about the leaf, and the chain without the root", () => {
        assert.deepEqual(read([leaf.pem, issuing.pem, root.pem]), {
            issuedCertificateId: 5,
            certificatePem: leaf.pem,
            chainPem: issuing.pem,
            serialNumber: leaf.serialNumber,
            thumbprint: leaf.thumbprint,
            validFrom: "2026-03-01T12:00:00Z",
            validTill: "2026-09-16T11:59:59Z",
        });
    });

    it("writes serial number and thumbprint in upper-case hex", () => {
        const { serialNumber, thumbprint } = read([leaf.pem]);
        assert.match(serialNumber, /^[0-9A-F]{32}$/);
        assert.match(thumbprint, /^[0-9A-F]{40}$/);
    });

    const arrangements: [string, () => string[]][] = [
        ["in one text", () => [leaf.pem + issuing.pem + root.pem]],
        ["in reverse order", () => [root.pem, issuing.pem, leaf.pem]],
        ["without the root", () => [leaf.pem, issuing.pem]],
        ["with CRLF line ends", () => [withCrLf(leaf.pem + issuing.pem + root.pem)]],
        ["twice", () => [leaf.pem, issuing.pem, leaf.pem, issuing.pem, root.pem, root.pem]],
        ["with remarks between", () => [`leaf:\n${leaf.pem}\nissuer:\n${issuing.pem}`]],
        ["with a stranger's CA", () => [leaf.pem, new CertificateAuthority(NOW).issuing.pem, issuing.pem]],
        ["without line ends at the end", () => [leaf.pem.trimEnd(), issuing.pem.trimEnd()]],
    ];
    for (const [how, make] of arrangements) {
        it(`finds leaf and chain ${how}`, () => {
            const { certificatePem, chainPem } = read(make());
            assert.deepEqual([certificatePem, chainPem], [leaf.pem, issuing.pem]);
        });
    }

    it("has no chain where DigiCert sent none", () => {
        assert.ok(!("chainPem" in read([leaf.pem])));
        assert.ok(!("chainPem" in read([leaf.pem, root.pem])), "the root does not follow the leaf");
    });

    it("refuses a leaf with another key, naming its serial number", () => {
        const other = issue(freshKey());
        refused([other.pem, issuing.pem], new RegExp(`another key.*${other.serialNumber}.*not used`));
    });

    it("refuses a leaf without a wanted name, naming it", () => {
        refused(
            [issue(keys, { commonName: "a.example", names: ["a.example"] }).pem],
            /without shop\.example/,
        );
    });

    it("asks no names of a certificate for which none are wanted", () => {
        const { pem } = issue(keys, { commonName: "Example Ltd", names: [], usage: "codeSigning" });
        const { certificatePem } = readIssued(5, [pem], { ...expected, names: new Set() });
        assert.equal(certificatePem, pem);
    });

    it("refuses an answer without a certificate", () => {
        refused([], /sent no certificate/);
        refused(["<html>"], /sent no certificate/);
        refused([toPem("PKCS7", Buffer.from("x"))], /sent no certificate/);
    });

    it("refuses a certificate that cannot be read", () => {
        refused([toPem("CERTIFICATE", Buffer.from("nonsense"))], /cannot be read/);
    });

    it("never takes an intermediate for the leaf", () => {
        refused([issuing.pem, root.pem], /another key/);
    });
});

describe("certificateNames", () => {
    it("are the alternative names and the common name, canonical", () => {
        const { pem } = new CertificateAuthority(NOW).issue({
            spki: keyPair("P-256").publicKey.export({ format: "der", type: "spki" }),
            commonName: "Shop.Example",
            names: ["*.shop.example", "xn--bcher-kva.example", "192.0.2.1", "2001:db8::1"],
            organization: {
                name: "Example, CN=evil.example Ltd",
                city: "Lehi",
                state: "Utah",
                country: "us",
            },
            hash: "sha384",
            notBefore: NOW,
            notAfter: new Date("2026-09-16T11:59:59Z"),
            usage: "serverAuth",
        });
        assert.deepEqual(
            certificateNames(new X509Certificate(pem)),
            new Set(["*.shop.example", "xn--bcher-kva.example", "192.0.2.1", "2001:db8::1", "shop.example"]),
        );
    });
});
