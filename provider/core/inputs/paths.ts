/**
 * Paths into the inputs.
 *
 * @module
 */
import { quote } from "../quote.js";
import { holdsPrivateKey } from "../x509/privateKey.js";

/**
 * `certificate.dnsNames[1]` or `triggers["a.b"]`, as Pulumi writes property paths. Names are shown only as far as they
 * are fit for one line, and not at all if a private key was pasted in place of one.
 */
export function propertyPath(path: readonly PropertyKey[]): string {
    return path
        .map((part, index) => {
            if (typeof part === "number") return `[${part}]`;
            const name = shown(String(part));
            if (!/^[\w$-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
            return index > 0 ? `.${name}` : name;
        })
        .join("");
}

function shown(name: string): string {
    return holdsPrivateKey(name) ? "(a private key)" : quote(name);
}

/**
 * The engine prints the value of a failing top-level property, whatever it holds. It finds none under the same path
 * in brackets, so texts, which may be a secret, and whole objects are reported that way.
 */
export function pathWithoutEcho(property: string, given: Record<string, unknown>): string {
    const value = Object.hasOwn(given, property) ? given[property] : undefined;
    return typeof value === "string" || typeof value === "object"
        ? `[${JSON.stringify(property)}]`
        : property;
}
