/** Opens the provider in this process, on the simulator's clock. Only this file of the drivers knows how the provider is made. */
import assert from "node:assert/strict";
import type { Dispatcher } from "undici";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import { makeProviders } from "../../provider/dynamic/provider.js";
import type { ProviderCalls } from "../engine/imitation.js";
import type { Simulator } from "../../simulator/index.js";
import type { Props, RunOptions } from "./driver.js";

/** Parts of the provider that a scenario may replace in this process. */
export interface InProcessOptions {
    /** Called in place of waiting; by default the simulator's clock advances. */
    readonly sleep?: (ms: number) => void | Promise<void>;
    /** Dispatcher of the requests, in place of the usual connections. */
    readonly dispatcher?: Dispatcher;
    /** First pauses before a request is repeated. */
    readonly backoff?: { readonly unavailableMs: number; readonly rateLimitMs: number };
    /** Milliseconds by which the provider's clock is ahead of DigiCert's. */
    readonly skewMs?: number;
    /** Wraps the provider that the engine calls. */
    readonly watch?: <T extends object>(provider: T) => T;
}

/** Very short pauses, because the length of a back-off is not part of the contract. */
const NO_BACKOFF = { unavailableMs: 1, rateLimitMs: 1 };
/** The provider's text, which the host adds to every bag. */
const PROVIDER = { __provider: "text" };

/** The provider of a reissue; `lines` holds its output. */
export function openLifecycle(
    simulator: Simulator,
    lines: string[],
    runOptions: RunOptions,
    options: InProcessOptions,
): ProviderCalls {
    return openLifecycles(simulator, lines, runOptions, options).reissue;
}

/** The lifecycles of both resources, in one process. */
export function openLifecycles(
    simulator: Simulator,
    lines: string[],
    { env = {}, config = {} }: RunOptions,
    { sleep: given, dispatcher, backoff = NO_BACKOFF, skewMs = 0, watch }: InProcessOptions,
): { readonly reissue: ProviderCalls; readonly validation: ProviderCalls } {
    const sleep = async (ms: number) => {
        if (given) await given(ms);
        else simulator.advance(ms);
    };
    const elapsed = () => simulator.now().getTime();
    // There is no quota, because it would be measured in real time; 429 and Retry-After use the simulator's clock.
    const limiter = new Limiter([], {
        now: elapsed,
        sleep,
        later: (ms, callback) => setTimeout(callback, ms).unref(),
        stayAwake: () => () => undefined,
    });
    const { reissue, validation } = makeProviders({
        now: () => new Date(elapsed() + skewMs),
        elapsed,
        sleep,
        env,
        log: (line) => lines.push(line),
        connect: (settings) => Promise.resolve(new CertCentral(settings, dispatcher, backoff, limiter)),
    });
    const settings: Readonly<Record<string, string | undefined>> = {
        "digicert:apiKey": simulator.apiKey,
        "digicert:baseUrl": simulator.baseUrl,
        ...config,
    };
    const get = (key: string) => settings[key];
    const request = { config: { get, require: (key: string) => get(key) ?? "" } };
    void reissue.configure(request);
    void validation.configure(request);
    return { reissue: callsTo(watch ? watch(reissue) : reissue), validation: callsTo(validation) };
}

/** The provider's methods with typed inputs and outputs; Pulumi's types leave them open. */
interface Calls {
    check(
        olds: Props,
        news: Props,
    ): Promise<{ inputs?: Props; failures?: { property: string; reason: string }[] }>;
    diff(id: string, olds: Props, news: Props): Promise<{ changes?: boolean; replaces?: string[] }>;
    create(inputs: Props): Promise<{ id: string; outs?: Props }>;
    update(id: string, olds: Props, news: Props): Promise<{ outs?: Props }>;
    read(id: string, props: Props): Promise<{ props?: Props; inputs?: Props }>;
    delete(id: string, props: Props): Promise<void>;
}

function callsTo(lifecycle: Calls): ProviderCalls {
    return {
        check: async (olds, news) => {
            const { inputs, failures } = await lifecycle.check(given(olds), given(news));
            return { inputs: received(inputs), failures: failures ?? [] };
        },
        diff: (id, olds, news) => lifecycle.diff(id, given(olds), given(news)),
        create: (inputs) =>
            kept(async () => {
                const { id, outs } = await lifecycle.create(given(inputs));
                return { id, outs: received(outs) };
            }),
        update: (id, olds, news) =>
            kept(async () => {
                const { outs } = await lifecycle.update(id, given(olds), given(news));
                return { outs: received(outs) };
            }),
        read: async (id, props) => {
            const { props: read, inputs } = await lifecycle.read(id, given(props));
            return { props: received(read), ...(inputs && { inputs: received(inputs) }) };
        },
        delete: (id, props) => lifecycle.delete(id, given(props)),
    };
}

/** Checks that the properties of a partial failure hold the provider's text, which the host does not add. */
async function kept<T>(call: () => Promise<T>): Promise<T> {
    try {
        return await call();
    } catch (error) {
        const { properties } = error as { properties?: Props };
        if (!properties) throw error;
        assert.equal(
            properties.__provider,
            PROVIDER.__provider,
            "a partial failure without the provider's text",
        );
        throw Object.assign(error as Error, { properties: received(properties) });
    }
}

function given(props: Props): Props {
    return { ...props, ...PROVIDER };
}

function received(props: Props = {}): Props {
    return Object.fromEntries(Object.entries(props).filter(([name]) => name !== "__provider"));
}
