/** The in-process driver in the form in which `tools/stress` calls it. */
import type { ReissueState } from "../../provider/core/reissue/state.js";
import type { RecordedRequest, Simulator } from "../../simulator/index.js";
import type { Props, Recorded, Run as DriverRun } from "../drivers/driver.js";
import { inProcess, type InProcessOptions } from "../drivers/inProcess.js";

/** The result of one `up`, with its complete requests. */
export type Run = Omit<DriverRun, "requests" | "recorded"> & {
    readonly requests: readonly RecordedRequest[];
};

/** A stack of one resource, whose failed refresh or destroy rejects. */
export class FakeStack {
    readonly #stack;

    constructor(simulator: Simulator, options: InProcessOptions = {}) {
        this.#stack = inProcess(simulator, options);
    }

    get recorded(): Recorded | undefined {
        return this.#stack.resource();
    }

    get outputs(): ReissueState | undefined {
        return this.recorded && this.state;
    }

    get state(): ReissueState {
        return this.#stack.state as unknown as ReissueState;
    }

    async up(args: Props): Promise<Run> {
        const { recorded, ...run } = await this.#stack.up(args);
        return { ...run, requests: recorded };
    }

    async refresh(): Promise<void> {
        succeed(await this.#stack.refresh());
    }

    async destroy(): Promise<void> {
        succeed(await this.#stack.destroy());
    }
}

function succeed({ failure }: DriverRun): void {
    if (failure !== undefined) throw new Error(failure);
}
