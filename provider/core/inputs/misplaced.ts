/**
 * What must not stand anywhere in the inputs, whatever the input: secrets, and what would not reach DigiCert as it was
 * written.
 *
 * @module
 */
import { holdsPrivateKey } from "../x509/privateKey.js";

/** Something that must not be there. */
export interface Misplaced {
    readonly path: readonly PropertyKey[];
    readonly reason: string;
}

/** Deeper than any request body; what is walked here is walked again, recursively, by plan, digest and JSON. */
const MAX_DEPTH = 32;
/** Real API keys are longer; what is shorter may stand anywhere by chance. */
const SHORTEST_KEY = 16;
/** By this member Pulumi marks assets, archives, secrets and references to resources. */
const PULUMI_MARK = "4dabf18193072939515e22adb298388d";

const PRIVATE_KEY =
    "holds a private key. It was not sent anywhere, but treat it as exposed if this program is shared; " +
    "only the certificate signing request (CSR) belongs in the inputs, in certificate.csr";
const API_KEY =
    "holds the DigiCert API key, which would be kept in the state in clear; it belongs in the settings only";
const TOO_DEEP = `is nested too deeply; at most ${MAX_DEPTH} levels are allowed`;
const RESERVED = "is a name that JavaScript reserves; DigiCert has no such parameter";
const NO_JSON = "must be JSON: text, a finite number, true, false, null, a list or an object";

/**
 * Looks through everything that is given.
 *
 * @param apiKeys - what must not be found in a text, as far as it is known
 */
export function misplaced(given: unknown, apiKeys: readonly string[] = []): Misplaced[] {
    const secrets = apiKeys.filter((key) => key.length >= SHORTEST_KEY);
    const holdsApiKey = (text: string) => secrets.some((key) => text.includes(key));

    function walk(value: unknown, path: readonly PropertyKey[]): Misplaced[] {
        const at = (reason: string) => [{ path, reason }];
        if (typeof value === "string") {
            if (holdsPrivateKey(value)) return at(PRIVATE_KEY);
            return holdsApiKey(value) ? at(API_KEY) : [];
        }
        const isBody = path[0] === "additionalParameters";
        if (typeof value !== "object" || value === null) return isBody && !isJson(value) ? at(NO_JSON) : [];
        if (path.length > MAX_DEPTH) return at(TOO_DEEP);
        if (isBody && Object.hasOwn(value, PULUMI_MARK)) return at(NO_JSON);
        return Object.entries(value).flatMap(([name, member]) => {
            if (Array.isArray(value)) return walk(member, [...path, Number(name)]);
            const reason = wrongName(name, isBody);
            return reason === undefined ? walk(member, [...path, name]) : [{ path: [...path, name], reason }];
        });
    }

    function wrongName(name: string, isBody: boolean): string | undefined {
        if (holdsPrivateKey(name)) return PRIVATE_KEY;
        if (holdsApiKey(name)) return API_KEY;
        const reserved = isBody ? ["__proto__", "constructor", "prototype"] : ["__proto__"];
        return reserved.includes(name) ? RESERVED : undefined;
    }

    return walk(given, []);
}

function isJson(value: unknown): boolean {
    // A member that is undefined is one that is not there.
    return value === undefined || value === null || typeof value === "boolean" || Number.isFinite(value);
}
