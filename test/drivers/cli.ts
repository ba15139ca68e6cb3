/** Plays the contract with the real CLI. Preview is a separate command, so `up` runs without a preview. */
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MovedClock } from "../engine/movedClock.js";
import type { Events, Step } from "../engine/events.js";
import { newStack, type Stack, type Verb } from "../engine/stack.js";
import { nameOf, type StateResource } from "../engine/state.js";
import type { Simulator } from "../../simulator/index.js";
import { DYNAMIC } from "./doors.js";
import {
    runOf,
    SETTLE_SECONDS,
    SHOP,
    type Done,
    type Outputs,
    type Props,
    type Recorded,
    type Run,
    type RunOptions,
    type StackDriver,
} from "./driver.js";
import { checkRun, checkState } from "./invariants.js";

/** A pool of stacks. Scenarios share them, because a stack takes long to make; each scenario gets an empty stack. */
export class CliPool {
    readonly #free: PooledStack[] = [];
    readonly #all: PooledStack[] = [];

    /** Takes an empty stack from the pool; the scenario must return it. */
    async take(): Promise<PooledStack> {
        const pooled = this.#free.pop() ?? (await PooledStack.open());
        if (!this.#all.includes(pooled)) this.#all.push(pooled);
        pooled.clear();
        return pooled;
    }

    giveBack(pooled: PooledStack): void {
        this.#free.push(pooled);
    }

    async close(): Promise<void> {
        await Promise.all(this.#all.map((pooled) => pooled.close()));
    }
}

/** A stack of the CLI, and the clock of its processes. */
export class PooledStack {
    private constructor(
        readonly stack: Stack,
        readonly clock: MovedClock,
    ) {}

    static async open(): Promise<PooledStack> {
        const clock = new MovedClock();
        const program = { files: { "index.js": "" } };
        return new PooledStack(await newStack({ program, projectName: "project", env: clock.env }), clock);
    }

    /** The file of the calls that the engine makes to providers. */
    get log(): string {
        return join(this.stack.folder, "calls.json");
    }

    /** Removes all resources without a request to DigiCert, and the lock of a killed command. */
    clear(): void {
        rmSync(join(this.stack.folder, ".pulumi", "locks"), { recursive: true, force: true });
        this.stack.change(() => []);
    }

    async close(): Promise<void> {
        await this.stack.dispose();
        this.clock.dispose();
    }
}

/** A stack whose program the CLI runs. */
export class CliStack implements StackDriver {
    readonly door = DYNAMIC;
    /** The engine's calls to the provider, by command. */
    readonly calls: string[][] = [];

    constructor(
        private readonly pooled: PooledStack,
        private readonly simulator: Simulator,
    ) {}

    get state(): Outputs {
        const recorded = this.resource();
        if (!recorded) throw new Error("the stack has no resource");
        return recorded.outputs;
    }

    resource(name = SHOP): Recorded | undefined {
        const found = this.#resources().find(({ urn }) => urn.endsWith(`::${name}`));
        return found && recordedOf(found);
    }

    restore(recorded: Recorded | undefined): Promise<void> {
        this.pooled.stack.change((resources) => {
            if (!recorded) return [];
            return resources.map((one) => {
                if (!one.urn.endsWith(`::${SHOP}`)) return one;
                const { __provider } = one.inputs;
                const { inputs, outputs, initErrors } = recorded;
                const kept = { inputs: { ...inputs, __provider }, outputs: { ...outputs, __provider } };
                return { ...one, ...kept, initErrors: [...initErrors] };
            });
        });
        return Promise.resolve();
    }

    preview(args: Props | undefined, options: RunOptions = {}): Promise<Run> {
        this.write(programOf(args, options));
        return this.run("preview", options);
    }

    up(args: Props | undefined, options: RunOptions = {}): Promise<Run> {
        this.write(programOf(args, options));
        return this.run("up", options);
    }

    refresh(options: RunOptions = {}): Promise<Run> {
        return this.run("refresh", options);
    }

    destroy(options: RunOptions = {}): Promise<Run> {
        return this.run("destroy", options);
    }

    async get(id: string): Promise<Recorded> {
        this.write(`DigiCertReissue.get("read", ${JSON.stringify(id)})`);
        const run = await this.run("up", {});
        assert.equal(run.failure, undefined);
        const read = this.resource("read");
        assert.ok(read);
        return read;
    }

    /** Further statements of the program, which only this driver can run. */
    write(statements: string): void {
        const names = "DigiCertProvider, DigiCertReissue";
        this.pooled.stack.write({
            "index.js": `const pulumi = require("@pulumi/pulumi");\nconst { ${names} } = require("pulumi-digicert");\n${statements}`,
        });
    }

    /** Runs a command with the last program; `args` are further arguments, such as `--target`. */
    async run(
        verb: Verb,
        { env = {}, config = {}, args = [] }: RunOptions & { readonly args?: readonly string[] },
    ): Promise<Run> {
        const { stack, clock, log } = this.pooled;
        const before = this.simulator.requests.length;
        const inputsBefore = this.#inputs();
        writeFileSync(log, "");
        clock.set(this.simulator.now());
        const { exitCode, output, steps, diagnostics } = await stack.operate(verb, {
            args,
            env: {
                DIGICERT_API_KEY: config["digicert:apiKey"] ?? this.simulator.apiKey,
                DIGICERT_BASE_URL: this.simulator.baseUrl,
                DIGICERT_POLL_SECONDS: "0.05",
                DIGICERT_SETTLE_SECONDS: String(SETTLE_SECONDS),
                PULUMI_DEBUG_GRPC: log,
                ...env,
            },
        });
        this.calls.push(readCalls(log));
        const lines = linesOf(diagnostics, (severity) => severity !== "error");
        const errors = linesOf(diagnostics, (severity) => severity === "error");
        const failures = exitCode === 0 ? [] : errors.length > 0 ? errors : [output];
        const done =
            verb === "refresh"
                ? this.#drift(inputsBefore, failures.length > 0)
                : doneBy(steps, failures.length > 0);
        const recorded = this.simulator.requests.slice(before);
        if (verb === "preview") assert.deepEqual(recorded, [], "a preview makes no request");
        checkState(this.#resources().map(recordedOf), this.simulator.apiKey);
        assert.ok(!stack.stateText().includes(this.simulator.apiKey), "the API key in the state");
        return checkRun(runOf(done, failures, lines, lines, recorded), this.simulator.apiKey);
    }

    #drift(before: Readonly<Record<string, string>>, hasFailed: boolean): Record<string, Done> {
        const now = this.#inputs();
        return Object.fromEntries(
            Object.keys(before).map((name) => [
                name,
                hasFailed ? "refused" : now[name] === before[name] ? "nothing" : "update",
            ]),
        );
    }

    #inputs(): Record<string, string> {
        const entries = this.#resources().map((one) => [nameOf(one.urn), JSON.stringify(one.inputs)]);
        return Object.fromEntries(entries) as Record<string, string>;
    }

    #resources(): StateResource[] {
        const { resources = [] } = this.pooled.stack.saved().deployment;
        return resources.filter(
            ({ type, delete: isCondemned }) => type.endsWith("digicert:Reissue") && isCondemned !== true,
        );
    }
}

