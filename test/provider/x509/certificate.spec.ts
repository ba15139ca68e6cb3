import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { CertificateError } from "../../../provider/core/errors.js";
import {
    certificateNames,
    readBundle,
    readLeaf,
    sameHex,
    type Expected,
} from "../../../provider/core/x509/certificate.js";
import { certificatePem } from "../../fixtures/certificate.js";
import { freshKey, keyPair, type KeyPair } from "../../fixtures/csr.js";
import { CertificateAuthority, type Leaf, type LeafRequest } from "../../../simulator/authority.js";
import { toPem, withCrLf } from "../../../simulator/pem.js";

const NOW = new Date("2026-03-01T12:00:00Z");

describe("readBundle", () => {
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
    const read = (pems: readonly string[], more: Partial<Expected> = {}) =>
        readBundle(pems, { ...expected, ...more });
    const refused = (pems: readonly string[], sentence: RegExp, more: Partial<Expected> = {}) => {
        assert.throws(
            () => read(pems, more),
            (error: Error) => {
                assert.ok(error instanceof CertificateError && error.remedy === "askDigiCert");
                assert.ok(error.message.startsWith(`${expected.what}: DigiCert `));
                assert.match(error.message, sentence);
                return true;
            },
        );
    };

    it("tells everything about the leaf, and the chain without the root", () => {
        const { leaf: certificate, ...rest } = read([leaf.pem, issuing.pem, root.pem]);
        assert.equal(certificate.serialNumber, leaf.serialNumber);
        assert.deepEqual(rest, {
            isComplete: true,
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

    it("tells that the chain is not complete where the leaf's issuer is missing", () => {
        for (const pems of [
            [leaf.pem],
            [leaf.pem, root.pem],
            [leaf.pem, new CertificateAuthority(NOW).issuing.pem],
        ]) {
            const bundle = read(pems);
            assert.ok(!("chainPem" in bundle) && !bundle.isComplete);
        }
        assert.ok(read([issuing.pem, leaf.pem]).isComplete);
    });

    it("finds the wanted leaf among several, whatever their order", () => {
        const others = [
            issue(freshKey()),
            issue(keys, { names: ["a.example"], commonName: "a.example" }),
            issue(keys),
        ];
        const pems = [...others.map(({ pem }) => pem), leaf.pem, issuing.pem];
        for (const order of [pems, [...pems].reverse()]) {
            assert.equal(read(order, { serialNumber: leaf.serialNumber }).certificatePem, leaf.pem);
        }
    });

    it("refuses a leaf with another serial number than DigiCert tells for it, naming both", () => {
        const other = issue(keys);
        refused(
            [other.pem, issuing.pem],
            new RegExp(
                `another serial number than the order shows for it, ${leaf.serialNumber} \\(serial number ${other.serialNumber}\\)`,
            ),
            { serialNumber: leaf.serialNumber },
        );
    });

    it("refuses an earlier certificate of the order", () => {
        refused([leaf.pem], /an earlier certificate of the order/, {
            notSerialNumbers: ["0A", leaf.serialNumber.toLowerCase()],
        });
    });

    it("refuses a certificate that has ended, where one that has not is expected", () => {
        const after = new Date("2026-09-16T12:00:00Z");
        refused([leaf.pem], /ended on 2026-09-16T11:59:59Z/, { now: after });
        assert.equal(read([leaf.pem], { now: NOW }).certificatePem, leaf.pem);
        assert.equal(read([leaf.pem]).certificatePem, leaf.pem, "any will do");
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
        assert.equal(read([pem], { names: new Set() }).certificatePem, pem);
    });

    it("refuses an answer without a certificate", () => {
        refused([], /sent no certificate/);
        refused(["<html>"], /sent no certificate/);
        refused([toPem("PKCS7", Buffer.from("x"))], /sent no certificate/);
    });

    it("refuses more than 20 certificates", () => {
        const others = Array.from({ length: 19 }, () => issuing.pem);
        assert.equal(read([leaf.pem, ...others]).certificatePem, leaf.pem);
        refused([leaf.pem, ...others, root.pem], /sent 21 certificates, too many for one chain/);
    });

    it("refuses a certificate that cannot be read", () => {
        refused([toPem("CERTIFICATE", Buffer.from("nonsense"))], /cannot be read/);
    });

    it("refuses a certificate whose dates are no dates", () => {
        const der = Buffer.from(leaf.pem.replace(/-----[^-]*-----/g, ""), "base64");
        // The end of its validity, a UTCTime (RFC 5280, 4.1.2.5.1), gets a 13th month.
        der.write("13", der.indexOf("260916115959Z") + 2);
        refused([toPem("CERTIFICATE", der), issuing.pem], /a certificate that cannot be read/);
    });

    it("never takes an intermediate for the leaf", () => {
        refused([issuing.pem, root.pem], /only certificates of CAs/);
    });
});

describe("readLeaf", () => {
    it("is the first certificate that is no CA's, or none", () => {
        const { root, issuing } = new CertificateAuthority(NOW);
        const pem = certificatePem(keyPair("P-256"), ["shop.example"]);
        assert.equal(readLeaf(root.pem + issuing.pem + pem)?.serialNumber, "05");
        for (const text of ["", "<html>", root.pem, toPem("CERTIFICATE", Buffer.from("x"))]) {
            assert.equal(readLeaf(text), undefined);
        }
    });
});

describe("sameHex", () => {
    it("takes no notice of case, separators and leading zeros", () => {
        assert.ok(sameHex("0A:1b", "a1B"));
        assert.ok(!sameHex("0A1B", "A1B0"));
    });
});

describe("certificateNames", () => {
    it("tells common names as they are, whatever characters they hold", () => {
        const told = (...commonNames: string[]) => [
            ...certificateNames(new X509Certificate(certificatePem(keyPair("P-256"), commonNames))),
        ];
        assert.deepEqual(told('Example, Inc. \\ "Shop" + Söhne'), ['example, inc. \\ "shop" + söhne']);
        assert.deepEqual(told("a\nCN=evil.example"), ["a\ncn=evil.example"]);
        assert.deepEqual(told("a.example", "b.example"), ["a.example", "b.example"]);
        assert.deepEqual(told(), []);
    });

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
