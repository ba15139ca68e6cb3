/**
 * Looks in DNS for the records of domain validation.
 *
 * @module
 */
import { Resolver } from "node:dns/promises";
import { quote } from "../../provider/core/quote.js";
import { isHostName } from "../../provider/core/x509/names.js";
import { recordPlaces, recordValue, type DnsMethod } from "../../provider/core/validation/records.js";
import type { Finding } from "./finding.js";

/** Queries DNS: the values of the records of a name; none where there are none. */
export type QueryDns = (name: string, type: "TXT" | "CNAME") => Promise<readonly string[]>;

/** Time limit for an answer of one server, in milliseconds, and number of queries to it. */
const DNS_LIMITS = { timeout: 3000, tries: 2 };
/** Codes that say that there is no such record (RFC 1035). */
const ABSENT = new Set(["ENODATA", "ENOTFOUND"]);

/** @param server - `HOST:PORT` or `HOST`; default: the servers of this machine */
export function queryDnsAt(server?: string): QueryDns {
    const resolver = new Resolver(DNS_LIMITS);
    if (server !== undefined) resolver.setServers([server]);
    return async (name, type) => {
        try {
            if (type === "CNAME") return await resolver.resolveCname(name);
            return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
        } catch (error) {
            if (ABSENT.has((error as NodeJS.ErrnoException).code ?? "")) return [];
            throw error;
        }
    };
}

/**
 * Says which tokens are visible for some names.
 *
 * @param token - `dcvRandomValue` of the pending reissue; without it, what is found is only shown
 */
export async function checkTokens(
    names: Iterable<string>,
    query: QueryDns,
    token: string | undefined,
): Promise<Finding[]> {
    // DigiCert may report a text that is not a host name.
    const places = recordPlaces([...names].filter(isHostName), "dns-txt-token");
    return Promise.all(places.map(({ name }) => checkPlace(name, query, token)));
}

async function checkPlace(name: string, query: QueryDns, token: string | undefined): Promise<Finding> {
    const check = "dns";
    try {
        const found = [
            ...(await query(name, "TXT")).map((value) => ({ type: "TXT", value })),
            ...(await query(name, "CNAME")).map((value) => ({ type: "CNAME", value })),
        ];
        const list = found.map(({ type, value }) => `${type} ${quote(value)}`).join(", ") || "no record";
        if (token === undefined) return { check, level: "info", text: `${name}: ${list}` };
        const wanted = METHODS.map((method) => recordValue(token, method).toLowerCase());
        const isVisible = found.some(({ value }) => wanted.includes(value.toLowerCase()));
        return isVisible
            ? { check, level: "ok", text: `${name}: the token is visible` }
            : { check, level: "attention", text: `${name}: the token is not visible (${list})` };
    } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? String(error);
        return { check, level: "failed", text: `${name}: DNS could not be asked (${quote(code)})` };
    }
}

const METHODS: readonly DnsMethod[] = ["dns-txt-token", "dns-cname-token"];
