/** Opens the provider in this process, on the simulator's clock. Only this file of the drivers knows how the provider is made. */
import type { Dispatcher } from "undici";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import { makeProviders } from "../../provider/dynamic/provider.js";
import type { ProviderCalls } from "../engine/imitation.js";
import { wrapMethods } from "../fixtures/methods.js";
import type { Simulator } from "../../simulator/index.js";
import type { Props, RunOptions } from "./driver.js";
import { keepsProvider } from "./invariants.js";

/** Parts of the provider that a scenario may replace in this process. */
export interface InProcessOptions {
    /** Stack config of all commands, beside key and address. */
    readonly config?: RunOptions["config"];
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
const __provider = "text";

/** The lifecycles of both resources, in one process; `lines` holds the output. */
export function openLifecycles(
    simulator: Simulator,
    lines: string[],
    { env = {}, config = {} }: RunOptions,
    { sleep: given, dispatcher, backoff = NO_BACKOFF, skewMs = 0, watch, config: ofAll }: InProcessOptions,
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
        ...ofAll,
        ...config,
    };
    const get = (key: string) => settings[key];
    const request = { config: { get, require: (key: string) => get(key) ?? "" } };
    void reissue.configure(request);
    void validation.configure(request);
    return { reissue: callsTo(watch ? watch(reissue) : reissue), validation: callsTo(validation) };
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
