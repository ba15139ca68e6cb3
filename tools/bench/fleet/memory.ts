/** How much memory the processes of a run take (Linux). */
import { readFileSync } from "node:fs";
import { type Child } from "../../../test/engine/child.js";
import { commandLine } from "../../../test/engine/processTree.js";

const SAMPLE_MS = 2000;
/** What a process is for, by its command line. */
const KINDS: readonly (readonly [kind: string, command: RegExp])[] = [
    ["driver", /fleet\.mjs/],
    ["program", /cmd\/run\/index/],
    ["provider", /cmd\/dynamic-provider\/index/],
    ["engine", /pulumi (up|preview)/],
    ["language host", /pulumi-language-nodejs/],
];

/** Peaks in megabytes, one for each kind of process, and of all processes together. */
export type Memory = Readonly<Record<string, number>>;

/** Watches a process and its descendants until `stop`; the peaks are those of the resident set. */
export function watchMemory(child: Child): { stop(): Memory } {
    const peaks: Record<string, number> = {};
    const sample = () => {
        let all = 0;
        for (const { pid } of [{ pid: child.pid }, ...child.descendants()]) {
            const megabytes = residentMegabytes(pid);
            const command = commandLine({ pid, parent: 0, started: "" });
            const kind = KINDS.find(([, pattern]) => pattern.test(command))?.[0] ?? "other";
            peaks[kind] = Math.max(peaks[kind] ?? 0, megabytes);
            all += megabytes;
        }
        peaks.all = Math.max(peaks.all ?? 0, all);
    };
    const timer = setInterval(sample, SAMPLE_MS);
    return {
        stop: () => {
            clearInterval(timer);
            return Object.fromEntries(Object.entries(peaks).map(([kind, peak]) => [kind, Math.round(peak)]));
        },
    };
}

function residentMegabytes(pid: number): number {
    try {
        return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
    } catch {
        return 0; // it has ended meanwhile
    }
}
