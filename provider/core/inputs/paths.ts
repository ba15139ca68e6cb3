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
