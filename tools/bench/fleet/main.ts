/**
 * `npm run bench:fleet`: examples/fleet as a user runs it, with many orders in several stacks, against a simulator that
 * enforces DigiCert's quota. Real processes, real time. See REPORT.md, "A fleet in several stacks".
 */
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { quotaFloorMs } from "../../../provider/core/certcentral/limiter.js";
import { Child } from "../../../test/engine/child.js";
import { exitOnSignals } from "../../../test/engine/cleanup.js";
import { cleanEnvironment } from "../../../test/engine/environment.js";
import { temporaryFolder } from "../../../test/engine/folders.js";
import { installation } from "../../../test/engine/installation.js";
import { findCli } from "../../../test/engine/lookup.js";
import { repositoryRoot } from "../../../test/engine/paths.js";
import { WITHOUT_CHECKPOINTS } from "../measure.js";
import { startServer, type Server } from "../server.js";
import { makeAccount, writeTable } from "./account.js";
import { watchMemory, type Memory } from "./memory.js";

const LIMIT_MS = 2 * 3_600_000;
/** Most that a mass reissue may take, as a multiple of the quota's floor. */
const MAX_FACTOR = 1.15;
/** With fewer orders the start of the stacks, and the places of a window that stay free for other operations, decide the time. */
const JUDGED_ORDERS = 5000;

/** One run of fleet.mjs. */
interface Run {
    readonly what: string;
    readonly seconds: number;
    readonly exitCode: number | null;
    readonly summary: string;
    readonly memory: Memory;
}

/** What a fleet is run with. */
interface Fleet {
    readonly folder: string;
    readonly stacks: string;
    readonly env: Record<string, string>;
}

function say(line: string): void {
    process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
}

/**
 * Runs fleet.mjs.
 *
 * @param interruptAt - after so many orders Ctrl-C is pressed; the summary line of the progress tells their number
 */
async function run(
    what: string,
    { folder, stacks, env }: Fleet,
    options: { readonly args?: readonly string[]; readonly interruptAt?: number } = {},
): Promise<Run> {
    const { args = [], interruptAt = Infinity } = options;
    let isInterrupted = false;
    const start = performance.now();
    const child = new Child(process.execPath, ["fleet.mjs", "up", "--stacks", stacks, ...args], {
        cwd: folder,
        env,
        timeoutMs: LIMIT_MS,
        onLine: (line) => {
            say(`    ${line}`);
            const updated = Number(/^\d+:\d\d .*?(\d+) update/.exec(line)?.[1] ?? 0);
            if (isInterrupted || updated < interruptAt) return;
            isInterrupted = true;
            say("    Ctrl-C");
            process.kill(-child.pid, "SIGINT");
        },
    });
    const memory = watchMemory(child);
    const { exitCode, output } = await child.done;
    const seconds = (performance.now() - start) / 1000;
    const summary = output.trim().split("\n").at(-1) ?? "";
    const result = { what, seconds: Math.round(seconds), exitCode, summary, memory: memory.stop() };
    say(`${what}: ${result.seconds} s, exit ${exitCode}, MB ${JSON.stringify(result.memory)}`);
    return result;
}

/** How often each order was reissued: number of accepted POSTs → number of orders. */
async function reissuesByCount(server: Server, orders: number): Promise<Record<number, number>> {
    const byOrder = new Map<string, number>();
    for (const { method, status, pathname } of await server.requests()) {
        if (method === "POST" && status === 201) byOrder.set(pathname, (byOrder.get(pathname) ?? 0) + 1);
    }
    const counts: Record<number, number> = { 0: orders - byOrder.size };
    for (const count of byOrder.values()) counts[count] = (counts[count] ?? 0) + 1;
    return counts;
}

/** What a fleet run is judged by. */
interface Figures {
    readonly isInterrupted: boolean;
    readonly orders: number;
    readonly factor: number;
    readonly refused: number;
    readonly reissues: Readonly<Record<number, number>>;
    readonly quietRequests: number;
}

/** What is not as it has to be. */
function findFaults({ isInterrupted, orders, factor, refused, reissues, quietRequests }: Figures): string[] {
    return [
        ...(reissues[1] === orders ? [] : [`not every order was reissued once: ${JSON.stringify(reissues)}`]),
        // Processes that are started again do not know which requests DigiCert still counts.
        ...(refused === 0 || isInterrupted ? [] : [`${refused} answers 429`]),
        ...(factor <= MAX_FACTOR || orders < JUDGED_ORDERS ? [] : [`the time is ${factor} × the floor`]),
        ...(quietRequests === 0 ? [] : [`the run without news made ${quietRequests} requests`]),
    ];
}

