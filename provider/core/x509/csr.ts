/**
 * Certificate signing requests: reading, checking, comparing (RFC 2986).
 *
 * @module
 */
import { createHash, type KeyObject } from "node:crypto";
import { remembered } from "./cache.js";
import { objectId, readElement, type Element } from "./der.js";
import { pemBlocks, toPem } from "./pem.js";
import { keyDigest, readPublicKey, usualForm, type PublicKey } from "./publicKey.js";
import { signatureProblem } from "./signature.js";

export { keyDigest };

/** Longest text that is read; a CSR with a 16,384-bit RSA key and 250 names takes about 16 kB. */
const MAX_LENGTH = 100_000;
const LABEL = "CERTIFICATE REQUEST";
const LABELS = [LABEL, `NEW ${LABEL}`];
/** Matches PEM as {@link toPem} writes it: full lines, and unused bits of the last character that are zero (RFC 4648, 3.5). */
const STANDARD = new RegExp(
    `^-----BEGIN ${LABEL}-----\n` +
        "((?:[A-Za-z0-9+/]{64}\n)*(?:[A-Za-z0-9+/]{4}){0,15}" +
        "(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)\n)" +
        `-----END ${LABEL}-----\n$`,
);
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];
const MIN_RSA_BITS = 2048;
/** A list of reissues has up to 1,000 CSRs; all are remembered while they are compared. */
const CACHE_SIZE = 2000;
const SEQUENCE = 0x30;
/** Matches the beginning of DER that was read as a text: a sequence of more than 127 bytes, in Latin 1, in UTF-8, or in 7 bits. */
const DER_AS_TEXT = /^0[\u0001-\u0003\u0081-\u0083\ufffd]/;

/** A readable CSR. */
export interface Csr {
    /** The request as PEM with the standard label, 64 columns and `\n` line ends (RFC 7468). */
    readonly pem: string;
    /** SHA-256, in hex, of the DER of the CertificationRequestInfo, the signed part. */
    readonly content: string;
    /** The public key that the CSR asks to certify. */
    readonly key: KeyObject;
    /** Checks type and length of the key; returns what is wrong, in words that follow "the request", or undefined. */
    keyProblem(): string | undefined;
    /** Checks the self-signature; returns what is wrong, in words that follow "the request", or undefined. */
    signatureProblem(): string | undefined;
}

/** Thrown by {@link readCsr} and {@link checkCsr}. The message completes the sentence "this CSR …", and quotes no input. */
export class CsrProblem extends Error {}

/**
 * Reads a CSR given as PEM or as bare base64.
 *
 * @throws CsrProblem when it cannot be read.
 */
export function readCsr(text: string): Csr {
    const read = readOrProblem(text);
    if (read instanceof CsrProblem) throw read;
    return read;
}

/** The problem is remembered too, because finding it may take as long as reading a CSR. */
const readOrProblem = remembered(CACHE_SIZE, (text): Csr | CsrProblem => {
    try {
        return parse(decode(text));
    } catch (error) {
        if (error instanceof CsrProblem) return error;
        throw error;
    }
});

/**
 * Reads a CSR and refuses what DigiCert would refuse or what is unsafe.
 *
 * @throws CsrProblem for an unreadable request, a wrong self-signature, a weak or unsupported key.
 */
export function checkCsr(text: string): Csr {
    const csr = readCsr(text);
    const problem = csr.keyProblem() ?? csr.signatureProblem();
    if (problem !== undefined) throw new CsrProblem(problem);
    return csr;
}

/** Whether two CSRs have the same content; PEM framing and signature may differ. */
export function sameCsr(a: string, b: string): boolean {
    if (a === b) return true;
    return isReadableCsr(a) && isReadableCsr(b) && readCsr(a).content === readCsr(b).content;
}

/** Whether {@link readCsr} can read a text; DigiCert may report any text as a CSR. */
export function isReadableCsr(text: string | undefined): text is string {
    return text !== undefined && !(readOrProblem(text) instanceof CsrProblem);
}

/** Whether a CSR that DigiCert reports has this public key; undefined if the CSR cannot be read. */
export function csrHasKey(text: string | undefined, key: KeyObject): boolean | undefined {
    return isReadableCsr(text) ? readCsr(text).key.equals(usualForm(key)) : undefined;
}

function keyProblem({ type, modulusLength = 0, namedCurve }: PublicKey): string | undefined {
    if (type === "rsa" || type === "rsa-pss") {
        return modulusLength < MIN_RSA_BITS
            ? `has an RSA key of ${modulusLength} bits; at least ${MIN_RSA_BITS} are needed`
            : undefined;
    }
    const allowed = "P-256, P-384 and P-521 are allowed";
    if (type !== "ec") return `has a key of type ${type ?? "unknown"}; RSA, ${allowed}`;
    if (namedCurve === undefined) {
        return `has a key on a curve that is given by explicit parameters; ${allowed}`;
    }
    return CURVES.includes(namedCurve) ? undefined : `has a key on the curve ${namedCurve}; ${allowed}`;
}

