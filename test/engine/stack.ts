/** A temporary stack for the real CLI, with its state in a temporary folder. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { Child, type ChildOptions, type ChildResult } from "./child.js";
import { cleanEnvironment } from "./environment.js";
import { type Events, readEvents } from "./events.js";
import { removeFolder, temporaryFolder } from "./folders.js";
import { type Layout, programFolder } from "./layout.js";
import { type Files, type Program, writeFiles, writeProgram } from "./program.js";
import { findCli } from "./lookup.js";
import { type ExportedState, findResource, type StateResource } from "./state.js";

/** Values of stack config; the keys have a namespace, as in `digicert:apiKey`. */
export type StackConfig = Readonly<Record<string, string | { secret: string }>>;

/** Options of {@link newStack}. */
export interface StackOptions {
    program: Program;
    /** Name of the project of a program without `Pulumi.yaml`; default `test`. */
    projectName?: string;
    /** Name of the stack; default `dev`. */
    stackName?: string;
    config?: StackConfig;
    /** Further environment variables; those of DigiCert, Pulumi and proxies are not copied from this process. */
    env?: Readonly<Record<string, string>>;
    /** Layout of the packages; default `symlink`. The first `installed` stack of a process takes about 10 s longer. */
    layout?: Layout;
}

/** Options of one command. */
export interface RunOptions {
    args?: readonly string[];
    env?: Readonly<Record<string, string>>;
    /** Whether the run must fail; default `false`. A run with the other result rejects. */
    expectFailure?: boolean;
    /** Time limit, default 120 s; after it everything is killed and the run rejects. */
    timeoutMs?: number;
    onLine?: (line: string) => void;
}

/** An operation of the CLI. */
export type Verb = "up" | "preview" | "refresh" | "destroy";

/** The end of a command, and the steps of the engine. */
export type RunResult = ChildResult & Events;

const defaultLimitMs = 120_000;

/** Makes a program folder, a backend and an empty stack. The caller must call {@link Stack.dispose}. */
export async function newStack(options: StackOptions): Promise<Stack> {
    const cli = await findCli();
    if (cli === undefined) {
        throw new Error(`Making a stack: there is no Pulumi CLI. Run "npm run engine" first.`);
    }
    const program = await programFolder(options.layout ?? "symlink");
    const project = writeProgram(program, options.program, options.projectName);
    const stack = new Stack(cli.bin, program, project, options.stackName ?? "dev", options.env ?? {});
    try {
        await stack.run(["stack", "init", stack.name]);
        await stack.setConfig(options.config ?? {});
    } catch (error) {
        await stack.dispose();
        throw error;
    }
    return stack;
}

/** A stack; made by {@link newStack}. */
export class Stack {
    readonly #children = new Set<Child>();
    /** The folder of backend, logs and Pulumi's home of this stack. */
    readonly folder = temporaryFolder("stack");
    /** The environment of each command, for other processes that use the same stack. */
    readonly env: Readonly<Record<string, string>>;
    #runs = 0;

    /** @internal */
    constructor(
        /** The CLI in use. */
        readonly bin: string,
        /** The folder that the program runs in. */
        readonly program: string,
        readonly project: string,
        readonly name: string,
        env: Readonly<Record<string, string>>,
    ) {
        this.env = cleanEnvironment({
            PATH: [dirname(bin), process.env.PATH ?? ""].join(delimiter),
            PULUMI_HOME: join(this.folder, "home"),
            PULUMI_BACKEND_URL: `file://${this.folder}`,
            PULUMI_CONFIG_PASSPHRASE: "test",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_DISABLE_CI_DETECTION: "true",
            // Go collects garbage less often: the commands are short.
            GOGC: "400",
            // Lets the CLI accept --event-log.
            PULUMI_DEBUG_COMMANDS: "true",
            ...env,
        });
    }

    up(options: RunOptions = {}): Promise<RunResult> {
        return this.#judged("up", options);
    }

    preview(options: RunOptions = {}): Promise<RunResult> {
        return this.#judged("preview", options);
    }

    refresh(options: RunOptions = {}): Promise<RunResult> {
        return this.#judged("refresh", options);
    }

    destroy(options: RunOptions = {}): Promise<RunResult> {
        return this.#judged("destroy", options);
    }

    /** Runs an operation that may fail: the result is not judged. */
    async operate(verb: Verb, options: RunOptions = {}): Promise<RunResult> {
        this.#runs += 1;
        const log = join(this.folder, `events-${this.#runs}.json`);
        const yes = verb === "preview" ? [] : ["--yes"];
        const skip = verb === "preview" ? [] : ["--skip-preview"];
        const args = [verb, ...yes, ...skip, "--event-log", log, ...(options.args ?? [])];
        return { ...(await this.spawn(args, options).done), ...readEvents(log) };
    }

