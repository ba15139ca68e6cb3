/**
 * Issued certificates: finds the leaf and its chain in an answer of DigiCert, and refuses a leaf that does not match the request.
 *
 * @module
 */
import { X509Certificate, type KeyObject } from "node:crypto";
import { CertificateError, type Remedy } from "../errors.js";
import { quote } from "../quote.js";
import { remembered } from "./cache.js";
import { covers, reportedName } from "./names.js";
import { pemBlocks, toPem } from "./pem.js";
import { usualForm } from "./publicKey.js";

const CACHE_SIZE = 500;
/** Largest number of certificates in a bundle; DigiCert sends two to four. */
const MAX_CERTIFICATES = 20;
/** Extended key usage of TLS clients (RFC 5280, section 4.2.1.12). */
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/** The properties that an issued certificate must have. */
export interface Expected {
    /** Order and certificate: the beginning of the sentence of an error. */
    readonly what: string;
    readonly key: KeyObject;
    /** Names that the certificate must have; empty if the product takes no names. */
    readonly names: ReadonlySet<string>;
    /** Serial number of the certificate, in hex, if the order or the list of reissues shows it. */
    readonly serialNumber?: string | undefined;
    /** Begin and end of the certificate, ISO 8601; checked if they are given. */
    readonly validity?: { readonly validFrom: string; readonly validTill: string } | undefined;
    /** Serial numbers of earlier certificates of the order, which DigiCert sometimes sends in place of the new certificate. */
    readonly notSerialNumbers?: readonly string[] | undefined;
    /** The certificate must be valid beyond this time; absent if an expired certificate is accepted. */
    readonly now?: Date | undefined;
}

/** The expected leaf, with its chain. */
export interface Bundle {
    readonly leaf: X509Certificate;
    readonly certificatePem: string;
    /** From the leaf's issuer upwards, without the root; absent if DigiCert sent no intermediate certificate. */
    readonly chainPem?: string;
    /** Whether the leaf's issuer is in the bundle; DigiCert sometimes leaves it out. */
    readonly isComplete: boolean;
    /** Upper-case hex. */
    readonly serialNumber: string;
    /** SHA-1 in upper-case hex. */
    readonly thumbprint: string;
    /** ISO 8601, UTC, to the second. */
    readonly validFrom: string;
    readonly validTill: string;
}

/**
 * Reads leaf and chain from PEM texts. The certificates may be in any order, and the root may be missing.
 *
 * The leaf is the end-entity certificate. If there are several, the first that has all expected properties is the leaf.
 *
 * @throws CertificateError if no certificate can be read, or if the leaf differs from the expected certificate: another key,
 * another serial number, a missing name, an end in the past.
 */
export function readBundle(pems: readonly string[], expected: Expected): Bundle {
    const certificates = readAll(pems, expected.what);
    const leaves = certificates.filter((certificate) => !certificate.ca && !isSelfIssued(certificate));
    const differences = leaves.map((leaf) => ({ leaf, found: differenceOf(leaf, expected) }));
    const match = differences.find(({ found }) => found === undefined);
    if (!match) throw mismatch(expected, differences.at(0));
    const { leaf } = match;
    const { chain, isComplete } = chainOf(leaf, certificates);
    return {
        leaf,
        certificatePem: toPem("CERTIFICATE", leaf.raw),
        ...(chain.length > 0 ? { chainPem: chain.map((ca) => toPem("CERTIFICATE", ca.raw)).join("") } : {}),
        isComplete,
        serialNumber: leaf.serialNumber.toUpperCase(),
        thumbprint: thumbprintOf(leaf),
        validFrom: toSeconds(leaf.validFrom),
        validTill: toSeconds(leaf.validTo),
    };
}

/**
 * Lists the names in a certificate: subject alternative names, and the common names of the subject. A TLS certificate of
 * DigiCert has its common name among the alternative names, too; a code-signing certificate has no alternative names.
 */
export function certificateNames(certificate: X509Certificate): Set<string> {
    const alternatives = [...(certificate.subjectAltName ?? "").matchAll(ALTERNATIVE_NAME)].flatMap(
        ([, kind, quoted, plain]) => {
            if (kind !== "DNS" && kind !== "IP Address") return [];
            return quoted === undefined ? (plain ?? "") : (JSON.parse(quoted) as string);
        },
    );
    const { subject } = certificate.toLegacyObject() as { subject?: { CN?: string | string[] } };
    const commonNames = [subject?.CN ?? []].flat();
    return new Set([...alternatives, ...commonNames].filter((name) => name !== "").map(reportedName));
}

/** An alternative name as Node writes it; a value with a comma or other special characters is a JSON string. */
const ALTERNATIVE_NAME = /([^:,]+):(?:("(?:[^"\\]|\\.)*")|([^,]*))(?:, |$)/gy;

/** Whether TLS clients may use a certificate (extended key usage clientAuth). */
export function allowsClientAuth(certificate: X509Certificate): boolean {
    // Node calls the extended key usage `keyUsage`.
    const usages = certificate.keyUsage as readonly string[] | undefined;
    return usages?.includes(CLIENT_AUTH) ?? false;
}

/**
 * Reads the end-entity certificate of a PEM text; undefined if none can be read, or if none has the expected serial number.
 *
 * @param expected - of several end-entity certificates, the certificate with this key is returned, or else the first
 */
