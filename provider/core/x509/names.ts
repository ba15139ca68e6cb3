/**
 * DNS names as DigiCert and certificates carry them: lower case, punycode, compared as sets.
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
 * The one spelling under which a name is sent and compared.
 *
 * @throws NameProblem when DigiCert could not put the name into a certificate.
 */
export function canonicalName(raw: string): string {
    if (isIP(raw) !== 0 && raw.includes("%"))
        throw new NameProblem("has a zone, which no certificate carries");
    if (isIP(raw) !== 0) return raw.includes(":") ? new URL(`http://[${raw}]`).hostname.slice(1, -1) : raw;
    if (raw === "") throw new NameProblem("is empty");
    if (raw.length > 1024) throw new NameProblem("is longer than the 253 characters of a DNS name");
    if (raw.includes("://")) throw new NameProblem("is a URL; give only its host name");
    if (raw.includes("@")) throw new NameProblem("is an e-mail address; give a DNS name");
    if (raw.endsWith(".")) throw new NameProblem("ends with a dot; leave it out");
    // domainToASCII follows the URL standard: it would decode %41 and read "1.2" as an address, so what is
    // plain ASCII never goes through it.
    const plain = /^[\x20-\x7e]*$/.test(raw);
    if (plain && !ASCII_NAME.test(raw))
        throw new NameProblem(
            "has a character that DNS names do not have (allowed: letters, digits, hyphens, dots)",
        );
    if (!plain && /[%/\\:?#[\]\s]/u.test(raw))
        throw new NameProblem(
            "has a character that DNS names do not have (allowed: letters, digits, hyphens, dots)",
        );
    const name = plain ? raw.toLowerCase() : domainToASCII(raw);
    const labels = name.split(".");
    const named = labels[0] === "*" ? labels.slice(1) : labels;
    if (name.length > 253) throw new NameProblem("is longer than the 253 characters of a DNS name");
    // UTS #46 maps a wide star to this one; a wildcard must be meant.
    if (named.some((label) => label.includes("*")) || (labels[0] === "*" && !raw.startsWith("*"))) {
        throw new NameProblem("has a * that is not alone in the first label, as in *.example.com");
    }
    // An underscore is for private certificates only, which have it in names below a domain.
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

/** Like {@link canonicalName}, for what DigiCert reports: odd names are kept as they are, in lower case. */
export function reportedName(raw: string): string {
    try {
        return canonicalName(raw);
    } catch {
        return raw.toLowerCase();
    }
}

/** Whether a name is a host's, and not that of an organization. */
function isHostName(name: string): boolean {
    try {
        return canonicalName(name).includes(".");
    } catch {
        return false;
    }
}

/** The names of a certificate as one set; it makes no difference whether the common name is repeated. */
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
 * The names that a reissue for `wanted` would take off the certificate. DigiCert then revokes the original and every reissue
 * and duplicate within 72 hours.
 *
 * @param live - names on the order's certificate today
 * @param wanted - names that the program wants now; where it wants none, as for code signing, the common name is that of an
 * organization, and DigiCert's to choose
 * @param added - names that DigiCert put on a certificate of this stack by itself, as seen right after its issuance: only these
 * do not count
 */
export function disappearingNames(
    live: ReadonlySet<string>,
    wanted: ReadonlySet<string>,
    added: ReadonlySet<string> = new Set(),
): string[] {
    const isKept = (name: string) =>
        wanted.has(name) || added.has(name) || (wanted.size === 0 && !isHostName(name));
    return [...live].filter((name) => !isKept(name));
}
