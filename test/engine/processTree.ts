/** Finds the descendants of a process: a killed CLI leaves its provider host running, in another process group. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A running process; `started` distinguishes it from a later process with the same id. */
export interface ProcessEntry {
    pid: number;
    parent: number;
    started: string;
}

/** Every descendant of a process, children first. The process itself is not among them. */
export function descendants(pid: number): ProcessEntry[] {
    const all = listProcesses();
    const found: ProcessEntry[] = [];
    const parents = [pid];
    for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
        const children = all.filter((entry) => entry.parent === parent);
        found.push(...children);
        parents.push(...children.map((entry) => entry.pid));
    }
    return found;
}

/** Returns those of the given processes that still run. */
export function stillRunning(entries: readonly ProcessEntry[]): ProcessEntry[] {
    if (entries.length === 0) return [];
    const started = new Map(listProcesses().map((entry) => [entry.pid, entry.started]));
    return entries.filter((entry) => started.get(entry.pid) === entry.started);
}

/** The command line of a process; empty if the process has ended. */
export function commandLine({ pid }: ProcessEntry): string {
    try {
        if (process.platform === "linux") {
            return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        }
        return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).trim();
    } catch {
        return "";
    }
}

/** Sends a signal; it is no error if the process has ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
    try {
        process.kill(pid, name);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}

function listProcesses(): ProcessEntry[] {
    return process.platform === "linux" ? fromProc() : fromPs();
}

/** Reads /proc, because slim containers have no `ps`. */
function fromProc(): ProcessEntry[] {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return pids.flatMap((pid) => procEntry(Number(pid)) ?? []);
}

function procEntry(pid: number): ProcessEntry | undefined {
    let text: string;
    try {
        text = readFileSync(`/proc/${pid}/stat`, "utf8");
    } catch {
        return undefined; // ended between the listing and now
    }
    // The second field is the command in parentheses and may contain anything, so count from its end.
    const [state, parent, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    if (state === "Z") return undefined;
    return { pid, parent: Number(parent), started: rest[17] ?? "" };
}

function fromPs(): ProcessEntry[] {
    const text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,lstart="], { encoding: "utf8" });
    return text.split("\n").flatMap((line) => {
        const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
        if (match === null || match[3]?.startsWith("Z") === true) return [];
        return [{ pid: Number(match[1]), parent: Number(match[2]), started: match[4] ?? "" }];
    });
}
