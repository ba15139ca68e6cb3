/** Plays the contract in this process, in virtual time, as the dynamic resource. */
import type { Simulator } from "../../simulator/index.js";
import { DYNAMIC } from "./doors.js";
import { ImitatedStack } from "./imitated.js";
import { openLifecycles } from "./lifecycle.js";
import type { InProcessOptions } from "./surroundings.js";

/** A stack whose provider runs here, on the simulator's clock. */
export function inProcess(simulator: Simulator, options: InProcessOptions = {}): ImitatedStack {
    return new ImitatedStack(simulator, DYNAMIC, (runOptions) => {
        const { reissue, lines, close } = openLifecycles(simulator, runOptions, options);
        return Promise.resolve({ calls: reissue, lines: () => Promise.resolve(lines()), close });
    });
}
