/** What every piece of work is given. */
import { type Contender } from "../contenders/contender.js";
import { measureApply, type Sample, type Task } from "../measure.js";

/** The contenders that are there, and where results go. */
export interface Bench {
    readonly ours: Contender;
    readonly handWritten: Contender;
    /** Resources that have nothing to do. */
    readonly engine: Contender;
    /** Those of any other kind that this machine has. */
    readonly terraform: readonly Contender[];
    readonly curl: Contender;
    record(sample: Sample): void;
}

/** Each contender once per round, each round beginning with another one. */
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

/** Applies a task from nothing, through each contender, several times. */
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
