/**
 * Paths into the inputs.
 *
 * @module
 */
import { holdsPrivateKey } from "../x509/pem.js";

/** Longer texts than this are no slip in an id or a keyword. */
const LONGEST_ECHO = 20;

/** Where a value holds a private key. */
export function privateKeyPaths(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
    if (typeof value === "string") return holdsPrivateKey(value) ? [path] : [];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, member]) =>
        privateKeyPaths(member, [...path, Array.isArray(value) ? Number(key) : key]),
    );
}

/** Where an object has a member that would reach into every other object of the process. */
export function unsafePaths(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, member]) => {
        const here = [...path, Array.isArray(value) ? Number(key) : key];
        return ["__proto__", "constructor", "prototype"].includes(key) ? [here] : unsafePaths(member, here);
    });
}

/** `certificate.dnsNames[1]` or `triggers["a.b"]`, as Pulumi writes property paths. */
export function propertyPath(path: readonly PropertyKey[]): string {
    return path
        .map((part, index) => {
            if (typeof part === "number") return `[${part}]`;
            const name = String(part);
            if (!/^[\w$-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
            return index > 0 ? `.${name}` : name;
        })
        .join("");
}

/**
 * The engine prints the value of a failing top-level property, whatever it holds. It finds none under the same
 * path in brackets, so what may be a secret, or is long, is reported that way.
 *
 * @param names - the inputs that exist
 */
export function pathWithoutEcho(
    property: string,
    given: Record<string, unknown>,
    names: readonly string[],
): string {
    const value = Object.hasOwn(given, property) ? given[property] : undefined;
    const isShown =
        value === undefined ||
        typeof value === "number" ||
        typeof value === "boolean" ||
        (typeof value === "string" && value.length <= LONGEST_ECHO && names.includes(property));
    return isShown ? property : `[${JSON.stringify(property)}]`;
}
