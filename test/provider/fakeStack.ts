/** A stack of one resource, in-process: the lifecycle as the engine calls it, on the simulator's clock. */
import type { Dispatcher } from "undici";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import type { Backoff } from "../../provider/core/certcentral/sender.js";
import { DynamicProvider } from "../../provider/dynamic/provider.js";
import type { ReissueState } from "../../provider/core/reissue/state.js";
import { ImitatedEngine, type Props, type ProviderCalls, type Recorded } from "../engine/imitation.js";
import type { RecordedRequest, Simulator } from "../../simulator/index.js";

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
    /** What requests go through instead of the usual connections. */
    readonly dispatcher?: Dispatcher;
    /** First pauses of a back-off; by default hardly any. */
    readonly backoff?: Backoff;
    /** So far the provider's clock is ahead of the simulator's. */
    readonly skewMs?: number;
}

const NO_BACKOFF: Backoff = { unavailableMs: 1, rateLimitMs: 1 };
const RESOURCE = "shop";
const PROVIDER = { __provider: "text" };
const IDENTITY = { identity: "project/stack/shop" };

/** Keeps state as the engine does, also after a failed update: old inputs, new outputs, and an update is due. */
export class FakeStack {
    readonly #engine = new ImitatedEngine();
    #lines: string[] = [];

    constructor(
        readonly simulator: Simulator,
        readonly options: FakeStackOptions = {},
    ) {}

    /** What is recorded of the resource; setting it is `pulumi stack import`. */
    get recorded(): Recorded | undefined {
        return this.#engine.resources.get(RESOURCE);
    }

    set recorded(recorded: Recorded | undefined) {
        if (recorded) this.#engine.resources.set(RESOURCE, recorded);
        else this.#engine.resources.clear();
    }

    get inputs(): Props | undefined {
        return this.recorded?.inputs;
    }

    /** The recorded outputs, if there is a resource. */
    get outputs(): ReissueState | undefined {
        return this.recorded && this.state;
    }

    /** The recorded state; throws if there is none. */
    get state(): ReissueState {
        if (!this.recorded) throw new Error("the stack has no resource");
        return this.recorded.outputs as unknown as ReissueState;
    }

    /** Each run has a provider process of its own. */
    lifecycle(): DynamicProvider {
        const { simulator, options } = this;
        const config: Readonly<Record<string, string>> = {
            "digicert:apiKey": simulator.apiKey,
            "digicert:baseUrl": simulator.baseUrl,
            ...options.config,
        };
        const sleep = async (ms: number) => {
            if (options.sleep) await options.sleep(ms);
            else simulator.advance(ms);
        };
        // Without a quota, which would be kept in real time; 429 and Retry-After count on the simulator's clock.
        const limiter = new Limiter([], {
            now: () => simulator.now().getTime(),
            sleep,
            later: (ms, callback) => setTimeout(callback, ms).unref(),
            stayAwake: () => () => undefined,
        });
        const lifecycle = new DynamicProvider({
            now: () => new Date(simulator.now().getTime() + (options.skewMs ?? 0)),
            elapsed: () => simulator.now().getTime(),
            sleep,
            env: options.env ?? {},
            log: (line) => this.#lines.push(line),
            connect: (settings) =>
                Promise.resolve(
                    new CertCentral(settings, options.dispatcher, options.backoff ?? NO_BACKOFF, limiter),
                ),
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
    async up(args: Props): Promise<Run> {
        const { simulator } = this;
        const before = simulator.requests.length;
        this.#lines = [];
        const provider = callsTo(this.lifecycle());
        const plan = await this.#engine.plan(provider, { [RESOURCE]: { ...IDENTITY, ...args } });
        const isRefused = plan.some(({ failure }) => failure !== undefined);
        const [step] = isRefused ? plan : await this.#engine.carryOut(provider, plan);
        if (!step || step.did === "delete") throw new Error("the program has one resource");
        const requests = simulator.requests.slice(before);
        return {
            did: step.did,
            lines: this.#lines,
            requests,
            posts: requests.filter(({ method }) => method === "POST").length,
            ...(step.failure === undefined ? {} : { failure: step.failure }),
        };
    }

    /** `pulumi refresh`: the live order becomes the state. */
    async refresh(): Promise<void> {
        await this.#engine.refresh(callsTo(this.lifecycle()));
    }

    /** `pulumi destroy`. */
    async destroy(): Promise<void> {
        const [step] = await this.#engine.destroy(callsTo(this.lifecycle()));
        if (step?.failure !== undefined) throw new Error(step.failure);
    }
}

type Checked = Awaited<ReturnType<ProviderCalls["check"]>>;

/** The host hands over `__provider` with every bag. */
function callsTo(lifecycle: DynamicProvider): ProviderCalls {
    return {
        check: async (olds, news) => {
            const { inputs, failures } = (await lifecycle.check(olds, { ...news, ...PROVIDER })) as Checked;
            return { inputs: { ...inputs, ...PROVIDER }, failures: failures ?? [] };
        },
        diff: (id, olds, news) => lifecycle.diff(id, olds, news),
        create: async (inputs) => {
            const { id, outs } = (await lifecycle.create(inputs)) as { id: string; outs: Props };
            return { id, outs: { ...outs, ...PROVIDER } };
        },
        update: async (id, olds, news) => {
            const { outs } = (await lifecycle.update(id, olds, news)) as { outs: Props };
            return { outs: { ...outs, ...PROVIDER } };
        },
        read: async (id, props) => {
            const read = (await lifecycle.read(id, props)) as { props: Props; inputs: Props };
            return { ...read, props: { ...read.props, ...PROVIDER } };
        },
        delete: (id, props) => lifecycle.delete(id, props),
    };
}
