/** (g) Measures the loading of the package: in the program, and in the provider host. */
import { readFileSync } from "node:fs";
import { run } from "../../../test/engine/child.js";
import { cleanEnvironment } from "../../../test/engine/environment.js";
import { removeFolder } from "../../../test/engine/folders.js";
import { startHost } from "../../../test/engine/host.js";
import { programFolder } from "../../../test/engine/layout.js";
import { rows } from "../rows.js";
import { type Sizes } from "../sizes.js";

/** The measurements of one round. */
export interface ColdStart {
    /** `require` of the package, and of Pulumi's SDK alone, each in a new process. */
    readonly requireMs: Readonly<Record<"pulumi-digicert" | "@pulumi/pulumi", number>>;
    /** Memory of these processes afterwards. */
    readonly programMb: Readonly<Record<"pulumi-digicert" | "@pulumi/pulumi", number>>;
    /** Time from configure to the answer to the first check, in a running host. */
    readonly firstCheckMs: number;
    readonly laterCheckMs: number;
    /** Memory of the host, before and after; undefined without /proc. */
    readonly hostMb: readonly [before: number, after: number] | undefined;
}

const LATER_CHECKS = 20;

export async function coldStarts({ cold: { rounds } }: Sizes): Promise<ColdStart[]> {
    const folder = await programFolder("installed");
    try {
        const measured: ColdStart[] = [];
        await requiring("@pulumi/pulumi", folder); // so that the files are in the cache of the system
        for (let round = 0; round < rounds; round++) measured.push(await coldStart(folder, round));
        return measured;
    } finally {
        removeFolder(folder);
    }
}

async function coldStart(folder: string, round: number): Promise<ColdStart> {
    const names = ["pulumi-digicert", "@pulumi/pulumi"] as const;
    const measured = new Map<string, { ms: number; mb: number }>();
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
        measured.set(name, await requiring(name, folder));
    }
    const pick = (member: "ms" | "mb") => {
        const [ours, sdk] = names.map((name) => measured.get(name)?.[member] ?? NaN) as [number, number];
        return { "pulumi-digicert": ours, "@pulumi/pulumi": sdk };
    };
    return { requireMs: pick("ms"), programMb: pick("mb"), ...(await inHost(folder)) };
}

async function requiring(name: string, cwd: string): Promise<{ ms: number; mb: number }> {
    const script = `const start = performance.now(); require(${JSON.stringify(name)});
        console.log(JSON.stringify({ ms: performance.now() - start, mb: process.memoryUsage.rss() / 1e6 }));`;
    const { stdout } = await run(process.execPath, ["-e", script], { cwd, env: cleanEnvironment() });
    return JSON.parse(stdout) as { ms: number; mb: number };
}

async function inHost(cwd: string): Promise<Pick<ColdStart, "firstCheckMs" | "laterCheckMs" | "hostMb">> {
    const host = await startHost({ cwd });
    try {
        const before = residentMb(host.pid);
        const inputs = (await rows(LATER_CHECKS + 1)).map(({ orderId, commonName, dnsNames, csr }) => ({
            orderId,
            certificate: { commonName, dnsNames, csr },
        }));
        const times: number[] = [];
        await host.configure({});
        for (const one of inputs) {
            const start = performance.now();
            await host.check({}, one);
            times.push(performance.now() - start);
        }
        const [first = NaN, ...later] = times;
        const after = residentMb(host.pid);
        return {
            firstCheckMs: first,
            laterCheckMs: later.reduce((sum, ms) => sum + ms, 0) / later.length,
            hostMb: before === undefined || after === undefined ? undefined : [before, after],
        };
    } finally {
        await host.close();
    }
}

function residentMb(pid: number): number | undefined {
    try {
        const status = readFileSync(`/proc/${pid}/status`, "utf8");
        return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1000;
    } catch {
        return undefined;
    }
}