function recordedOf({ id = "", inputs, outputs, initErrors = [] }: StateResource): Recorded {
    const plain = (props: Readonly<Props> = {}): Props =>
        Object.fromEntries(Object.entries(props).filter(([name]) => name !== "__provider"));
    return { id, inputs: plain(inputs), outputs: plain(outputs) as Outputs, initErrors };
}

/** Removes the identity, which the SDK adds itself and refuses as an argument. */
function programOf(args: Props | undefined, { others = {} }: RunOptions): string {
    return Object.entries({ ...(args && { [SHOP]: args }), ...others })
        .map(([name, one]) => `new DigiCertReissue(${JSON.stringify(name)}, ${JSON.stringify(one)});`)
        .join("\n");
}

/** The outcome of a resource. In a failed run, a resource without a step was refused by `check` or `diff`. */
function doneBy(steps: readonly Step[], hasFailed: boolean): Record<string, Done> {
    const words: Record<string, Done> = {
        "create-replacement": "replace",
        replace: "replace",
        "delete-replaced": "replace",
        create: "create",
        update: "update",
        delete: "delete",
        same: "nothing",
    };
    const done: Record<string, Done> = {};
    for (const { type, name, op } of steps) {
        const did = words[op];
        if (type.endsWith("digicert:Reissue") && did) done[name] ??= did;
    }
    return SHOP in done || !hasFailed ? done : { ...done, [SHOP]: "refused" };
}

/** The lines that a person reads, without debug lines. */
function linesOf(diagnostics: Events["diagnostics"], isWanted: (severity: string) => boolean): string[] {
    const shown = diagnostics.filter(({ severity }) => severity !== "debug" && isWanted(severity));
    return shown.flatMap(({ message }) => message.split("\n").filter((line) => line.trim() !== ""));
}

interface LoggedCall {
    readonly method: string;
    readonly request?: { readonly urn?: string };
    readonly metadata?: { readonly mode?: string };
    readonly progress?: string;
}

/** Lists the calls about `DigiCertReissue` resources, in their order; the log has a line for the beginning and the end of each. */
function readCalls(file: string): string[] {
    return readFileSync(file, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as LoggedCall)
        .filter(
            ({ progress, request }) =>
                progress === "request_started" && request?.urn?.includes("digicert:Reissue"),
        )
        .map(({ method }) => method.slice(method.lastIndexOf("/") + 1));
}
