/**
 * Writes the path of an input.
 *
 * @module
 */
import { quote } from "../quote.js";
import { holdsPrivateKey } from "../x509/privateKey.js";

/**
 * Writes `certificate.dnsNames[1]` or `triggers["a.b"]`, as Pulumi writes property paths. A name is shortened to one line; a
 * private key that was pasted in place of a name is not shown.
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
