/** A stack whose provider is observed: its results, messages and errors are recorded for a search. */
import type { Simulator } from "../../simulator/index.js";
import type { RunOptions } from "../drivers/driver.js";
import type { ImitatedStack } from "../drivers/imitated.js";
import type { InProcessOptions } from "../drivers/inProcess.js";
import { wrapMethods } from "../fixtures/methods.js";
import { dumpOf } from "./canary.js";

/** Runs in process, and remembers. */
export class ObservedStack {
    /** All recorded texts, as one text. */
    seen = "";
    /** The providers that were called since the last record. */
    readonly #called = new Set<object>();
    readonly stack: ImitatedStack;

    /** @param newStack - makes the stack; it says which door is observed */
    constructor(
        newStack: (simulator: Simulator, options: InProcessOptions) => ImitatedStack,
        simulator: Simulator,
        config: RunOptions["config"] = {},
    ) {
        this.stack = newStack(simulator, { config, watch: (provider) => this.#watched(provider) });
    }

    /** Runs a step on the stack, which may fail, and records the output, the state and the provider. */
    async observe(step: () => Promise<unknown>): Promise<void> {
        const outcome = await step().catch((error: unknown) => error);
        // The requests of a run are the simulator's own record, and hold the key where it belongs.
        const told = outcome instanceof Error ? outcome : { ...(outcome as object), recorded: [] };
        this.#note([told, this.stack.resource(), ...this.#called]);
        this.#called.clear();
    }

    #note(value: unknown): void {
        this.seen += `${dumpOf(value)}\n`;
    }

    #watched<T extends object>(provider: T): T {
        return wrapMethods(provider, (call) => async (...args) => {
            try {
                const result = await call(...args);
                this.#note(result);
                return result;
            } catch (error) {
                this.#note(error);
                throw error;
            } finally {
                this.#called.add(provider);
            }
        });
    }
}
