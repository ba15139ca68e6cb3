/**
 * Finds values that no input may hold: private keys, API keys, and values that JSON cannot express.
 *
 * @module
 */
import { holdsPrivateKey } from "../x509/privateKey.js";

/** A value that no input may hold. */
export interface Misplaced {
    readonly path: readonly PropertyKey[];
    readonly reason: string;
}

/** Deepest nesting that is accepted, because plan, digest and JSON recurse over the same values later. */
const MAX_DEPTH = 32;
/** Shorter keys are not searched for: real API keys are longer, and a short text may occur by chance. */
const SHORTEST_KEY = 16;
/** The member with which Pulumi marks assets, archives, secrets and references to resources. */
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
 * Searches all inputs.
 *
 * @param apiKeys - the API keys in use, which no text may contain
 */
export function findMisplaced(given: unknown, apiKeys: readonly string[] = []): Misplaced[] {
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
    // A member with the value `undefined` counts as absent.
    return value === undefined || value === null || typeof value === "boolean" || Number.isFinite(value);
}
