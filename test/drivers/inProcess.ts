/** Plays the contract in this process, in virtual time. */
import type { Simulator } from "../../simulator/index.js";
import { ImitatedStack } from "./imitated.js";
import { type InProcessOptions, openLifecycles } from "./lifecycle.js";

export type { InProcessOptions };

/** A stack whose provider runs here, on the simulator's clock. */
export function inProcess(simulator: Simulator, options: InProcessOptions = {}): ImitatedStack {
    return new ImitatedStack(simulator, (runOptions) => {
        const printed: string[] = [];
        return Promise.resolve({
            calls: openLifecycles(simulator, printed, runOptions, options).reissue,
            lines: () => Promise.resolve(printed.splice(0)),
            close: () => undefined,
        });
    });
}