/** Removes a setting from the configuration of each stack. */
async function removeSetting({ folder, stacks, env }: Fleet, pulumi: string, key: string): Promise<void> {
    for (let shard = 1; shard <= Number(stacks); shard++) {
        const args = ["config", "rm", key, "--stack", `fleet-${shard}-of-${stacks}`, "--non-interactive"];
        const { exitCode, output } = await new Child(pulumi, args, { cwd: folder, env }).done;
        if (exitCode !== 0) throw new Error(`Removing ${key} from stack ${shard}: ${output}`);
    }
}

/** @param installed - a folder whose `node_modules` has the package; default: packed, and installed by npm */
async function prepareFolder(installed?: string): Promise<string> {
    const folder = mkdtempSync(join(installed ?? (await installation()).folder, "program-"));
    cpSync(join(repositoryRoot, "examples", "fleet"), folder, {
        recursive: true,
        filter: (path) => !/node_modules|Pulumi\.[\w-]+\.yaml$|\.pem$/.test(path),
    });
    return folder;
}

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            orders: { type: "string", default: "5000" },
            stacks: { type: "string", default: "5" },
            interrupt: { type: "boolean", default: false },
            "skip-checkpoints": { type: "boolean", default: false },
            installation: { type: "string" },
            out: { type: "string", default: "bench-results" },
        },
    });
    const orders = Number(values.orders);
    const { stacks } = values;
    const cli = await findCli();
    if (!cli)
        throw new Error(`The benchmark needs the Pulumi CLI, and there is none. Run "npm run engine" first.`);
    const folder = await prepareFolder(values.installation);
    const server = await startServer([]);
    const state = temporaryFolder("fleet-state");
    const env = cleanEnvironment({
        PATH: [dirname(cli.bin), process.env.PATH ?? ""].join(delimiter),
        PULUMI_HOME: join(state, "home"),
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        DIGICERT_API_KEY: server.apiKey,
        DIGICERT_BASE_URL: server.baseUrl,
    });
    const fleet: Fleet = { folder, stacks, env };
    try {
        const rows = await makeAccount(server, folder, orders);
        say(`${orders} orders are there`);
        writeTable(folder, rows);
        // Not measured, and so without the simulator's quota: each process takes the whole of it. An adoption makes no POST, so it
        // needs no checkpoint before its end.
        await server.enforceQuota(false);
        const adopted = await run(
            "adopt",
            { ...fleet, env: { ...env, ...WITHOUT_CHECKPOINTS } },
            { args: ["--set", "digicert:quotaShare=1"] },
        );
        if (adopted.exitCode !== 0) throw new Error(`The orders were not adopted: ${adopted.summary}`);
        await server.enforceQuota(true);
        await server.forget();

        writeTable(folder, rows, { revocation: "2026-11-28" });
        // From here on the share of the quota is the example's own.
        await removeSetting(fleet, cli.bin, "digicert:quotaShare");
        const load = loadavg();
        const start = performance.now();
        const reissuing = values["skip-checkpoints"]
            ? { ...fleet, env: { ...env, ...WITHOUT_CHECKPOINTS } }
            : fleet;
        const runs = [
            await run("mass reissue", reissuing, { ...(values.interrupt && { interruptAt: orders / 2 }) }),
        ];
        if (values.interrupt) runs.push(await run("mass reissue, started again", reissuing));
        const seconds = Math.round((performance.now() - start) / 1000);
        const traffic = await server.traffic();
        const floor = Math.round(quotaFloorMs(traffic.requests) / 1000);
        const factor = Number((seconds / floor).toFixed(2));
        const reissues = await reissuesByCount(server, orders);
        say(
            `mass reissue: ${seconds} s, floor ${floor} s, × ${factor}, ${JSON.stringify({ ...traffic, reissues })}`,
        );

        await server.forget();
        const quiet = await run("quiet", fleet);
        const quietTraffic = await server.traffic();
        say(`quiet: ${quiet.seconds} s, ${quietTraffic.requests} requests`);
        mkdirSync(values.out, { recursive: true });
        writeFileSync(
            join(values.out, "fleet.json"),
            JSON.stringify(
                {
                    orders,
                    stacks: Number(stacks),
                    machine: { cpus: cpus().length, load },
                    mass: { seconds, floor, factor, ...traffic, reissues, runs },
                    quiet: { ...quiet, requests: quietTraffic.requests },
                    adopted,
                },
                undefined,
                2,
            ),
        );
        const faults = findFaults({
            isInterrupted: values.interrupt,
            orders,
            factor,
            refused: traffic.refused,
            reissues,
            quietRequests: quietTraffic.requests,
        });
        for (const fault of faults) say(`FAILED: ${fault}`);
        if (faults.length > 0) process.exitCode = 1;
    } finally {
        await server.close();
    }
}

exitOnSignals();
main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
});
