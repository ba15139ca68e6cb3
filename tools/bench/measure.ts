/** Measures a task with a contender. */
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { type Contender, type Job, type StateSize } from "./contenders/contender.js";
import { type Row } from "./rows.js";
import { startServer, type Traffic } from "./server.js";

/** Clock ticks per second of Linux. */
const TICKS_PER_SECOND = 100;

/** Environment with which Pulumi writes the state once, at the end of a run. */
export const WITHOUT_CHECKPOINTS = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** Letters of the tasks, as in REPORT.md. */
export type Work = "a" | "b" | "c" | "d" | "e";

/** One measurement. */
export interface Sample extends Traffic {
    readonly work: Work;
    /** The task in words: `200 orders`. */
    readonly what: string;
    readonly contender: string;
    readonly orders: number;
    readonly seconds: number;
    /** Processor time of the tool and its child processes; unlike the elapsed time, it does not depend on the load of the machine. */
    readonly cpuSeconds: number | undefined;
    /** Load average of the last minute before the task: processes that ran or waited for a processor. */
    readonly load: number;
    readonly state?: StateSize | undefined;
    /** The error, if the task failed. */
    readonly failed?: string;
}

/** A task to measure. */
export interface Task {
    readonly work: Work;
    readonly what: string;
    readonly orders: readonly Row[];
    /** Time from the POST to issuance, in ms; default 0. */
    readonly issuanceMs?: number;
    readonly parallel?: number;
    readonly env?: Readonly<Record<string, string>>;
}

/** Prepares the contender, applies once, and measures. */
export async function measureApply(task: Task, contender: Contender): Promise<Sample> {
    const server = await startServer(task.orders, task.issuanceMs);
    try {
        const prepared = await contender.prepare(jobOf(task, server));
        try {
            return await measured(
                task,
                contender,
                server,
                () => prepared.apply(),
                () => prepared.stateSize(),
            );
        } finally {
            await prepared.dispose();
        }
    } finally {
        await server.close();
    }
}

/** The job of a task. */
export function jobOf({ orders, parallel, env }: Task, server: Job["server"]): Job {
    return { orders, server, parallel, ...(env === undefined ? {} : { env }) };
}

/** Measures the time and the requests of a step; the failure of a step is a result too. */
export async function measured(
    { work, what, orders }: Pick<Task, "work" | "what" | "orders">,
    { name }: Contender,
    server: Job["server"],
    step: () => Promise<void>,
    state: () => StateSize | undefined = () => undefined,
): Promise<Sample> {
    await server.forget();
    const [load = 0] = loadavg();
    const cpuBefore = childrensCpuSeconds();
    const start = performance.now();
    const failure = await step().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const seconds = (performance.now() - start) / 1000;
    const cpuAfter = childrensCpuSeconds();
    const traffic = await server.traffic();
    return {
        work,
        what,
        contender: name,
        orders: orders.length,
        seconds,
        cpuSeconds: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore,
        load,
        ...traffic,
        ...(failure === undefined ? { state: state() } : { failed: failure }),
    };
}

/** Processor time of all child processes that have ended, and of their children; undefined without /proc. */
function childrensCpuSeconds(): number | undefined {
    try {
        const text = readFileSync("/proc/self/stat", "utf8");
        // proc(5): after the name come state, then numbers; the 14th and 15th after it are cutime and cstime.
        const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
        return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
    } catch {
        return undefined;
    }
}
