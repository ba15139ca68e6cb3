/**
 * Recognises private keys that were pasted by mistake, in the forms in which tools write them.
 *
 * @module
 */

/** Patterns of the framing of a private key; a text is framed if all patterns of one row match. */
const FRAMES: readonly (readonly RegExp[])[] = [
    // PEM (RFC 7468), OpenSSH, PGP and SSH.com; a URL or a form may have replaced the spaces.
    [/-{4,5} ?BEGIN(?: |\+|%20)(?:[A-Z0-9]+(?: |\+|%20))*PRIVATE(?: |\+|%20)KEY/i],
    [/PuTTY-User-Key-File-\d/i],
    // The content of an OpenSSH key without its framing.
    [/openssh-key-v1\0/],
    // A JSON Web Key (RFC 7517).
    [/\\?"kty\\?"/, /\\?"d\\?"\s*:\s*\\?"[\w-]{20}/],
];

const LENGTH = "(?:[\\x00-\\x7f]|\\x81[^]|\\x82[^]{2}|\\x83[^]{3})";
/** Matches the beginning of the DER of a private key, in Latin 1; certificates, CSRs and public keys begin differently. */
const DER = new RegExp(
    `^0${LENGTH}(?:${[
        // PKCS #8 (RFC 5958): version, algorithm.
        `\\x02\\x01[\\x00\\x01]0${LENGTH}\\x06`,
        // PKCS #1 (RFC 8017), and DSA: version 0, modulus.
        "\\x02\\x01\\x00\\x02(?:[\\x20-\\x7f]|\\x81[^]|\\x82[^]{2})",
        // SEC 1 (RFC 5915): version 1, the key as octets.
        "\\x02\\x01\\x01\\x04[\\x10-\\x48]",
        // Encrypted PKCS #8: an algorithm of PKCS #5 or of PKCS #12.
        `0${LENGTH}\\x06(?:\\x09\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x05|\\x0a\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x0c\\x01)`,
        // PKCS #12 (RFC 7292): version 3, data of PKCS #7.
        `\\x02\\x01\\x030${LENGTH}\\x06\\x09\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x07[\\x01\\x02]`,
    ].join("|")})`,
);
/**
 * Matches the DER of an unencrypted private key that was read as UTF-8, so that a length byte above 127 became U+FFFD. A CSR or
 * a certificate does not match: a second sequence, of at least four characters, precedes its version.
 */
const DER_READ_AS_UTF8 = /^0(?:[\0-\u007f]|\ufffd[^]{0,2})\u0002\u0001[\u0000\u0001][0\u0002\u0004]/;

/** Number of characters of a base64 text that are decoded to recognise its type. */
const BEGINNING = 150;

/**
 * Whether a text holds a private key. Recognised are framed keys (PEM, OpenSSH, PuTTY, PGP, JWK), also as a whole file in
 * base64, and the DER of PKCS #8 (encrypted or not), PKCS #1, SEC 1 or PKCS #12, as it is or in base64. Passwords have no
 * typical form, and are not recognised.
 *
 * @example
 * ```ts
 * holdsPrivateKey("-----BEGIN PRIVATE KEY-----\nMIG…"); // true
 * holdsPrivateKey("our private key is in the vault"); // false
 * ```
 */
export function holdsPrivateKey(text: string): boolean {
    // Every key is longer; most inputs are shorter.
    if (text.length < 24) return false;
    return isFramed(text) || DER.test(text) || DER_READ_AS_UTF8.test(text) || isEncoded(text);
}

function isFramed(text: string): boolean {
    return FRAMES.some((row) => row.every((pattern) => pattern.test(text)));
}

function isEncoded(text: string): boolean {
    // The DER of a sequence begins with 0x30, in base64 with M and a letter from A to P. Line breaks may be anywhere.
    for (const { index } of text.matchAll(/(?<=^|[^A-Za-z0-9+/]|\\[nr])M[A-P](?=[A-Za-z0-9+/_-]{14})/g)) {
        if (DER.test(fromBase64(text.slice(index, index + BEGINNING)))) return true;
    }
    // A whole file in base64, as in a Kubernetes secret or a pipeline variable.
    for (const [token] of text.matchAll(/[A-Za-z0-9+/_-]{40,}/g)) {
        if (isFramed(Buffer.from(token, "base64").toString("latin1"))) return true;
    }
    return false;
}

function fromBase64(text: string): string {
    const [base64 = ""] = /^[A-Za-z0-9+/_-]*/.exec(text.replace(/\s|\\[nr]/g, "")) ?? [];
    return Buffer.from(base64, "base64").toString("latin1");
}
