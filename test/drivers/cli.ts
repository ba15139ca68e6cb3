/** Plays the contract with the real CLI. Preview is a separate command, so `up` runs without a preview. */
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "../engine/events.js";
import { MovedClock } from "../engine/movedClock.js";
import { newStack, type Stack, type Verb } from "../engine/stack.js";
import { nameOf, type StateResource } from "../engine/state.js";
import type { Simulator } from "../../simulator/index.js";
import {
    programOf,
    runOf,
    SETTLE_SECONDS,
    SHOP,
    StackDriver,
    type Done,
    type Outputs,
    type Props,
    type Recorded,
    type Run,
    type RunOptions,
} from "./driver.js";
import { checkRun, checkState } from "./invariants.js";

/** A stack of the CLI, and the clock of its processes. */
export interface PooledStack {
    readonly stack: Stack;
    readonly clock: MovedClock;
}

/** A pool of stacks. Scenarios share them, because a stack takes long to make; each scenario gets an empty stack. */
export class CliPool {
    readonly #free: PooledStack[] = [];
    readonly #all: PooledStack[] = [];

    /** Takes a stack, without resources and without the lock of a killed command; the scenario must return it. */
    async take(): Promise<PooledStack> {
        const pooled = this.#free.pop() ?? (await this.#open());
        rmSync(join(pooled.stack.folder, ".pulumi", "locks"), { recursive: true, force: true });
        pooled.stack.change(() => []);
        return pooled;
    }

    giveBack(pooled: PooledStack): void {
        this.#free.push(pooled);
    }

    async close(): Promise<void> {
        await Promise.all(this.#all.map(({ stack }) => stack.dispose()));
        for (const { clock } of this.#all) clock.dispose();
    }

    async #open(): Promise<PooledStack> {
        const clock = new MovedClock();
        const program = { files: { "index.js": "" } };
        const stack = await newStack({ program, projectName: "project", env: clock.env });
        this.#all.push({ stack, clock });
        return { stack, clock };
    }
}

/** A stack whose program the CLI runs. */
export class CliStack extends StackDriver {
    readonly isPlugin = false;

    constructor(
        private readonly pooled: PooledStack,
        private readonly simulator: Simulator,
    ) {
        super();
    }

    resource(name = SHOP): Recorded | undefined {
        const found = this.#resources().find(({ urn }) => nameOf(urn) === name);
        return found && recordedOf(found);
    }

    restore(): Promise<void> {
        return Promise.reject(new Error("no scenario with the CLI restores a state"));
    }

    preview(args: Props | undefined, options: RunOptions = {}): Promise<Run> {
        this.write(textOf(args, options));
        return this.run("preview", options);
    }

