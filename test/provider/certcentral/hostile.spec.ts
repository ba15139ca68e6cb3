import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CertCentral } from "../../../provider/core/certcentral/client.js";
import { readSettings } from "../../../provider/core/settings.js";

const KEY = "CANARY-3f9b/Kq+7Zt0-5d1c-YARNAC";
const MB = 1 << 20;
const LONGEST_GAP_MS = 50;

/** Bodies that take long for a reader that reads them without a pause, or repeatedly. */
const bodies: [string, () => string][] = [
    ["backslashes", () => "\\".repeat(3.9 * MB)],
    ["backslashes in JSON", () => `{"status":"${"\\".repeat(30_000)}","certificate":{}}`],
    ["percent signs", () => "%25".repeat(MB)],
    ["HTML entities", () => "&#0".repeat(MB)],
    ["the beginning of the key, again and again", () => KEY.slice(0, -1).repeat((3 * MB) / KEY.length)],
    ["the key, again and again", () => KEY.repeat((3 * MB) / KEY.length)],
    ["beginnings of PEM blocks", () => "-----BEGIN CERTIFICATE-----".repeat(MB / 8)],
    ["one PEM block without an end", () => `-----BEGIN CERTIFICATE-----${"A".repeat(3 * MB)}`],
    ["PEM blocks", () => `-----BEGIN X-----${"QUJD".repeat(500)}-----END X-----`.repeat(MB / 1024)],
    ["lists in lists", () => "[".repeat(3 * MB)],
    ["lists beside lists", () => `[${"[],".repeat(MB)}[]]`],
    ["many lists of a bearable length", () => `[${`[${"[],".repeat(5000)}[]],`.repeat(150)}[]]`],
    ["objects in objects", () => '{"a":'.repeat(MB / 2)],
    ["members with many names", () => `{${Array.from({ length: 250_000 }, (_, n) => `"k${n}":1`).join()}}`],
    [
        "requests without number",
        () => `{"status":"issued","certificate":{},"requests":[${"{},".repeat(MB)}{}]}`,
    ],
    [
        "names without number",
        () => `{"status":"issued","certificate":{"dns_names":[${'"a.example",'.repeat(MB / 4)}"b.example"]}}`,
    ],
    ["errors without number", () => `{"errors":[${'{"code":"a","message":"b"},'.repeat(MB / 8)}{}]}`],
    ["white space", () => " ".repeat(3.9 * MB)],
    ["quotes", () => '"'.repeat(3.9 * MB)],
    ["digits", () => "1".repeat(3.9 * MB)],
    ["more than is read", () => "[]".repeat(6 * MB)],
];

/**
 * Watches a timer that is always due, and tells the longest time in which it was not served. A busy machine holds up any
 * process, so a gap counts as far as the process worked in it.
 */
function watchTimers(): () => number {
    let lastAt = performance.now();
    let lastCpu = process.cpuUsage();
    let longest = 0;
    const look = () => {
        const [at, cpu] = [performance.now(), process.cpuUsage()];
        const worked = (cpu.user - lastCpu.user + cpu.system - lastCpu.system) / 1000;
        longest = Math.max(longest, Math.min(at - lastAt, worked));
        [lastAt, lastCpu] = [at, cpu];
    };
    const timer = setInterval(look, 1);
    return () => {
        clearInterval(timer);
        look();
        return longest;
    };
}

describe("an answer of any size and content", function () {
    this.timeout(120_000);
    let server: Server;
    let client: CertCentral;
    let body = Buffer.alloc(0);
    let status = 200;

    before(async () => {
        server = createServer((_request, response) => {
            response.writeHead(status, { "content-length": body.length }).end(body);
        });
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        const { port } = server.address() as AddressInfo;
        const env = { DIGICERT_API_KEY: KEY, DIGICERT_BASE_URL: `http://127.0.0.1:${port}` };
        const settings = readSettings({ config: () => undefined, env });
        client = new CertCentral(settings, undefined, { unavailableMs: 1, rateLimitMs: 1 });
    });
    after(() => {
        server.closeAllConnections();
        server.close();
    });

    const uses: [string, () => Promise<unknown>][] = [
        ["order", () => client.order("1")],
        ["download", () => client.download(5, "1")],
        ["errors", () => client.reissues("1")],
    ];
    for (const [what, make] of bodies) {
        it(`does not stop the process: ${what}`, async () => {
            body = Buffer.from(make());
            for (const [use, request] of uses) {
                status = use === "errors" ? 400 : 200;
                // The first attempts compile the code, and another process may have the processor in some: the best one counts.
                let gap = Infinity;
                for (let attempt = 0; attempt < 15 && gap > LONGEST_GAP_MS; attempt++) {
                    const longestGap = watchTimers();
                    const outcome = await request().catch((error: unknown) => error);
                    gap = Math.min(gap, longestGap());
                    const told = outcome instanceof Error ? outcome.message : JSON.stringify(outcome);
                    assert.ok(!told.includes(KEY));
                }
                assert.ok(gap <= LONGEST_GAP_MS, `${use}: ${gap.toFixed(0)} ms`);
            }
        });
    }
});
