/** A stack whose provider is observed: its results, messages and errors are recorded for a search. */
import type { Simulator } from "../../simulator/index.js";
import type { Run, RunOptions } from "../drivers/driver.js";
import type { ImitatedStack } from "../drivers/imitated.js";
import { inProcess, type InProcessOptions } from "../drivers/inProcess.js";
import { wrapMethods } from "../fixtures/methods.js";
import { dumpOf } from "./canary.js";

/** Runs in process, and remembers. */
export class ObservedStack {
    /** All recorded texts, as one text. */
    seen = "";
    readonly #stack: ImitatedStack;

    constructor(
        simulator: Simulator,
        private readonly config: Readonly<Record<string, string>> = {},
        options: InProcessOptions = {},
    ) {
        this.#stack = inProcess(simulator, { ...options, watch: (provider) => this.#watched(provider) });
    }

    get state() {
        return this.#stack.state;
    }

    up(args: Record<string, unknown>): Promise<Run> {
        return this.#stack.up(args, this.#options);
    }

    refresh(): Promise<Run> {
        return this.#stack.refresh(this.#options);
    }

    /** A destroy that may revoke. */
    destroy(): Promise<Run> {
        const env = { DIGICERT_CONFIRM_REVOKE: String(this.state.issuedCertificateId) };
        return this.#stack.destroy({ ...this.#options, env });
    }

    get(id: string): Promise<unknown> {
        return this.#stack.get(id);
    }

    /** Runs a step on the stack, which may fail, and records the output and the state. */
    async observe(step: (stack: this) => Promise<unknown>): Promise<void> {
        const outcome = await step(this).catch((error: unknown) => error);
        // The requests of a run are the simulator's own record, and hold the key where it belongs.
        const told = outcome instanceof Error ? outcome : { ...(outcome as object), recorded: [] };
        this.#note([told, this.#stack.resource()]);
    }

    get #options(): RunOptions {
        return { config: this.config };
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
                this.#note(provider);
            }
        });
    }
}