    /** Runs any other command, such as `["stack", "rm"]`. */
    async run(args: readonly string[], options: RunOptions = {}): Promise<ChildResult> {
        const result = await this.spawn(args, options).done;
        this.#judge(args, result, options);
        return result;
    }

    /**
     * Starts an operation, for tests that interfere with it: `["up", "--yes"]`.
     *
     * @returns the CLI's process; `stack.dispose()` ends its remaining processes
     */
    spawn(args: readonly string[], options: RunOptions = {}): Child {
        const settings: ChildOptions = {
            cwd: this.program,
            env: { ...this.env, ...options.env },
            timeoutMs: options.timeoutMs ?? defaultLimitMs,
            onLine: options.onLine,
        };
        const child = new Child(this.bin, [...args, "--non-interactive", "--color", "never"], settings);
        this.#children.add(child);
        return child;
    }

    /** The state in the backend's file. */
    stateText(): string {
        return readFileSync(this.#stateFile, "utf8");
    }

    /** Changes the resources in the backend's file, as `pulumi stack import` does. */
    change(edit: (resources: StateResource[]) => StateResource[]): void {
        const saved = JSON.parse(this.stateText()) as {
            checkpoint: { latest?: { resources?: StateResource[] } | null };
        };
        const { latest } = saved.checkpoint;
        if (latest) latest.resources = edit(latest.resources ?? []);
        writeFileSync(this.#stateFile, JSON.stringify(saved));
    }

    /** What `pulumi stack export` prints, read without the CLI: also while an operation runs, or after it was killed. */
    saved(): ExportedState {
        const { version, checkpoint } = JSON.parse(this.stateText()) as {
            version: number;
            checkpoint: { latest?: ExportedState["deployment"] | null };
        };
        return { version, deployment: checkpoint.latest ?? {} };
    }

    /** Lock files of this stack; a killed engine leaves one. */
    locks(): string[] {
        const folder = join(this.folder, ".pulumi", "locks", "organization", this.project, this.name);
        const files = existsSync(folder) ? readdirSync(folder) : [];
        // Beside each lock the backend may keep a file with its attributes.
        return files.filter((name) => name.endsWith(".json"));
    }

    /** The program's outputs; secret outputs are in clear. */
    async outputs(): Promise<Record<string, unknown>> {
        const { stdout } = await this.run(["stack", "output", "--json", "--show-secrets"]);
        return JSON.parse(stdout) as Record<string, unknown>;
    }

    /** One resource of the state, by its name or by the end of its type; secrets stay encrypted. */
    resource(wanted: string): StateResource {
        return findResource(this.saved(), wanted);
    }

    /** Adds or replaces files of the program. */
    write(files: Files): void {
        writeFiles(this.program, files);
    }

    async setConfig(config: StackConfig): Promise<void> {
        const args = Object.entries(config).flatMap(([key, value]) =>
            typeof value === "string"
                ? ["--plaintext", `${key}=${value}`]
                : ["--secret", `${key}=${value.secret}`],
        );
        if (args.length > 0) await this.run(["config", "set-all", ...args]);
    }

    /** Ends all running processes, also the provider hosts of killed engines, and removes all folders. */
    async dispose(): Promise<void> {
        await Promise.all([...this.#children].map((child) => child.end()));
        removeFolder(this.program);
        removeFolder(this.folder);
    }

    get #stateFile(): string {
        return join(this.folder, ".pulumi", "stacks", this.project, `${this.name}.json`);
    }

    async #judged(verb: Verb, options: RunOptions): Promise<RunResult> {
        const result = await this.operate(verb, options);
        this.#judge([verb, ...(options.args ?? [])], result, options);
        return result;
    }

    #judge(
        args: readonly string[],
        result: ChildResult,
        { expectFailure = false, timeoutMs }: RunOptions,
    ): void {
        if (!result.timedOut && (result.exitCode !== 0) === expectFailure) return;
        const how = result.timedOut
            ? `it was killed after ${(timeoutMs ?? defaultLimitMs) / 1000} s`
            : expectFailure
              ? "it was to fail, but did not"
              : `it ended with code ${String(result.exitCode)}`;
        const command = `Running "pulumi ${args.join(" ")}" on stack ${this.project}/${this.name}`;
        throw new Error(`${command}: ${how}. It printed:\n${result.output}`);
    }
}