/** DER, and the same as PEM with the standard label, 64 columns and `\n` line ends. */
interface Encoded {
    readonly der: Buffer;
    readonly pem: string;
}

function decode(text: string): Encoded {
    if (text.length > MAX_LENGTH) throw new CsrProblem("is too large to be a certificate signing request");
    return decodeStandard(text) ?? decodeOther(text);
}

/** Decodes PEM in the form that {@link toPem} writes, as most tools do; undefined for any other text. */
function decodeStandard(text: string): Encoded | undefined {
    const [, base64] = STANDARD.exec(text) ?? [];
    return base64 === undefined ? undefined : { der: Buffer.from(base64, "base64"), pem: text };
}

function decodeOther(text: string): Encoded {
    refuseOtherEncodings(text);
    const framed = text.includes("-----");
    const blocks = pemBlocks(text);
    if (framed && blocks.length !== 1) {
        throw new CsrProblem(
            "must be exactly one PEM block (-----BEGIN CERTIFICATE REQUEST----- … -----END …)",
        );
    }
    const [block] = blocks;
    if (block?.label === "CERTIFICATE") {
        throw new CsrProblem("is a certificate; the certificate signing request for it is needed");
    }
    if (block && !LABELS.includes(block.label)) {
        throw new CsrProblem('is a PEM block of another kind; the label must be "CERTIFICATE REQUEST"');
    }
    const base64 = (block?.base64 ?? text).replace(/[\s\ufeff]+/g, "");
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
        throw new CsrProblem(
            "is neither PEM nor base64; a certificate signing request (PKCS#10) is needed, as `openssl req -new` makes it",
        );
    }
    const der = Buffer.from(base64, "base64");
    return { der, pem: toPem(LABEL, der) };
}

/** Refuses a CSR that a tool or a program has written in an encoding other than PEM or base64, and names the encoding. */
function refuseOtherEncodings(text: string): void {
    if (/^\s*$/.test(text)) throw new CsrProblem("is empty");
    if (DER_AS_TEXT.test(text)) {
        throw new CsrProblem("is binary DER; PEM, or the same DER in base64, is needed");
    }
    if (text.includes("\0"))
        throw new CsrProblem("is UTF-16, as Windows tools write it; ASCII or UTF-8 is needed");
    if (/\\[nr]/.test(text)) {
        throw new CsrProblem(
            "has its line ends written out, as a backslash and a letter; real line ends are needed",
        );
    }
}

function parse({ der, pem }: Encoded): Csr {
    const { info, spki, algorithm, signature } = parts(der);
    const publicKey = publicKeyOf(spki);
    const { key } = publicKey;
    let problem: { readonly found: string | undefined } | undefined;
    let content: string | undefined;
    return {
        pem,
        get content() {
            return (content ??= createHash("sha256").update(info.der).digest("hex"));
        },
        key,
        keyProblem: () => keyProblem(publicKey),
        signatureProblem: () => {
            problem ??= {
                found: problemOf({ content: info.der, spki: spki.der, key, algorithm, signature }),
            };
            return problem.found;
        },
    };
}

function problemOf(signed: Parameters<typeof signatureProblem>[0]): string | undefined {
    try {
        return signatureProblem(signed);
    } catch {
        return "has a signature that cannot be read";
    }
}

/** The parts of a CertificationRequest (RFC 2986, section 4). */
function parts(der: Buffer) {
    try {
        const request = readElement(der);
        const [info, algorithm, signature, ...others] = request.children();
        // Bytes behind the request are refused, because DigiCert would get them too.
        if (!info || !algorithm || !signature || others.length > 0 || request.length !== der.length) {
            throw new RangeError("not a CSR");
        }
        const [version, subject, spki] = info.children();
        if (version?.tag !== 0x02 || subject?.tag !== SEQUENCE || spki?.tag !== SEQUENCE) {
            throw new RangeError("no CSR");
        }
        return { info, spki, algorithm, signature };
    } catch {
        // The cause is dropped: its message might quote the input, which may be a secret that was pasted by mistake.
        throw new CsrProblem(
            "cannot be read as a certificate signing request (PKCS#10), as `openssl req -new` makes it",
        );
    }
}

function publicKeyOf(spki: Element): PublicKey {
    try {
        return readPublicKey(spki);
    } catch (cause) {
        throw new CsrProblem(`has a key that cannot be read (algorithm ${algorithmOf(spki)})`, { cause });
    }
}

function algorithmOf(spki: Element): string {
    try {
        const [algorithm] = spki.children();
        const [id] = algorithm?.children() ?? [];
        return id ? objectId(id) : "unknown";
    } catch {
        return "unknown";
    }
}
