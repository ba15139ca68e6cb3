/** A stack whose provider is watched: all that it hands over, says and throws is kept for a look at it. */
import type { DynamicProvider } from "../../provider/dynamic/provider.js";
import { FakeStack } from "../provider/fakeStack.js";
import { dumpOf } from "./canary.js";

/** Runs as {@link FakeStack}, and remembers. */
export class ObservedStack extends FakeStack {
    /** One text for everything that could be seen so far. */
    seen = "";

    override lifecycle(): DynamicProvider {
        const lifecycle = super.lifecycle();
        const note = (value: unknown) => {
            this.seen += `${dumpOf(value)}\n`;
        };
        return new Proxy(lifecycle, {
            get: (_target, name) => {
                const method: unknown = Reflect.get(lifecycle, name, lifecycle);
                if (typeof method !== "function") return method;
                return async (...args: unknown[]) => {
                    try {
                        const result: unknown = await Reflect.apply(method, lifecycle, args);
                        note(result);
                        return result;
                    } catch (error) {
                        note(error);
                        throw error;
                    } finally {
                        note(lifecycle);
                    }
                };
            },
        });
    }

    /** Does something with the stack, which may fail, and remembers what was printed and what is recorded. */
    async observe(step: (stack: this) => Promise<unknown>): Promise<void> {
        const outcome = await step(this).catch((error: unknown) => error);
        // The requests of a run are the simulator's own record, and hold the key where it belongs.
        const told = outcome instanceof Error ? outcome : { ...(outcome as object), requests: [] };
        this.seen += `${dumpOf([told, this.recorded])}\n`;
    }
}
