// Records for the validation of domains: set by hand, or read from a DNS server or a web server.
import { Resolver } from "node:dns/promises";
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** `FILE` is the text at `http://<name>/.well-known/pki-validation/fileauth.txt`. */
export type RecordType = "TXT" | "CNAME" | "FILE";

/** The place of a token. */
export interface RecordLookup {
    name: string;
    type: RecordType;
}

/** Servers for records that were not set by hand, each as `HOST:PORT`. */
export interface RecordServers {
    /** Answers the queries for TXT and CNAME. */
    dns: string | undefined;
    /** Answers the requests for files, whatever name they are for. */
    http: string | undefined;
}

interface PublishedRecord {
    type: RecordType;
    value: string;
    visibleFrom: Date;
}

/**
 * `type` of a record in the admin interface.
 *
 * @internal
 */
export const recordType = z.enum(["TXT", "CNAME", "FILE"]) satisfies z.ZodType<RecordType>;

/** Converts the name of a record, or the target of a CNAME, for comparison: lower case, without the dot at the end. */
export function recordName(name: string): string {
    return name.toLowerCase().replace(/\.$/, "");
}

/** Number of CNAMEs that are followed, so that a loop ends. */
const longestChain = 8;

/** The records that DigiCert sees, by name. */
export class PublishedRecords {
    private readonly published = new Map<string, PublishedRecord[]>();
    private readonly answered = new Map<string, readonly string[]>();

    /** Adds a record to those of the same name and type. */
    publish({ name, type }: RecordLookup, value: string, visibleFrom: Date): void {
        const key = recordName(name);
        this.published.set(key, [...(this.published.get(key) ?? []), { type, value, visibleFrom }]);
    }

    /** Removes all records of a name and type. */
    remove({ name, type }: RecordLookup): void {
        const key = recordName(name);
        const others = (this.published.get(key) ?? []).filter((one) => one.type !== type);
        this.published.set(key, others);
    }

    /** Lists the values that are visible at a time; CNAMEs are followed to TXT records. */
    values({ name, type }: RecordLookup, at: Date, chain = longestChain): string[] {
        const key = recordName(name);
        const visible = (this.published.get(key) ?? []).filter((one) => one.visibleFrom <= at);
        const found = visible.flatMap((one) => (one.type === type ? [one.value] : []));
        const [target] = visible.flatMap((one) => (one.type === "CNAME" ? [one.value] : []));
        if (type === "TXT" && target !== undefined && chain > 0) {
            found.push(...this.values({ name: target, type }, at, chain - 1));
        }
        return [...found, ...(this.answered.get(`${type} ${key}`) ?? [])];
    }

    /** Queries the servers, and keeps their answers until the next query. */
    async query(lookups: readonly RecordLookup[], servers: RecordServers): Promise<void> {
        await Promise.all(
            lookups.map(async (lookup) => {
                const values = await queryServer(lookup, servers);
                this.answered.set(`${lookup.type} ${recordName(lookup.name)}`, values);
            }),
        );
    }
}

const patienceMs = 2000;

/** Reads a record from a server; returns no values if there is no record, if the server fails, or if it is too slow. */
async function queryServer(lookup: RecordLookup, servers: RecordServers): Promise<string[]> {
    try {
        if (lookup.type === "FILE") return await fetchFile(lookup.name, servers.http);
        return await queryDns(lookup, servers.dns);
    } catch {
        return [];
    }
}

async function queryDns({ name, type }: RecordLookup, server: string | undefined): Promise<string[]> {
    if (server === undefined) return [];
    const resolver = new Resolver({ timeout: patienceMs, tries: 1 });
    resolver.setServers([server]);
    if (type === "CNAME") return resolver.resolveCname(name);
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
}

async function fetchFile(name: string, server: string | undefined): Promise<string[]> {
    if (server === undefined) return [];
    const { hostname, port } = new URL(`http://${server}`);
    const path = "/.well-known/pki-validation/fileauth.txt";
    const signal = AbortSignal.timeout(patienceMs);
    return new Promise((resolve, reject) => {
        const request = get({ hostname, port, path, headers: { host: name }, signal }, (response) => {
            if (response.statusCode !== 200) {
                response.destroy();
                resolve([]);
                return;
            }
            text(response).then((content) => {
                resolve([content.trim()]);
            }, reject);
        });
        request.on("error", reject);
    });
}