export function readLeaf(
    pem: string,
    { key, serialNumber }: Partial<Pick<Expected, "key" | "serialNumber">> = {},
): X509Certificate | undefined {
    try {
        const leaves = readAll([pem], "").filter(
            (one) =>
                !one.ca &&
                !isSelfIssued(one) &&
                (serialNumber === undefined || sameHex(one.serialNumber, serialNumber)),
        );
        return leaves.find((leaf) => key && usualForm(leaf.publicKey).equals(key)) ?? leaves[0];
    } catch {
        return undefined;
    }
}

/** Whether two serial numbers are equal; case, separators and leading zeros are ignored. */
export function sameHex(a: string, b: string): boolean {
    const digits = (hex: string) =>
        hex
            .replace(/[^\da-f]/gi, "")
            .replace(/^0+/, "")
            .toLowerCase();
    return digits(a) === digits(b);
}

interface Difference {
    readonly leaf: X509Certificate;
    /** The difference, in words that follow "a certificate"; undefined if the leaf matches. */
    readonly found: string | undefined;
}

function differenceOf(leaf: X509Certificate, expected: Expected): string | undefined {
    const { key, names, serialNumber, validity, notSerialNumbers = [], now } = expected;
    if (!usualForm(leaf.publicKey).equals(usualForm(key))) {
        return "with another key than that of certificate.csr";
    }
    if (serialNumber !== undefined && !sameHex(leaf.serialNumber, serialNumber)) {
        return `with another serial number than the order shows for it, ${quote(serialNumber)}`;
    }
    if (
        validity !== undefined &&
        !(isSameTime(leaf.validFrom, validity.validFrom) && isSameTime(leaf.validTo, validity.validTill))
    ) {
        return `that is not valid from ${validity.validFrom} to ${validity.validTill}`;
    }
    if (notSerialNumbers.some((other) => sameHex(leaf.serialNumber, other))) {
        return "that is an earlier certificate of the order";
    }
    const present = certificateNames(leaf);
    if (names.size > 0 && !covers(present, names)) {
        return `without ${[...names]
            .filter((name) => !present.has(name))
            .map(quote)
            .join(", ")}`;
    }
    const end = new Date(leaf.validTo);
    return now !== undefined && end <= now ? `that ended on ${toSeconds(leaf.validTo)}` : undefined;
}

function isSameTime(date: string, expected: string): boolean {
    return Date.parse(date) === Date.parse(expected);
}

function mismatch({ what }: Expected, difference: Difference | undefined): CertificateError {
    if (!difference) return certificateError(`${what}: DigiCert sent only certificates of CAs`);
    return certificateError(
        `${what}: DigiCert returned a certificate ${difference.found ?? ""} ` +
            `(serial number ${difference.leaf.serialNumber}); the certificate is not used`,
    );
}

function certificateError(sentence: string, cause?: unknown): CertificateError {
    const remedy: Remedy = "askDigiCert";
    return new CertificateError(`${sentence}.`, { cause, remedy });
}

/**
 * Reads a certificate in PEM. Certificates that were read last are remembered, because an operation asks for names, key and
 * extensions of the same certificate in several places.
 *
 * @throws an error of OpenSSL, or a RangeError, if it cannot be read
 */
export function readCertificate(pem: string): X509Certificate {
    const [block] = pemBlocks(pem);
    return parseCertificate(block?.base64 ?? "");
}

const parseCertificate = remembered(CACHE_SIZE, (base64) => {
    const certificate = new X509Certificate(Buffer.from(base64, "base64"));
    // OpenSSL reads a certificate whose dates are no dates.
    for (const date of [certificate.validFrom, certificate.validTo]) new Date(date).toISOString();
    return certificate;
});

function readAll(pems: readonly string[], what: string): X509Certificate[] {
    const blocks = pems.flatMap(pemBlocks).filter(({ label }) => label === "CERTIFICATE");
    if (blocks.length === 0) throw certificateError(`${what}: DigiCert sent no certificate`);
    if (blocks.length > MAX_CERTIFICATES) {
        throw certificateError(
            `${what}: DigiCert sent ${blocks.length} certificates, too many for one chain`,
        );
    }
    try {
        return blocks.map(({ base64 }) => parseCertificate(base64));
    } catch (cause) {
        throw certificateError(`${what}: DigiCert sent a certificate that cannot be read`, cause);
    }
}

/** Recognises a root certificate. Old roots lack the extension that marks a CA. */
function isSelfIssued(certificate: X509Certificate): boolean {
    return certificate.checkIssued(certificate);
}

/** Lists the certificates from the leaf's issuer upwards, without the root: a server must send them, and clients have the root. */
function chainOf(leaf: X509Certificate, certificates: readonly X509Certificate[]) {
    const chain: X509Certificate[] = [];
    for (let last = leaf; ;) {
        const issuer = certificates.find(
            (candidate) =>
                (candidate.ca || isSelfIssued(candidate)) &&
                !chain.includes(candidate) &&
                last.checkIssued(candidate) &&
                last.verify(candidate.publicKey),
        );
        if (!issuer || isSelfIssued(issuer))
            return { chain, isComplete: chain.length > 0 || issuer !== undefined };
        chain.push(issuer);
        last = issuer;
    }
}

function thumbprintOf(certificate: X509Certificate): string {
    return certificate.fingerprint.replaceAll(":", "").toUpperCase();
}

function toSeconds(date: string): string {
    return new Date(date).toISOString().replace(/\.\d+Z$/, "Z");
}
