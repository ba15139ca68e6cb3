/**
 * Issued certificates: picking leaf and chain out of what DigiCert sends, and refusing a leaf that is another one.
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
/** Extended key usage of TLS clients (RFC 5280, section 4.2.1.12). */
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/** What an issued certificate must match. */
export interface Expected {
    /** Order, certificate: the subject of the sentence if it does not match. */
    readonly what: string;
    readonly key: KeyObject;
    /** Names that the certificate must have; none where the product takes no names. */
    readonly names: ReadonlySet<string>;
    /** What DigiCert tells elsewhere of this certificate, in hex. */
    readonly serialNumber?: string | undefined;
    readonly thumbprint?: string | undefined;
    /** Serial numbers of other certificates of the order, which DigiCert is known to send instead. */
    readonly notSerialNumbers?: readonly string[] | undefined;
    /** Refuses a certificate that has ended by then; absent where one that has ended will do. */
    readonly now?: Date | undefined;
}

/** A leaf that is the expected one, with its chain. */
export interface Bundle {
    readonly leaf: X509Certificate;
    readonly certificatePem: string;
    /** From the leaf's issuer upwards, without the root; absent where there is none. */
    readonly chainPem?: string;
    /** Whether the leaf's issuer is in the bundle. DigiCert is known to leave it out. */
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
 * Reads leaf and chain from PEM texts in any order, with or without root.
 *
 * The leaf is the certificate that is no CA's; where there are several, the one that matches best.
 *
 * @throws CertificateError when nothing can be read, or when the leaf is not the expected certificate: another key, another
 * serial number or thumbprint, a name missing, ended.
 */
export function readBundle(pems: readonly string[], expected: Expected): Bundle {
    const certificates = readAll(pems, expected.what);
    const leaves = certificates.filter((one) => !one.ca && !isSelfIssued(one));
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
 * The names in a certificate: subject alternative names, and the common names of the subject. DigiCert's public certificates
 * repeat the common name among the former; those for code signing have it alone.
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

/** How Node writes an alternative name; a value with anything odd in it is quoted as in JSON. */
const ALTERNATIVE_NAME = /([^:,]+):(?:("(?:[^"\\]|\\.)*")|([^,]*))(?:, |$)/gy;

/** Whether a certificate names TLS clients among those that may use it. */
export function allowsClientAuth(certificate: X509Certificate): boolean {
    // Node calls it keyUsage; it is the extended one.
    const usages = certificate.keyUsage as readonly string[] | undefined;
    return usages?.includes(CLIENT_AUTH) ?? false;
}

/**
 * The certificate of a PEM text that is no CA's; undefined where there is none that can be read, or none with the expected
 * serial number.
 *
 * @param expected - of several, the one with this key is taken, else the first
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

/** Whether two serial numbers or thumbprints are the same, whatever their case, separators and leading zeros. */
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
    /** What is wrong with it, in words that follow "a certificate". */
    readonly found: string | undefined;
}

function differenceOf(leaf: X509Certificate, expected: Expected): string | undefined {
    const { key, names, serialNumber, thumbprint, notSerialNumbers = [], now } = expected;
    if (!usualForm(leaf.publicKey).equals(usualForm(key))) {
        return "with another key than that of certificate.csr";
    }
    if (serialNumber !== undefined && !sameHex(leaf.serialNumber, serialNumber)) {
        return `with another serial number than the ${quote(serialNumber)} that it tells for it`;
    }
    if (thumbprint !== undefined && !sameHex(thumbprintOf(leaf), thumbprint)) {
        return `with another thumbprint than the ${quote(thumbprint)} that it tells for it`;
    }
    if (notSerialNumbers.some((other) => sameHex(leaf.serialNumber, other))) {
        return "that is an earlier one of the order";
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

function mismatch({ what }: Expected, difference: Difference | undefined): CertificateError {
    if (!difference) return certificateError(`${what}: DigiCert sent no certificate but those of CAs`);
    return certificateError(
        `${what}: DigiCert returned a certificate ${difference.found ?? ""} ` +
            `(serial number ${difference.leaf.serialNumber}); it is not used`,
    );
}

function certificateError(sentence: string, cause?: unknown): CertificateError {
    const remedy: Remedy = "askDigiCert";
    return new CertificateError(`${sentence}.`, { cause, remedy });
}

const parseCertificate = remembered(
    CACHE_SIZE,
    (base64) => new X509Certificate(Buffer.from(base64, "base64")),
);

function readAll(pems: readonly string[], what: string): X509Certificate[] {
    const blocks = pems.flatMap(pemBlocks).filter(({ label }) => label === "CERTIFICATE");
    if (blocks.length === 0) throw certificateError(`${what}: DigiCert sent no certificate`);
    try {
        return blocks.map(({ base64 }) => parseCertificate(base64));
    } catch (cause) {
        throw certificateError(`${what}: DigiCert sent a certificate that cannot be read`, cause);
    }
}

/** A root of old does not say that it is a CA's. */
function isSelfIssued(certificate: X509Certificate): boolean {
    return certificate.checkIssued(certificate);
}

/** From the leaf's issuer upwards, without the root: a server must send this, and clients have the root. */
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
