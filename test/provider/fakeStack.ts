/** A stack of one resource, in-process: the lifecycle as the engine calls it, on the simulator's clock. */
import { CertCentral } from "../../provider/certcentral/client.js";
import { Lifecycle } from "../../provider/lifecycle.js";
import type { ReissueState } from "../../provider/state.js";
import { type PartialFailure } from "../../provider/surface.js";
import type { RecordedRequest, Simulator } from "../simulator/index.js";

type Bag = Record<string, unknown>;

/** What one `up` did. */
export interface Run {
    readonly did: "create" | "update" | "replace" | "nothing" | "refused";
    /** Sentences of a failure; none means that the run succeeded. */
    readonly failure?: string;
    /** Lines that the provider printed. */
    readonly lines: readonly string[];
    /** API requests of this run. */
    readonly requests: readonly RecordedRequest[];
    readonly posts: number;
}

/** Settings of a stack that differ from a plain one. */
export interface FakeStackOptions {
    readonly config?: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
    /** Called instead of waiting; by default the simulator's time passes. */
    readonly sleep?: (ms: number) => void | Promise<void>;
}

const PROVIDER = { __provider: "text" };
const IDENTITY = { identity: "project/stack/shop" };

/** Keeps state as the engine does, also after a failed update: old inputs, new outputs, and an update is due. */
export class FakeStack {
    inputs: Bag | undefined;
    outputs: (Bag & ReissueState) | undefined;
    #initFailed = false;
    #lines: string[] = [];

    constructor(
        readonly simulator: Simulator,
        readonly options: FakeStackOptions = {},
    ) {}

    /** The recorded state; throws if there is none. */
    get state(): ReissueState {
        if (!this.outputs) throw new Error("the stack has no resource");
        return this.outputs;
    }

    /** Each run has a provider process of its own. */
    lifecycle(): Lifecycle {
        const { simulator, options } = this;
        const config: Readonly<Record<string, string>> = {
            "digicert:apiKey": simulator.apiKey,
            "digicert:baseUrl": simulator.baseUrl,
            ...options.config,
        };
        const lifecycle = new Lifecycle({
            now: () => simulator.now(),
            elapsed: () => simulator.now().getTime(),
            sleep: async (ms) => {
                if (options.sleep) await options.sleep(ms);
                else simulator.advance(ms);
            },
            env: options.env ?? {},
            log: (line) => this.#lines.push(line),
            connect: (settings) =>
                Promise.resolve(new CertCentral(settings, undefined, { unavailableMs: 1, rateLimitMs: 1 })),
        });
        void lifecycle.configure({
            config: {
                get: (key: string) => config[key],
                require: (key: string) => config[key] ?? "",
            },
        });
        return lifecycle;
    }

    /** Preview and update, as `pulumi up`. */
    async up(args: Bag): Promise<Run> {
        const lifecycle = this.lifecycle();
        const { simulator } = this;
        const before = simulator.requests.length;
        this.#lines = [];
        const run = (did: Run["did"], failure?: string): Run => {
            const requests = simulator.requests.slice(before);
            const posts = requests.filter(({ method }) => method === "POST").length;
            return {
                did,
                lines: this.#lines,
                requests,
                posts,
                ...(failure === undefined ? {} : { failure }),
            };
        };

        const checked = await lifecycle.check(this.inputs ?? {}, { ...IDENTITY, ...args, ...PROVIDER });
        if (checked.failures && checked.failures.length > 0) {
            return run(
                "refused",
                checked.failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"),
            );
        }
        const news = { ...(checked.inputs as Bag), ...PROVIDER };
        if (!this.outputs) return run("create", await this.#create(lifecycle, news));
        let diff;
        try {
            diff = await lifecycle.diff(this.state.orderId, this.outputs, news);
        } catch (error) {
            return run("refused", (error as Error).message);
        }
        if (diff.replaces && diff.replaces.length > 0)
            return run("replace", await this.#create(lifecycle, news));
        if (diff.changes === false && !this.#initFailed) {
            this.inputs = news;
            return run("nothing");
        }
        return run("update", await this.#update(lifecycle, news));
    }

    /** `pulumi refresh`: the live order becomes the state. */
    async refresh(): Promise<void> {
        const lifecycle = this.lifecycle();
        const result = await lifecycle.read(this.state.orderId, { ...this.state });
        const old = this.inputs ?? {};
        this.#keep(result.props as Bag, (result.inputs as Bag | undefined) ?? old);
        await lifecycle.diff(this.state.orderId, this.state as unknown as Bag, old);
    }

    /** `pulumi destroy`. */
    async destroy(): Promise<void> {
        await this.lifecycle().delete(this.state.orderId, { ...this.state });
        this.inputs = this.outputs = undefined;
    }

    async #create(lifecycle: Lifecycle, news: Bag): Promise<string | undefined> {
        try {
            this.#keep((await lifecycle.create(news)).outs as Bag, news);
            return undefined;
        } catch (error) {
            return this.#keepPartial(error as PartialFailure, news);
        }
    }

    async #update(lifecycle: Lifecycle, news: Bag): Promise<string | undefined> {
        try {
            const updated = await lifecycle.update(this.state.orderId, this.outputs ?? {}, news);
            this.#keep(updated.outs as Bag, news);
            return undefined;
        } catch (error) {
            return this.#keepPartial(error as PartialFailure, this.inputs ?? news);
        }
    }

    /** Of a failed create or update the engine keeps what the error carries; without an id, nothing. */
    #keepPartial(error: PartialFailure, inputs: Bag): string {
        if ((error.id as string | undefined) === undefined) return error.message;
        this.#keep(error.properties as unknown as Bag, inputs);
        this.#initFailed = true;
        return error.reasons.join("\n");
    }

    #keep(outputs: Bag, inputs: Bag): void {
        // As it comes back from the state file.
        this.outputs = JSON.parse(JSON.stringify({ ...outputs, ...PROVIDER })) as Bag & ReissueState;
        this.inputs = inputs;
        this.#initFailed = false;
    }
}
