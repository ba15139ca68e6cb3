/**
 * The records in which DigiCert searches for the token of domain control validation (DigiCert documentation, "Supported DCV
 * methods").
 *
 * This file loads no schema library, because programs load it.
 *
 * @module
 */
import { isIP } from "node:net";
import { quote } from "../quote.js";
import { canonicalName, NameProblem } from "../x509/names.js";

/** A method whose token stands in DNS. */
export type DnsMethod = "dns-txt-token" | "dns-cname-token";

/** The place of one record. */
export interface RecordPlace {
    /** The domain that is validated. */
    readonly domain: string;
    /** Name of the record, without a dot at the end. */
    readonly name: string;
    readonly type: "TXT" | "CNAME";
}

/** Path of the file of `http-token`, below a name. */
export const FILE_PATH = ".well-known/pki-validation/fileauth.txt";

/** Value of a record, or of the file, before DigiCert gives the first token. */
const NO_TOKEN = "unused";

/** Whether the token of a method stands in DNS. */
export function isDnsMethod(method: string | undefined): method is DnsMethod {
    return method === "dns-txt-token" || method === "dns-cname-token";
}

/**
 * The domain at which DigiCert validates a name in DNS: the name itself, for a wildcard or a `www.` name the name below it;
 * none for an IP address.
 */
export function domainToValidate(name: string): string | undefined {
    if (isIP(name) !== 0) return undefined;
    if (name.startsWith("*.")) return name.slice(2);
    const below = name.replace(/^www\./, "");
    // Without "www.", the name www.example would be a top-level domain, which nobody can validate.
    return below.includes(".") ? below : name;
}

/**
 * Lists the records for names, each domain once.
 *
 * @throws NameProblem for a text that is not a DNS name; its message begins with the place in the list.
 */
export function recordPlaces(names: Iterable<string>, method: DnsMethod): RecordPlace[] {
    const domains = [...names].flatMap((name, index) => {
        try {
            return domainToValidate(canonicalName(name)) ?? [];
        } catch (error) {
            throw error instanceof NameProblem ? new NameProblem(`names[${index}] ${error.message}`) : error;
        }
    });
    const type = method === "dns-txt-token" ? "TXT" : "CNAME";
    return [...new Set(domains)].map((domain) => ({ domain, name: `_dnsauth.${domain}`, type }));
}

/** The value of the record for a token; a harmless value if there is no token yet. */
export function recordValue(token: string | undefined, method: DnsMethod): string {
    const text = token ?? NO_TOKEN;
    return method === "dns-txt-token" ? text : `${text}.dcv.digicert.com`;
}

/** The content of the file of `http-token`. */
export function fileContent(token: string | undefined): string {
    return token ?? NO_TOKEN;
}

/**
 * The places at which DigiCert searches for the token of some names, in words: `TXT _dnsauth.shop.example`, each on one line. The
 * names are those that DigiCert reports; a text that is not a DNS name is only quoted.
 */
export function describePlaces(names: Iterable<string>, method: string | undefined): string[] {
    return [...new Set([...names].flatMap((name) => placesOf(name, method)))];
}

function placesOf(name: string, method: string | undefined): string[] {
    try {
        const canonical = canonicalName(name);
        if (isDnsMethod(method)) {
            return recordPlaces([canonical], method).map(({ type, name: record }) => `${type} ${record}`);
        }
        // A file proves exactly the name that it is fetched from.
        return method === "http-token"
            ? [`http://${canonical}/${FILE_PATH}`]
            : [domainToValidate(canonical) ?? canonical];
    } catch (error) {
        if (error instanceof NameProblem) return [`"${quote(name)}"`];
        throw error;
    }
}
