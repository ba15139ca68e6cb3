/** Plays the contract in this process, in virtual time, as the dynamic resource. */
import type { Dispatcher } from "undici";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import type { Surroundings } from "../../provider/core/session.js";
import { makeProviders } from "../../provider/dynamic/provider.js";
import type { ProviderCalls } from "../engine/imitation.js";
import { wrapMethods } from "../fixtures/methods.js";
import type { Simulator } from "../../simulator/index.js";
import type { Props, RunOptions } from "./driver.js";
import { ImitatedStack, type OpenedProvider } from "./imitated.js";
import { keepsProvider } from "./invariants.js";

/** Parts of the provider that a scenario may replace in this process. */
export interface InProcessOptions {
    /** Stack config of all commands, beside key and address. */
    readonly config?: RunOptions["config"];
    /** Called in place of waiting; by default the simulator's clock advances. */
    readonly sleep?: (ms: number) => void | Promise<void>;
    /** Dispatcher of the requests, in place of the usual connections. */
    readonly dispatcher?: Dispatcher;
    /** First pauses before a request is repeated; by default very short, because their length is not part of the contract. */
    readonly backoff?: { readonly unavailableMs: number; readonly rateLimitMs: number };
    /** Milliseconds by which the provider's clock is ahead of DigiCert's. */
    readonly skewMs?: number;
    /** Wraps the provider that the engine calls. */
    readonly watch?: <T extends object>(provider: T) => T;
}

/** The provider's text, which the host adds to every bag. */
const __provider = "text";

/** A stack whose provider runs here, on the simulator's clock. */
export function inProcess(simulator: Simulator, options: InProcessOptions = {}): ImitatedStack {
    return new ImitatedStack(simulator, false, (run) => openDynamic(simulator, run, options));
}

/** Opens the dynamic provider for one command. */
export function openDynamic(
    simulator: Simulator,
    run: RunOptions,
    options: InProcessOptions,
): Required<OpenedProvider> {
    const printed: string[] = [];
    const { reissue, validation } = makeProviders({
        ...surroundingsOf(simulator, options),
        env: run.env ?? {},
        log: (line) => printed.push(line),
    });
    const settings: Readonly<Record<string, string | undefined>> = stackConfig(simulator, options, run);
    const get = (key: string) => settings[key];
    const request = { config: { get, require: (key: string) => get(key) ?? "" } };
    void reissue.configure(request);
    void validation.configure(request);
    return {
        calls: callsTo(options.watch?.(reissue) ?? reissue),
        validation: callsTo(validation),
        lines: () => printed.splice(0).map((text) => ({ text })),
        close: () => undefined,
    };
}

/** The provider as the host calls it: all bags that it gets have the provider's text, and the engine gets none back. */
function callsTo(provider: ProviderCalls): ProviderCalls {
    const called = wrapMethods(provider, (call) => async (...args) => {
        const answer = await call(
            ...args.map((arg) => (typeof arg === "string" ? arg : { ...(arg as Props), __provider })),
        );
        const text = JSON.stringify(answer ?? null);
        return JSON.parse(text, (name, value: unknown) =>
            name === "__provider" ? undefined : value,
        ) as unknown;
    });
    return wrapMethods(called, keepsProvider(__provider));
}

/** What a provider takes from its process: the simulator's clock, and connections with short pauses. */
export function surroundingsOf(
    simulator: Simulator,
    {
        sleep: given,
        dispatcher,
        backoff = { unavailableMs: 1, rateLimitMs: 1 },
        skewMs = 0,
    }: InProcessOptions = {},
): Surroundings {
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
    return {
        now: () => new Date(elapsed() + skewMs),
        elapsed,
        sleep,
        connect: (settings) => Promise.resolve(new CertCentral(settings, dispatcher, backoff, limiter)),
    };
}

/** Stack config of a command, by its keys. */
export function stackConfig(
    simulator: Simulator,
    { config: ofAll }: InProcessOptions,
    { config }: RunOptions,
): Readonly<Record<string, string>> {
    const { apiKey, baseUrl } = simulator;
    return { "digicert:apiKey": apiKey, "digicert:baseUrl": baseUrl, ...ofAll, ...config };
}
