/** A stack on the imitated engine; for each command the provider is opened again, like a new process. */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { ImitatedEngine, type ProviderCalls, type Step } from "../engine/imitation.js";
import { wrapMethods } from "../fixtures/methods.js";
import type { RecordedRequest, Simulator } from "../../simulator/index.js";
import {
    programOf,
    runOf,
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

/** A line that a provider prints. */
export interface Line {
    readonly text: string;
    /** The name of the resource that it is about, which the plugin tells. */
    readonly resource?: string | undefined;
}

/** The provider in one command. */
export interface OpenedProvider {
    readonly calls: ProviderCalls;
    /** The same provider, for validations. */
    readonly validation?: ProviderCalls;
    /** Returns the lines that were printed since the last call. */
    lines(): readonly Line[] | Promise<readonly Line[]>;
    close(): void;
}

/** The result of a part of a command. */
interface Part {
    readonly steps: readonly Step[];
    readonly lines: readonly string[];
    readonly recorded: readonly RecordedRequest[];
}

type PartOf = (step: (provider: ProviderCalls) => Promise<Step[]>) => Promise<Part>;

/** A stack on any provider but the real CLI's; the stacks differ in how a provider is opened. */
export class ImitatedStack extends StackDriver {
    readonly #engine = new ImitatedEngine();

    constructor(
        private readonly simulator: Simulator,
        readonly isPlugin: boolean,
        private readonly open: (options: RunOptions) => OpenedProvider | Promise<OpenedProvider>,
    ) {
        super();
    }

    resource(name = SHOP): Recorded | undefined {
        return this.#engine.resources.get(name) as Recorded | undefined;
    }

    restore(recorded: Recorded | undefined): Promise<void> {
        if (recorded) this.#engine.resources.set(SHOP, recorded);
        else this.#engine.resources.clear();
        return Promise.resolve();
    }

    preview(args: Props | undefined, options: RunOptions = {}): Promise<Run> {
        return this.#command(options, async (part) => tell(await this.#preview(part, args, options)));
    }

    up(args: Props | undefined, options: RunOptions = {}): Promise<Run> {
        return this.#command(options, async (part) => {
            const preview = await this.#preview(part, args, options);
            if (preview.steps.some(({ failure }) => failure !== undefined)) return tell(preview);
            this.calls.at(-1)?.splice(0); // only the calls of the update are recorded, as in an `up --skip-preview`
            const program = withIdentity(programOf(args, options));
            const update = await part(async (provider) =>
                this.#engine.carryOut(provider, await this.#engine.plan(provider, program)),
            );
            const run = tell(update, preview.lines);
            const [shown, done] = [didOf(preview.steps), didOf(update.steps)];
            if (run.failure === undefined) assert.deepEqual(done, shown, "what preview shows is done");
            return run;
        });
    }

    refresh(options: RunOptions = {}): Promise<Run> {
        return this.#command(options, async (part) => {
            const before = new Map([...this.#engine.resources].map(([name, { inputs }]) => [name, inputs]));
            const refreshed = tell(
                await part(async (provider): Promise<Step[]> => {
                    const failure = await this.#engine.refresh(provider).then(
                        () => undefined,
                        (error: unknown) => (error as Error).message,
                    );
                    return [...before].map(([name, inputs]) => {
                        if (failure !== undefined) return { name, did: "refused", inputs, failure };
                        const isSame = isDeepStrictEqual(inputs, this.#engine.resources.get(name)?.inputs);
                        return { name, did: isSame ? "nothing" : "update", inputs };
                    });
                }),
            );
            assert.deepEqual(refreshed.changing, [], "a refresh only reads");
            return refreshed;
        });
    }

    destroy(options: RunOptions = {}): Promise<Run> {
        return this.#command(options, async (part) =>
            tell(await part((provider) => this.#engine.destroy(provider))),
        );
    }

    async get(id: string): Promise<Pick<Recorded, "inputs" | "outputs">> {
        const provider = await this.open({});
        try {
            const { inputs = {}, props = {} } = await provider.calls.read(id, {});
            return { inputs, outputs: props as Outputs };
        } finally {
            provider.close();
        }
    }

    async #preview(part: PartOf, args: Props | undefined, options: RunOptions): Promise<Part> {
        const program = withIdentity(programOf(args, options));
        const preview = await part((provider) => this.#engine.preview(provider, program));
        assert.deepEqual(preview.recorded, [], "a preview makes no request");
        return preview;
    }

    async #command(options: RunOptions, work: (part: PartOf) => Promise<Run>): Promise<Run> {
        const provider = await this.open(options);
        const calls: string[] = [];
        this.calls.push(calls);
        const noted = wrapMethods(provider.calls, (call, name) => (...args) => {
            calls.push(name.charAt(0).toUpperCase() + name.slice(1));
            return call(...args);
        });
        try {
            const run = await work(async (step) => {
                const before = this.simulator.requests.length;
                const steps = await step(noted);
                const lines = this.#texts(await provider.lines(), steps);
                return { steps, lines, recorded: this.simulator.requests.slice(before) };
            });
            checkState(this.#engine.resources.values() as Iterable<Recorded>, this.simulator.apiKey);
            return checkRun(run, this.simulator.apiKey);
        } finally {
            provider.close();
        }
    }

    #texts(lines: readonly Line[], steps: readonly Step[]): string[] {
        const names = steps.map(({ inputs }) => String(inputs.identity).split(/\/|::/).at(-1));
        for (const { text, resource } of lines) {
            const isNamed = resource !== undefined && names.includes(resource);
            assert.equal(isNamed, this.isPlugin, `the resource of: ${text}`);
        }
        return lines.map(({ text }) => text);
    }
}

function tell({ steps, lines, recorded }: Part, preview: readonly string[] = lines): Run {
    const failures = steps.flatMap(({ failure }) => failure ?? []);
    return runOf(didOf(steps), [...new Set(failures)], preview, lines, recorded);
}

function didOf(steps: readonly Step[]): Record<string, Done> {
    return Object.fromEntries(steps.map(({ name, did }) => [name, did]));
}

/** Adds the identity to the arguments, as the SDK does. */
function withIdentity(program: Readonly<Record<string, Props>>): Record<string, Props> {
    return Object.fromEntries(
        Object.entries(program).map(([name, args]) => [name, { identity: `project/dev/${name}`, ...args }]),
    );
}
