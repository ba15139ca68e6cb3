/** Records the commands of a stack, so that the imitated engine can be compared with the real engine. */
import type { Outputs, Props, Recorded, Run, RunOptions, StackDriver } from "./driver.js";

/** One command: its outcome, the engine's calls, and the state after it. */
export interface Entry {
    readonly command: string;
    readonly did: Run["did"];
    readonly others: Run["others"];
    readonly hasFailed: boolean;
    readonly changing: readonly string[];
    readonly calls: readonly string[];
    readonly state:
        | { id: string; status: unknown; members: string[]; inputs: string[]; isIncomplete: boolean }
        | undefined;
}

/** A driver that also returns the engine's calls in its last command. */
export type NotingDriver = StackDriver & { readonly calls: readonly (readonly string[])[] };

/** Calls a driver, and records the results. */
export class Transcript implements StackDriver {
    readonly entries: Entry[] = [];

    constructor(private readonly driver: NotingDriver) {}

    get state(): Outputs {
        return this.driver.state;
    }

    resource(name?: string): Recorded | undefined {
        return this.driver.resource(name);
    }

    restore(recorded: Recorded | undefined): Promise<void> {
        return this.driver.restore(recorded);
    }

    preview(args: Props | undefined, options?: RunOptions): Promise<Run> {
        return this.#note("preview", this.driver.preview(args, options));
    }

    up(args: Props | undefined, options?: RunOptions): Promise<Run> {
        return this.#note("up", this.driver.up(args, options));
    }

    refresh(options?: RunOptions): Promise<Run> {
        return this.#note("refresh", this.driver.refresh(options));
    }

    destroy(options?: RunOptions): Promise<Run> {
        return this.#note("destroy", this.driver.destroy(options));
    }

    get(id: string): Promise<Outputs> {
        return this.driver.get(id);
    }

    async #note(command: string, running: Promise<Run>): Promise<Run> {
        const run = await running;
        const shop = this.driver.resource();
        this.entries.push({
            command,
            did: run.did,
            others: run.others,
            hasFailed: run.failure !== undefined,
            changing: run.changing,
            calls: this.driver.calls.at(-1) ?? [],
            state: shop && {
                id: shop.id,
                status: shop.outputs.status,
                members: Object.keys(shop.outputs).sort(),
                inputs: Object.keys(shop.inputs).sort(),
                isIncomplete: shop.initErrors.length > 0,
            },
        });
        return run;
    }
}
