/** Runs the simulator in another process, so that the simulator and the measurement do not slow each other down. */
import { join } from "node:path";
import { Child } from "../../test/engine/child.js";
import { repositoryRoot } from "../../test/engine/paths.js";
import { type OrderPolicy, type RecordedRequest } from "../../simulator/index.js";
import { type Row } from "./rows.js";

/** Counts of the requests to the simulator. */
export interface Traffic {
    readonly requests: number;
    /** Accepted reissues. */
    readonly accepted: number;
    /** Answers 429. */
    readonly refused: number;
    /** Highest number of requests in any 5 s; DigiCert allows 100. */
    readonly peak: number;
}

const API_KEY = "0123456789ABCDEF0123456789ABCDEF";
const SEEDED_AT_ONCE = 8;
/** Age of the certificates before the run. */
const CERTIFICATE_AGE_MS = 100 * 86_400_000;
const PEAK_MS = 5000;

/**
 * Starts a simulator that enforces DigiCert's quota, with these orders; each has a certificate with an older key.
 *
 * @param issuanceMs - time from the POST to issuance
 */
export async function startServer(orders: readonly Row[], issuanceMs = 0): Promise<Server> {
    const command = join(repositoryRoot, "dist", "cli", "main.js");
    const args = [
        command,
        "simulator",
        "--port",
        "0",
        "--admin-port",
        "0",
        "--api-key",
        API_KEY,
        "--rate-limit",
    ];
    const child = new Child(process.execPath, args);
    const urlIn = (line: string) => /http\S+/.exec(line)?.[0] ?? "";
    const baseUrl = urlIn(await child.waitForLine(/^API/));
    const adminUrl = urlIn(await child.waitForLine(/^Admin/));
    const server = new Server(child, baseUrl, adminUrl);
    await server.seed(orders, issuanceMs);
    return server;
}

/** A simulator in another process. */
export class Server {
    readonly apiKey = API_KEY;
    readonly #child: Child;

    constructor(
        child: Child,
        readonly baseUrl: string,
        readonly adminUrl: string,
    ) {
        this.#child = child;
    }

    async seed(orders: readonly Row[], issuanceMs: number): Promise<void> {
        const policy: Partial<OrderPolicy> = { issuanceMs };
        const validFrom = new Date(Date.now() - CERTIFICATE_AGE_MS).toISOString();
        const left = [...orders];
        const worker = async () => {
            for (let row = left.shift(); row; row = left.shift()) {
                const { orderId: id, commonName, dnsNames } = row;
                await this.admin("POST", "orders", { id, commonName, dnsNames, validFrom, policy });
            }
        };
        await Promise.all(Array.from({ length: SEEDED_AT_ONCE }, worker));
        await this.forget();
    }

    /** The requests that reached it. */
    async requests(): Promise<RecordedRequest[]> {
        return (await this.admin("GET", "requests")) as RecordedRequest[];
    }

    async traffic(): Promise<Traffic> {
        const requests = await this.requests();
        return {
            requests: requests.length,
            accepted: requests.filter(({ method, status }) => method === "POST" && status === 201).length,
            refused: requests.filter(({ status }) => status === 429).length,
            peak: peakOf(requests.map(({ at }) => new Date(at).getTime())),
        };
    }

    /** Resets the counts. */
    async forget(): Promise<void> {
        await this.admin("DELETE", "requests");
    }

    /** Switches the quota on or off. */
    async enforceQuota(isEnforced: boolean): Promise<void> {
        await this.admin("PUT", "quota", { isEnforced });
    }

    async close(): Promise<void> {
        await this.#child.end();
    }

    /** A request to the admin interface. */
    async admin(method: string, path: string, body?: unknown): Promise<unknown> {
        const response = await fetch(this.adminUrl + path, {
            method,
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${method} ${path} of the simulator: ${response.status} ${text}`);
        return text === "" ? undefined : JSON.parse(text);
    }
}

/** @param times - times of arrival of the requests, ascending */
function peakOf(times: readonly number[]): number {
    let peak = 0;
    for (let last = 0, first = 0; last < times.length; last++) {
        while ((times[last] ?? 0) - (times[first] ?? 0) >= PEAK_MS) first++;
        peak = Math.max(peak, last - first + 1);
    }
    return peak;
}
