/**
 * Issued certificates: picking leaf and chain out of what DigiCert sends, and refusing what is not ours.
 *
 * @module
 */
import { X509Certificate, type KeyObject } from "node:crypto";
import { CertificateError } from "../errors.js";
import { quote } from "../quote.js";
import { covers, reportedName } from "./names.js";
import { pemBlocks, toPem } from "./pem.js";
import type { CertificateOutputs } from "../reissue/state.js";

/** What an issued certificate must match. */
export interface Expected {
    /** Order, certificate: the subject of the sentence if it does not match. */
    readonly what: string;
    readonly key: KeyObject;
    readonly names: ReadonlySet<string>;
    readonly serialNumber?: string | undefined;
    readonly earlierSerialNumbers?: readonly string[] | undefined;
    readonly notBefore?: Date | undefined;
}

/** Whether a certificate may authenticate clients (RFC 5280, extended key usage id-kp-clientAuth). */
export function allowsClientAuth(certificate: X509Certificate): boolean {
    const usages = (certificate as unknown as { keyUsage?: string[] }).keyUsage;
    return usages?.includes("1.3.6.1.5.5.7.3.2") ?? false;
}

/**
 * Reads leaf and chain from PEM texts in any order, with or without root.
 *
 * @throws CertificateError when no certificate has the wanted key and names, or nothing can be read.
 */
export function readIssued(
    certificateId: number,
    pems: readonly string[],
    expected: Expected,
): { outputs: CertificateOutputs; isChainComplete: boolean } {
    const certificates = readAll(pems, expected.what);
    const leaf = certificates.find((certificate) => !certificate.ca) ?? certificates[0];
    if (!leaf)
        throw new CertificateError(`${expected.what}: DigiCert sent no certificate. Run pulumi up again.`);
    if (!leaf.publicKey.equals(expected.key)) {
        throw new CertificateError(
            `${expected.what}: DigiCert returned a certificate with another key than that of certificate.csr ` +
                `(serial number ${leaf.serialNumber}); it is not used. Run pulumi up again, and ask DigiCert if this stays.`,
        );
    }
    const names = certificateNames(leaf);
    if (expected.names.size > 0 && !covers(names, expected.names)) {
        const missing = [...expected.names].filter((name) => !names.has(name)).map(quote);
        throw new CertificateError(
            `${expected.what}: DigiCert returned a certificate without ${missing.join(", ")} ` +
                `(serial number ${leaf.serialNumber}); it is not used. Run pulumi up again, and ask DigiCert if this stays.`,
        );
    }
    const chain = chainOf(leaf, certificates);
    const same = (a: string, b: string) =>
        a.replace(/^0+/, "").toUpperCase() === b.replace(/^0+/, "").toUpperCase();
    const { serialNumber, earlierSerialNumbers = [], notBefore } = expected;
    if (
        (serialNumber !== undefined && !same(leaf.serialNumber, serialNumber)) ||
        earlierSerialNumbers.some((one) => same(one, leaf.serialNumber)) ||
        (notBefore && new Date(leaf.validFrom) < notBefore)
    ) {
        throw new CertificateError(
            `${expected.what}: DigiCert returned another certificate of the order (serial number ${leaf.serialNumber}); it is not used`,
            { remedy: "askDigiCert" },
        );
    }
    const outputs = {
        issuedCertificateId: certificateId,
        certificatePem: toPem("CERTIFICATE", leaf.raw),
        ...(chain.length > 0 ? { chainPem: chain.map((ca) => toPem("CERTIFICATE", ca.raw)).join("") } : {}),
        serialNumber: leaf.serialNumber.toUpperCase(),
        thumbprint: leaf.fingerprint.replaceAll(":", "").toUpperCase(),
        validFrom: toSeconds(leaf.validFrom),
        validTill: toSeconds(leaf.validTo),
    };
    return { outputs, isChainComplete: chain.length > 0 };
}

/** The names in a certificate: subject alternative names, and the common name of the subject. */
export function certificateNames(certificate: X509Certificate): Set<string> {
    const names = new Set<string>();
    for (const entry of (certificate.subjectAltName ?? "").split(", ")) {
        const name = /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1];
        if (name) names.add(reportedName(name));
    }
    const commonName = /^CN=(.+)$/m.exec(certificate.subject)?.[1];
    if (commonName) names.add(reportedName(commonName));
    return names;
}

function readAll(pems: readonly string[], what: string): X509Certificate[] {
    try {
        return pems
            .flatMap(pemBlocks)
            .filter(({ label }) => label === "CERTIFICATE")
            .map(({ base64 }) => new X509Certificate(Buffer.from(base64, "base64")));
    } catch (cause) {
        throw new CertificateError(
            `${what}: DigiCert sent a certificate that cannot be read. Run pulumi up again.`,
            {
                cause,
            },
        );
    }
}

/** From the leaf's issuer upwards, without the root: a server must send this, and clients have the root. */
function chainOf(leaf: X509Certificate, certificates: readonly X509Certificate[]): X509Certificate[] {
    const chain: X509Certificate[] = [];
    for (let last = leaf; ;) {
        const issuer = certificates.find(
            (candidate) =>
                candidate.ca &&
                !chain.includes(candidate) &&
                last.checkIssued(candidate) &&
                last.verify(candidate.publicKey),
        );
        if (!issuer || issuer.checkIssued(issuer)) return chain;
        chain.push(issuer);
        last = issuer;
    }
}

function toSeconds(date: string): string {
    return new Date(date).toISOString().replace(/\.\d+Z$/, "Z");
}
