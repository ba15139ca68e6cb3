/** The arguments of every task. */
import { type Contender } from "../contenders/contender.js";
import { measureApply, type Sample, type Task } from "../measure.js";

/** The contenders, and the folder of the results. */
export interface Bench {
    readonly ours: Contender;
    /** The provider plugin, from the languages that this machine can run. */
    readonly plugin: readonly Contender[];
    readonly handWritten: Contender;
    /** The resources that do nothing. */
    readonly engine: Contender;
    /** The plugin that does nothing, if this machine can run YAML. */
    readonly emptyPlugin: readonly Contender[];
    /** The other contenders that this machine can run. */
    readonly terraform: readonly Contender[];
    readonly curl: Contender;
    record(sample: Sample): void;
}

/** Runs each contender once per round; each round begins with another contender. */
export async function interleaved(
    rounds: number,
    contenders: readonly Contender[],
    step: (contender: Contender) => Promise<void>,
): Promise<void> {
    for (let round = 0; round < rounds; round++) {
        const first = round % contenders.length;
        for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
            await step(contender);
        }
    }
}

/** Applies a task to an empty stack with each contender, several times. */
export async function applyAll(
    bench: Bench,
    task: Task,
    rounds: number,
    contenders: readonly Contender[],
): Promise<void> {
    await interleaved(rounds, contenders, async (contender) => {
        bench.record(await measureApply(task, contender));
    });
}
