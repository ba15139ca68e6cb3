/** A child process. Its output is kept and can be watched by line; it ends with this process at the latest. */
import { spawn, type ChildProcess } from "node:child_process";
import { EventEmitter, on } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { atExit } from "./cleanup.js";
import { descendants, signal, stillRunning, type ProcessEntry } from "./processTree.js";

/** Options of a child process. */
export interface ChildOptions {
    cwd?: string | undefined;
    /** The complete environment; default the environment of this process. */
    env?: NodeJS.ProcessEnv;
    /** Milliseconds after which the child and its descendants are killed; default no limit. */
    timeoutMs?: number;
    /** Called with each complete line of stdout or stderr, colours removed. */
    onLine?: ((line: string) => void) | undefined;
}

/** The end of a child process. */
export interface ChildResult {
    /** Exit code; `null` if a signal ended the child. */
    exitCode: number | null;
    signal: NodeJS.Signals | null;
    timedOut: boolean;
    stdout: string;
    stderr: string;
    /** Both, in the order in which their lines came. */
    output: string;
}

/** A running child. */
export class Child {
    stdout = "";
    stderr = "";
    output = "";
    readonly pid: number;
    /** Settles when the child has ended and its output is complete; rejects only if it could not be started. */
    readonly done: Promise<ChildResult>;
    readonly #command: string;
    readonly #process: ChildProcess;
    readonly #lines = new EventEmitter<{ line: [string] }>();
    #known: ProcessEntry[] = [];

    constructor(command: string, args: readonly string[], options: ChildOptions = {}) {
        this.#command = [command, ...args].join(" ");
        // The child has its own process group, so that Ctrl-C does not reach it before atExit has listed its descendants.
        this.#process = spawn(command, args, {
            detached: true,
            stdio: ["ignore", "pipe", "pipe"],
            cwd: options.cwd,
            env: options.env ?? process.env,
        });
        this.pid = this.#process.pid ?? -1;
        if (options.onLine !== undefined) this.#lines.on("line", options.onLine);
        this.#collect("stdout", this.#process.stdout);
        this.#collect("stderr", this.#process.stderr);
        this.done = this.#finish(options.timeoutMs);
        this.done.catch(() => undefined); // a caller that does not await `done` causes no unhandled rejection
    }

    /** Whether the child itself has not ended yet. */
    get running(): boolean {
        return this.pid > 0 && this.#process.exitCode === null && this.#process.signalCode === null;
    }

    /** Processes that the child started, as far as they are known and still run. */
    descendants(): ProcessEntry[] {
        this.#note();
        return stillRunning(this.#known);
    }

    /** Closes the pipes that the child prints to. */
    closeOutput(): void {
        this.#process.stdout?.destroy();
        this.#process.stderr?.destroy();
    }

    /** Sends a signal to the child alone, as `kill` does; what it started lives on until {@link killTree}. */
    kill(name: NodeJS.Signals = "SIGTERM"): void {
        this.#note();
        if (this.running) signal(this.pid, name);
    }

    /** Kills the child and everything it started, also what it left behind. */
    killTree(): void {
        const rest = this.descendants();
        this.kill("SIGKILL");
        for (const entry of rest) signal(entry.pid, "SIGKILL");
    }

    /** {@link killTree}, and waits until all of them are gone. */
    async end(): Promise<void> {
        const rest = this.descendants();
        this.killTree();
        await this.done.catch(() => undefined); // what could not be started is gone as well
        while (stillRunning(rest).length > 0) await pause(10);
    }

    /**
     * Waits for a line of output; lines that came before count too.
     *
     * @param timeoutMs - 60 s by default
     */
    async waitForLine(pattern: RegExp, timeoutMs = 60_000): Promise<string> {
        const earlier = this.output.split("\n").find((line) => pattern.test(line));
        if (earlier !== undefined) return earlier;
        const stop = new AbortController();
        const fail = (why: string) => (): void => {
            stop.abort(why);
        };
        const timer = setTimeout(fail(`none came within ${timeoutMs} ms`), timeoutMs);
        this.done.then(fail("it ended before"), fail("it ended before"));
        try {
            const lines = on(this.#lines, "line", { signal: stop.signal }) as AsyncIterable<[string]>;
            for await (const [line] of lines) if (pattern.test(line)) return line;
        } catch {
            // Stopped: the reason is below.
        } finally {
            clearTimeout(timer);
        }
        const what = `Waiting for a line like ${String(pattern)} of "${this.#command}"`;
        throw new Error(`${what}: ${String(stop.signal.reason)}. It printed:\n${this.output}`);
    }

    #note(): void {
        if (!this.running) return;
        const now = descendants(this.pid);
        const pids = new Set(now.map((entry) => entry.pid));
        this.#known = [...this.#known.filter((entry) => !pids.has(entry.pid)), ...now];
    }

    #collect(name: "stdout" | "stderr", stream: Readable | null): void {
        if (stream === null) return;
        createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
            const plain = stripVTControlCharacters(line);
            this[name] += `${plain}\n`;
            this.output += `${plain}\n`;
            this.#lines.emit("line", plain);
        });
    }

    #finish(timeoutMs: number | undefined): Promise<ChildResult> {
        const forget = atExit(() => {
            this.killTree();
        });
        return new Promise((resolve, reject) => {
            let timedOut = false;
            const kill = (): void => {
                timedOut = true;
                this.killTree();
            };
            const timer = timeoutMs === undefined ? undefined : setTimeout(kill, timeoutMs);
            this.#process.once("error", (cause) => {
                clearTimeout(timer);
                forget();
                reject(new Error(`Starting "${this.#command}" failed: ${cause.message}.`, { cause }));
            });
            const end = (exitCode: number | null, by: NodeJS.Signals | null): void => {
                clearTimeout(timer);
                if (stillRunning(this.#known).length === 0) forget();
                const { stdout, stderr, output } = this;
                resolve({ exitCode, signal: by, timedOut, stdout, stderr, output });
            };
            this.#process.once("close", end);
        });
    }
}

/** Runs a command that must succeed. */
export async function execute(...given: Parameters<typeof run>): Promise<ChildResult> {
    const result = await run(...given);
    if (result.exitCode === 0) return result;
    const [command, args] = given;
    const how = result.timedOut ? "took too long" : `ended with code ${String(result.exitCode)}`;
    throw new Error(`"${[command, ...args].join(" ")}" ${how}. It printed:\n${result.output.trim()}`);
}

/** Runs a command to its end. A non-zero exit code is a result, not an error. */
export function run(
    command: string,
    args: readonly string[],
    options: ChildOptions = {},
): Promise<ChildResult> {
    return new Child(command, args, options).done;
}
