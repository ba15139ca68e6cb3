/** What a provider in this process takes from its process: the simulator's clock, and connections with short pauses. */
import type { Dispatcher } from "undici";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import type { Surroundings } from "../../provider/core/session.js";
import type { Simulator } from "../../simulator/index.js";
import type { RunOptions } from "./driver.js";

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

/** The surroundings of a provider, on the simulator's clock. */
export function surroundingsOf(
    simulator: Simulator,
    { sleep: given, dispatcher, backoff = NO_BACKOFF, skewMs = 0 }: InProcessOptions,
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
    return {
        "digicert:apiKey": simulator.apiKey,
        "digicert:baseUrl": simulator.baseUrl,
        ...ofAll,
        ...config,
    };
}
