// Records for the validation of domains: set by hand, or answered by a real DNS server or web server.
import { Resolver } from "node:dns/promises";
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** `FILE` is the text at `http://<name>/.well-known/pki-validation/fileauth.txt`. */
export type RecordType = "TXT" | "CNAME" | "FILE";

/** Where to look for a token. */
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

interface PublishedRecord extends RecordLookup {
    value: string;
    visibleFrom: Date;
}

/**
 * `type` of a record as the admin interface takes it.
 *
 * @internal
 */
export const recordType = z.enum(["TXT", "CNAME", "FILE"]) satisfies z.ZodType<RecordType>;

/** Without the dot at the end, in lower case: how names of records, and targets of CNAMEs, are compared. */
export function recordName(name: string): string {
    return name.toLowerCase().replace(/\.$/, "");
}

/** A resolver follows CNAMEs; here no further than this, so that a loop ends. */
const longestChain = 8;

/** The records that DigiCert sees. */
export class PublishedRecords {
    private published: PublishedRecord[] = [];
    private readonly answered = new Map<string, readonly string[]>();

    /** Publishes a record, beside those of the same name and type. */
    publish({ name, type }: RecordLookup, value: string, visibleFrom: Date): void {
        this.published.push({ name: recordName(name), type, value, visibleFrom });
    }

    /** Takes all records of that name and type away. */
    remove({ name, type }: RecordLookup): void {
        const gone = recordName(name);
        this.published = this.published.filter((one) => one.name !== gone || one.type !== type);
    }

    /** The values that are visible at a time; a TXT record may stand behind CNAMEs. */
    values({ name, type }: RecordLookup, at: Date, chain = longestChain): string[] {
        const key = recordName(name);
        const visible = this.published.filter((one) => one.name === key && one.visibleFrom <= at);
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

/** No record, no server and a slow server come to the same: nothing is seen. */
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
