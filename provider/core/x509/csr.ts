/**
 * Certificate signing requests: reading, checking, comparing (RFC 2986).
 *
 * @module
 */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { pemBlocks, toPem } from "./pem.js";

/** Loaded on first use: an operation that reads no CSR does not pay for the ASN.1 library. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- synchronous, so that the plan stays a plain function
const pkijs = (): typeof import("pkijs") => require("pkijs") as typeof import("pkijs");

/** Far above any real CSR (a 16,384-bit RSA key with 250 names takes about 16 kB). */
const MAX_LENGTH = 100_000;
const LABELS = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];
const MIN_RSA_BITS = 2048;
const CACHE_SIZE = 5000;

/** A readable CSR. */
export interface Csr {
    /** The request as PEM with the standard label, 64 columns and `\n` line ends. */
    readonly pem: string;
    /** SHA-256, in hex, of the DER of the certification request info: the identity of what was signed. */
    readonly content: string;
    /** The public key to be certified. */
    readonly key: KeyObject;
    /** Whether the request is signed by the key that it carries. */
    verify(): Promise<boolean>;
}

/** Thrown by {@link readCsr} and {@link checkCsr}; the message completes the sentence "this CSR …" and echoes nothing. */
export class CsrProblem extends Error {}

const cache = new Map<string, Csr>();

/**
 * Reads a CSR given as PEM or as bare base64.
 *
 * @throws CsrProblem when it cannot be read.
 */
export function readCsr(text: string): Csr {
    const known = cache.get(text);
    if (known) return known;
    const csr = parse(decode(text));
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(text, csr);
    return csr;
}

/**
 * Reads a CSR and refuses what DigiCert would refuse or what is unsafe.
 *
 * @throws CsrProblem for an unreadable request, a wrong self-signature, a weak or unsupported key.
 */
export async function checkCsr(text: string): Promise<Csr> {
    const csr = readCsr(text);
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = csr.key;
    if (type === "rsa" || type === "rsa-pss") {
        const bits = details?.modulusLength ?? 0;
        if (bits < MIN_RSA_BITS) {
            throw new CsrProblem(`has an RSA key of ${bits} bits; at least ${MIN_RSA_BITS} are needed`);
        }
    } else if (type !== "ec") {
        throw new CsrProblem(
            `has a key of type ${type ?? "unknown"}; RSA, P-256, P-384 and P-521 are allowed`,
        );
    } else if (!CURVES.includes(details?.namedCurve ?? "")) {
        throw new CsrProblem(
            `has a key on the curve ${details?.namedCurve ?? "unknown"}; P-256, P-384 and P-521 are allowed`,
        );
    }
    if (!(await csr.verify())) {
        throw new CsrProblem("is not signed by its own key; make a new CSR from the private key");
    }
    return csr;
}

/** Whether two CSRs ask for the same: PEM framing and a fresh signature over the same content do not matter. */
export function sameCsr(a: string, b: string): boolean {
    if (a === b) return true;
    return isReadableCsr(a) && isReadableCsr(b) && readCsr(a).content === readCsr(b).content;
}

/** Whether {@link readCsr} can read it; what DigiCert reports may be anything. */
export function isReadableCsr(text: string | undefined): text is string {
    if (text === undefined) return false;
    try {
        readCsr(text);
        return true;
    } catch {
        return false;
    }
}

/** A short digest of a public key: enough to tell the keys of one order apart. */
export function keyDigest(key: KeyObject): string {
    const spki = key.export({ format: "der", type: "spki" });
    return createHash("sha256").update(spki).digest("hex").slice(0, 16);
}

/** Whether a CSR that DigiCert reports, which may be anybody's, carries this public key; undefined if it cannot be read. */
export function csrHasKey(text: string | undefined, key: KeyObject): boolean | undefined {
    return isReadableCsr(text) ? readCsr(text).key.equals(key) : undefined;
}

function decode(text: string): Buffer {
    if (text.length > MAX_LENGTH) throw new CsrProblem("is too large to be a certificate signing request");
    const framed = text.includes("-----");
    const blocks = pemBlocks(text);
    if (framed && blocks.length !== 1) {
        throw new CsrProblem(
            "must be exactly one PEM block (-----BEGIN CERTIFICATE REQUEST----- … -----END …)",
        );
    }
    const [block] = blocks;
    if (block && !LABELS.includes(block.label)) {
        throw new CsrProblem('is a PEM block of another kind; the label must be "CERTIFICATE REQUEST"');
    }
    const base64 = (block?.base64 ?? text).replace(/\s+/g, "");
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
        throw new CsrProblem(
            "is neither PEM nor base64; give a certificate signing request (PKCS#10), as `openssl req -new` makes it",
        );
    return Buffer.from(base64, "base64");
}

function parse(der: Buffer): Csr {
    try {
        const request = pkijs().CertificationRequest.fromBER(der);
        // The parser ignores what comes after the request; DigiCert would be sent it.
        if (der.length !== outerLength(der)) throw new Error("trailing bytes");
        const spki = Buffer.from(request.subjectPublicKeyInfo.toSchema().toBER(false));
        let verified: Promise<boolean> | undefined;
        return {
            pem: toPem("CERTIFICATE REQUEST", der),
            content: createHash("sha256").update(request.tbsView).digest("hex"),
            key: createPublicKey({ key: spki, format: "der", type: "spki" }),
            verify: () => (verified ??= request.verify().catch(() => false)),
        };
    } catch {
        // The parser's own message may quote the input, which may be a secret pasted by mistake.
        throw new CsrProblem(
            "cannot be read as a certificate signing request (PKCS#10), as `openssl req -new` makes it",
        );
    }
}

/** Length of the first DER element, header included. */
function outerLength(der: Buffer): number {
    const first = der.readUInt8(1);
    if (first < 0x80) return 2 + first;
    const size = first & 0x7f;
    return 2 + size + der.readUIntBE(2, size);
}
