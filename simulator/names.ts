import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/** Converts a name to the form of certificates: lower case, punycode. */
export function canonicalName(name: string): string {
    const lower = name.trim().toLowerCase();
    return isIP(lower) ? lower : domainToASCII(lower) || lower;
}

/** Whether the API accepts a text as a name of a TLS certificate: a host name, a wildcard or an IP address. */
export function isName(name: string): boolean {
    const ascii = canonicalName(name);
    if (isIP(ascii)) return true;
    return (
        ascii.length <= 253 &&
        /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(ascii)
    );
}

/** Each name once, canonical, in the order given. */
export function uniqueNames(...names: (string | undefined)[]): string[] {
    return [...new Set(names.flatMap((name) => (name === undefined ? [] : [canonicalName(name)])))];
}

/** The names that are in `before` and not in `after`. */
export function removedNames(before: readonly string[], after: readonly string[]): string[] {
    const kept = new Set(after.map(canonicalName));
    return before.filter((name) => !kept.has(canonicalName(name)));
}