    up(args: Props | undefined, options: RunOptions = {}): Promise<Run> {
        this.write(textOf(args, options));
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

    /** Writes the statements of a program, which only this driver can run. */
    write(statements: string): void {
        const text = `const pulumi = require("@pulumi/pulumi");
            const { DigiCertProvider, DigiCertReissue } = require("pulumi-digicert");
            ${statements}`;
        this.pooled.stack.write({ "index.js": text });
    }

    /** Runs a command with the last program; `args` are further arguments, such as `--target`. */
    async run(
        verb: Verb,
        { env = {}, config = {}, args = [] }: RunOptions & { readonly args?: readonly string[] },
    ): Promise<Run> {
        const { simulator } = this;
        const { stack, clock } = this.pooled;
        const start = simulator.requests.length;
        const inputs = this.#inputs();
        const log = join(stack.folder, "calls.json");
        writeFileSync(log, "");
        clock.set(simulator.now());
        const { exitCode, output, steps, diagnostics } = await stack.operate(verb, {
            args,
            env: {
                DIGICERT_API_KEY: config["digicert:apiKey"] ?? simulator.apiKey,
                DIGICERT_BASE_URL: simulator.baseUrl,
                DIGICERT_POLL_SECONDS: "0.05",
                DIGICERT_SETTLE_SECONDS: String(SETTLE_SECONDS),
                PULUMI_DEBUG_GRPC: log,
                ...env,
            },
        });
        this.calls.push(readCalls(log));
        const shown = diagnostics.filter(({ severity }) => severity !== "debug");
        const linesOf = (isError: boolean) =>
            shown
                .filter(({ severity }) => (severity === "error") === isError)
                .flatMap(({ message }) => message.split("\n").filter((line) => line.trim() !== ""));
        const [lines, errors] = [linesOf(false), linesOf(true)];
        const failures = exitCode === 0 ? [] : errors.length > 0 ? errors : [output];
        const hasFailed = failures.length > 0;
        const done =
            verb === "refresh" ? driftOf(inputs, this.#inputs(), hasFailed) : doneBy(steps, hasFailed);
        const recorded = simulator.requests.slice(start);
        if (verb === "preview") assert.deepEqual(recorded, [], "a preview makes no request");
        checkState(this.#resources().map(recordedOf), simulator.apiKey);
        assert.ok(!stack.stateText().includes(simulator.apiKey), "the API key in the state");
        return checkRun(runOf(done, failures, lines, lines, recorded), simulator.apiKey);
    }

    #inputs(): Map<string, string> {
        return new Map(this.#resources().map(({ urn, inputs }) => [nameOf(urn), JSON.stringify(inputs)]));
    }

    #resources(): StateResource[] {
        const { resources = [] } = this.pooled.stack.saved().deployment;
        return resources.filter(
            ({ type, delete: isCondemned }) => type.endsWith("digicert:Reissue") && isCondemned !== true,
        );
    }
}

function recordedOf({ id = "", inputs, outputs, initErrors = [] }: StateResource): Recorded {
    const plain = (props: Props) =>
        Object.fromEntries(Object.entries(props).filter(([name]) => name !== "__provider"));
    return { id, inputs: plain(inputs), outputs: plain(outputs) as Outputs, initErrors };
}

/** The text of the program. */
function textOf(args: Props | undefined, options: RunOptions): string {
    return Object.entries(programOf(args, options))
        .map(([name, one]) => `new DigiCertReissue(${JSON.stringify(name)}, ${JSON.stringify(one)});`)
        .join("\n");
}

type Inputs = ReadonlyMap<string, string>;

/** The outcomes of a refresh: the resources whose inputs differ now. */
function driftOf(before: Inputs, after: Inputs, hasFailed: boolean): Record<string, Done> {
    const changed = (name: string) => (before.get(name) === after.get(name) ? "nothing" : "update");
    return Object.fromEntries(
        [...before.keys()].map((name) => [name, hasFailed ? "refused" : changed(name)]),
    );
}

const OUTCOMES: Readonly<Record<string, Done>> = {
    "create-replacement": "replace",
    replace: "replace",
    "delete-replaced": "replace",
    create: "create",
    update: "update",
    delete: "delete",
    same: "nothing",
};

/** The outcomes of the resources. In a failed run, a resource without a step was refused by `check` or `diff`. */
function doneBy(steps: readonly Step[], hasFailed: boolean): Record<string, Done> {
    const done: Record<string, Done> = {};
    for (const { type, name, op } of steps) {
        const did = OUTCOMES[op];
        if (type.endsWith("digicert:Reissue") && did) done[name] ??= did;
    }
    return SHOP in done || !hasFailed ? done : { ...done, [SHOP]: "refused" };
}

/** Lists the calls about `DigiCertReissue` resources, in their order; the log has a line for the beginning and the end of each. */
function readCalls(file: string): string[] {
    const entries = readFileSync(file, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { method: string; request?: { urn?: string }; progress?: string });
    return entries
        .filter(
            ({ progress, request }) =>
                progress === "request_started" && request?.urn?.includes("digicert:Reissue"),
        )
        .map(({ method }) => method.slice(method.lastIndexOf("/") + 1));
}
