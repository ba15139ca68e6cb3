/** Opens the dynamic provider in this process, on the simulator's clock. */
import { makeProviders } from "../../provider/dynamic/provider.js";
import type { ProviderCalls } from "../engine/imitation.js";
import { wrapMethods } from "../fixtures/methods.js";
import type { Simulator } from "../../simulator/index.js";
import type { Props, RunOptions } from "./driver.js";
import type { Line } from "./imitated.js";
import { keepsProvider } from "./invariants.js";
import { stackConfig, surroundingsOf, type InProcessOptions } from "./surroundings.js";

/** The provider's text, which the host adds to every bag. */
const __provider = "text";

/** The provider of both resources in one command. */
export interface OpenedProviders {
    readonly reissue: ProviderCalls;
    readonly validation: ProviderCalls;
    /** Returns the lines that were printed since the last call. */
    readonly lines: () => readonly Line[];
    readonly close: () => void;
}

/** Opens a provider for one command. */
export type OpenProviders = (
    simulator: Simulator,
    runOptions: RunOptions,
    options: InProcessOptions,
) => OpenedProviders | Promise<OpenedProviders>;

/** Opens the dynamic provider. */
export function openLifecycles(
    simulator: Simulator,
    runOptions: RunOptions,
    options: InProcessOptions,
): OpenedProviders {
    const printed: string[] = [];
    const { reissue, validation } = makeProviders({
        ...surroundingsOf(simulator, options),
        env: runOptions.env ?? {},
        log: (line) => printed.push(line),
    });
    const settings: Readonly<Record<string, string | undefined>> = stackConfig(
        simulator,
        options,
        runOptions,
    );
    const get = (key: string) => settings[key];
    const request = { config: { get, require: (key: string) => get(key) ?? "" } };
    void reissue.configure(request);
    void validation.configure(request);
    const { watch } = options;
    return {
        reissue: callsTo(watch?.(reissue) ?? reissue),
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
