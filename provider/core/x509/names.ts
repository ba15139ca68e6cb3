/**
 * DNS names in the form that DigiCert and certificates use (lower case, punycode), and sets of them.
 *
 * @module
 */
import { isIP } from "node:net";
import { domainToASCII } from "node:url";

const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const ASCII_NAME = /^[A-Za-z0-9_.*-]+$/;

/** Thrown by {@link canonicalName}; the message completes the sentence "this name …". */
export class NameProblem extends Error {}

/**
 * Converts a name into the spelling that is sent and compared.
 *
 * @throws NameProblem if a certificate cannot contain the name.
 */
export function canonicalName(raw: string): string {
    if (isIP(raw) !== 0 && raw.includes("%"))
        throw new NameProblem("has a zone, which a certificate cannot contain");
    if (isIP(raw) !== 0) return raw.includes(":") ? new URL(`http://[${raw}]`).hostname.slice(1, -1) : raw;
    if (raw === "") throw new NameProblem("is empty");
    if (raw.length > 1024) throw new NameProblem("is longer than the 253 characters of a DNS name");
    if (raw.includes("://")) throw new NameProblem("is a URL; give only its host name");
    if (raw.includes("@")) throw new NameProblem("is an e-mail address; give a DNS name");
    if (raw.endsWith(".")) throw new NameProblem("ends with a dot; leave it out");
    // ASCII names are not passed to domainToASCII, which follows the URL standard: it would decode %41, and read "1.2" as an
    // IP address.
    const isAscii = /^[\x20-\x7e]*$/.test(raw);
    if (isAscii && !ASCII_NAME.test(raw))
        throw new NameProblem(
            "has a character that DNS names do not have (allowed: letters, digits, hyphens, dots)",
        );
    if (!isAscii && /[%/\\:?#[\]\s]/u.test(raw))
        throw new NameProblem(
            "has a character that DNS names do not have (allowed: letters, digits, hyphens, dots)",
        );
    const name = isAscii ? raw.toLowerCase() : domainToASCII(raw);
    const labels = name.split(".");
    const named = labels[0] === "*" ? labels.slice(1) : labels;
    if (name.length > 253) throw new NameProblem("is longer than the 253 characters of a DNS name");
    // A wildcard is accepted only if the user typed an ASCII `*`; UTS #46 maps U+FF0A, the full-width star, to `*`.
    if (named.some((label) => label.includes("*")) || (labels[0] === "*" && !raw.startsWith("*"))) {
        throw new NameProblem("has a * that is not alone in the first label, as in *.example.com");
    }
    // An underscore is accepted below a domain only: private certificates have it there.
    const isOdd = named.length < 2 && name.includes("_");
    if (named.length === 0 || isOdd || !named.every((label) => LABEL.test(label))) {
        throw new NameProblem("is not a DNS name (labels of letters, digits and hyphens, joined by dots)");
    }
    if (named.some((label) => label.startsWith("xn--")) && domainToASCII(name) === "")
        throw new NameProblem("has a label that begins with xn-- and is no punycode");
    if (/^(\d+|0x[\da-f]*)$/.test(named.at(-1) ?? ""))
        throw new NameProblem("ends in a number, but is not an IP address");
    return name;
}

/** Matches names that {@link canonicalName} refuses or puts into lower case. */
const PLAIN_NAME = /^[\w.*-]+$/;

/**
 * Converts a name that DigiCert reports like {@link canonicalName}; an invalid name is only put into lower case. A dot at the end,
 * which marks a name as complete (RFC 1034, 3.1), is left out.
 */
export function reportedName(raw: string): string {
    const name = raw.length > 1 && raw.endsWith(".") ? raw.slice(0, -1) : raw;
    // Lists of DigiCert may hold many thousand names, and canonicalName takes ten times longer.
    if (PLAIN_NAME.test(name)) return name.toLowerCase();
    try {
        return canonicalName(name);
    } catch {
        return name.toLowerCase();
    }
}

/** Whether a name is a host name; the common name of a code-signing certificate is the name of an organization. */
export function isHostName(name: string): boolean {
    try {
        return canonicalName(name).includes(".");
    } catch {
        return false;
    }
}

/** Makes one set of the common name and the further names of a certificate. */
export function nameSet(certificate: {
    readonly commonName?: string | undefined;
    readonly dnsNames: readonly string[];
}): Set<string> {
    return new Set(
        [certificate.commonName, ...certificate.dnsNames].flatMap((name) =>
            name ? [reportedName(name)] : [],
        ),
    );
}

/** Whether every one of `wanted` is in `present`. */
export function covers(present: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
    return [...wanted].every((name) => present.has(name));
}

/** Whether two sets hold the same names. */
export function sameNames(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
    return a.size === b.size && covers(a, b);
}

/**
 * Lists the names that a reissue for `wanted` would remove from the certificate. If a name is removed, DigiCert revokes the
 * original certificate and every reissue and duplicate within 72 hours.
 *
 * @param present - names on the order's certificate today
 * @param wanted - names that the program requests. If there are none, as for code signing, the common name is the name of an
 * organization, which DigiCert chooses, and it does not count
 * @param added - names that DigiCert added to a certificate of this stack, as read right after its issuance; they do not count
 */
export function disappearingNames(
    present: ReadonlySet<string>,
    wanted: ReadonlySet<string>,
    added: ReadonlySet<string> = new Set(),
): string[] {
    const isKept = (name: string) =>
        wanted.has(name) || added.has(name) || (wanted.size === 0 && !isHostName(name));
    return [...present].filter((name) => !isKept(name));
}
