/** (g) Measures the loading of the package: in the program, in the provider host, and in the plugin. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { CheckRequest, ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import { makeKeyAndCsr } from "../../../simulator/index.js";
import { run } from "../../../test/engine/child.js";
import { cleanEnvironment } from "../../../test/engine/environment.js";
import { removeFolder } from "../../../test/engine/folders.js";
import { startHost } from "../../../test/engine/host.js";
import { programFolder } from "../../../test/engine/layout.js";
import { PluginProcess } from "../../../test/plugin/pluginProcess.js";
import { compiled } from "../contenders/stack.js";
import { type CheckCost } from "../programs/checkCost.js";
import { rows, type Row } from "../rows.js";
import { type Sizes } from "../sizes.js";

/** What one door does from its start on. */
export interface Door {
    /** From the start of the process to the answer to the first check. */
    readonly startMs: number;
    /** The tenth check of a new CSR, as the engine sees it. */
    readonly tenthCheckMs: number;
    /** Memory before the first check, and after the checks; undefined without /proc. */
    readonly mb: readonly [before: number, after: number] | undefined;
}

/** The measurements of one round. */
export interface ColdStart {
    /** `require` of the package, and of Pulumi's SDK alone, each in a new process. */
    readonly requireMs: Readonly<Record<"pulumi-digicert" | "@pulumi/pulumi", number>>;
    /** Memory of these processes afterwards. */
    readonly programMb: Readonly<Record<"pulumi-digicert" | "@pulumi/pulumi", number>>;
    readonly host: Door;
    readonly plugin: Door;
    /** By type of key. */
    readonly checks: Readonly<Record<"ec" | "rsa", CheckCost>>;
}

const CHECKS = 20;
const TENTH = 9;
const CHECKS_IN_PROCESS = 100;

type Inputs = Record<string, unknown>;
type Start = () => Promise<{
    readonly pid: number;
    check(inputs: Inputs): Promise<unknown>;
    close(): Promise<void>;
}>;

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
    return {
        requireMs: pick("ms"),
        programMb: pick("mb"),
        host: await started(() => hostIn(folder)),
        plugin: await started(() => pluginIn(folder)),
        checks: await checkCosts(folder),
    };
}

async function requiring(name: string, cwd: string): Promise<{ ms: number; mb: number }> {
    const script = `const start = performance.now(); require(${JSON.stringify(name)});
        console.log(JSON.stringify({ ms: performance.now() - start, mb: process.memoryUsage.rss() / 1e6 }));`;
    const { stdout } = await run(process.execPath, ["-e", script], { cwd, env: cleanEnvironment() });
    return JSON.parse(stdout) as { ms: number; mb: number };
}

async function started(start: Start): Promise<Door> {
    const inputs = (await rows(CHECKS)).map(inputsOf);
    const begin = performance.now();
    const door = await start();
    try {
        const before = residentMb(door.pid);
        const times: number[] = [];
        let startMs = NaN;
        for (const one of inputs) {
            const checked = performance.now();
            await door.check(one);
            if (times.length === 0) startMs = performance.now() - begin;
            times.push(performance.now() - checked);
        }
        const after = residentMb(door.pid);
        return {
            startMs,
            tenthCheckMs: times[TENTH] ?? NaN,
            mb: before === undefined || after === undefined ? undefined : [before, after],
        };
    } finally {
        await door.close();
    }
}

async function hostIn(cwd: string): ReturnType<Start> {
    const host = await startHost({ cwd });
    await host.configure({});
    return { pid: host.child.pid, check: (inputs) => host.check({}, inputs), close: () => host.close() };
}

async function pluginIn(folder: string): ReturnType<Start> {
    const executable = join(
        folder,
        "..",
        "node_modules/pulumi-digicert/dist/plugin/pulumi-resource-digicert",
    );
    const plugin = await PluginProcess.start({}, executable);
    await plugin.call("configure", new ConfigureRequest());
    return {
        pid: plugin.child.pid,
        check: (inputs) => {
            const request = new CheckRequest();
            request.setUrn("urn:pulumi:dev::test::digicert:index:Reissue::test");
            request.setNews(Struct.fromJavaScript(inputs as Parameters<typeof Struct.fromJavaScript>[0]));
            return plugin.call("check", request);
        },
        close: () => plugin.close(),
    };
}

async function checkCosts(cwd: string): Promise<ColdStart["checks"]> {
    const inputs = await Promise.all(
        (["ec", "rsa"] as const).map(async (type) => {
            const keys = await Promise.all(
                [1, 2].map(() => makeKeyAndCsr({ commonName: "key.example", type })),
            );
            const made = Array.from({ length: CHECKS_IN_PROCESS }, async (_, index) => {
                const commonName = `site-${index}.example`;
                const csrs = keys.map(({ keyPem }) => makeKeyAndCsr({ commonName, keyPem, type }));
                return (await Promise.all(csrs)).map(({ csrPem: csr }) =>
                    inputsOf({ name: type, orderId: index + 1, commonName, dnsNames: [], csr }),
                );
            });
            return [type, await Promise.all(made)];
        }),
    );
    writeFileSync(join(cwd, "checks.json"), JSON.stringify(Object.fromEntries(inputs)));
    const script = compiled("checkCost");
    const { stdout } = await run(process.execPath, ["-e", script], { cwd, env: cleanEnvironment() });
    return JSON.parse(stdout) as ColdStart["checks"];
}

function inputsOf({ orderId, commonName, dnsNames, csr }: Row): Inputs {
    return { orderId, certificate: { commonName, dnsNames, csr } };
}

function residentMb(pid: number): number | undefined {
    try {
        const status = readFileSync(`/proc/${pid}/status`, "utf8");
        return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1000;
    } catch {
        return undefined;
    }
}
