/** `npm run stress -- chaos`: many runs, each in a random world and with random faults, from a seed of its own. */
import fc from "fast-check";
import type { Campaign } from "../campaign.js";
import { Invariants, Violation } from "./invariants.js";
import { Elsewhere } from "./network.js";
import { API_KEY, play, type Played } from "./play.js";
import { CHANGES, stories, type Story } from "./story.js";

const DEFAULT_RUNS = 5000;
const PROGRESS_EVERY = 500;
/** A failure is shrunk only if its seed is played alone; a long campaign only prints the seed. */
const MOST_SHRUNK_RUNS = 20;
/** Time limit for shrinking a failure. */
const SHRINK_MS = 20_000;

/** The totals of many runs. */
export interface Tally {
    runs: number;
    ups: number;
    requests: number;
    /** Runs by reading of a fact, by change and by fault. */
    readonly counts: Map<string, number>;
    /** Number of checks by invariant. */
    readonly checked: ReadonlyMap<string, number>;
    /** By seed: the violated invariant, and the smallest story that violates it. */
    readonly failures: Map<number, string>;
}

export const chaos: Campaign = {
    summary: `random worlds, faults and people, in process (default ${DEFAULT_RUNS} runs)`,
    needsCli: false,
    play: async ({ seed, runs = DEFAULT_RUNS }, say) => {
        const tally = await playChaos(seed, runs, say);
        const sum = (counts: ReadonlyMap<string, number>) =>
            [...counts.values()].reduce((all, one) => all + one, 0);
        const byName = (counts: ReadonlyMap<string, number>) =>
            [...counts].sort(([one], [other]) => one.localeCompare(other));
        return {
            heads: ["what", "times"],
            rows: [...byName(tally.counts), ...byName(tally.checked)].map(([name, times]) => [
                name,
                String(times),
            ]),
            notes: [
                `${tally.runs} runs, ${tally.ups} ups, ${tally.requests} requests, ${sum(tally.checked)} invariants checked`,
            ],
            passed: tally.runs - tally.failures.size,
            failed: tally.failures.size,
        };
    },
};

/**
 * Plays one story per seed, one after the other.
 *
 * @param say - prints progress and failures
 */
export async function playChaos(
    firstSeed: number,
    runs: number,
    say?: (line: string) => void,
): Promise<Tally> {
    const invariants = new Invariants();
    const tally: Tally = {
        runs: 0,
        ups: 0,
        requests: 0,
        counts: new Map(),
        checked: invariants.checked,
        failures: new Map(),
    };
    const shrinks = say !== undefined && runs < MOST_SHRUNK_RUNS;
    const elsewhere = new Elsewhere();
    const stray = new StrayErrors();
    try {
        const any = fc.noBias(stories({ elsewhere: await elsewhere.open(), apiKey: API_KEY }));
        for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
            const report = await playSeed(
                seed,
                any,
                async (story) => {
                    const played = await play(story, invariants, elsewhere);
                    await stray.hold(invariants);
                    count(tally, story, played);
                },
                shrinks,
            );
            tally.runs++;
            if (report !== undefined) {
                tally.failures.set(seed, report);
                say?.(
                    `FAILED seed ${seed}: ${report}\n  again: npm run stress -- chaos --seed ${seed} --runs 1`,
                );
            }
            if (tally.runs % PROGRESS_EVERY === 0) say?.(`${tally.runs} runs, ${tally.failures.size} failed`);
        }
    } finally {
        stray.close();
        elsewhere.close();
    }
    return tally;
}

/** Plays the story of a seed; returns the failure, if there is one. */
async function playSeed(
    seed: number,
    any: fc.Arbitrary<Story>,
    run: (story: Story) => Promise<void>,
    shrinks: boolean,
): Promise<string | undefined> {
    const { failed, errorInstance, counterexample } = await fc.check(fc.asyncProperty(any, run), {
        seed,
        numRuns: 1,
        endOnFailure: !shrinks,
        // A slow story does not fail.
        ...(shrinks ? { interruptAfterTimeLimit: SHRINK_MS, markInterruptAsFailure: false } : {}),
    });
    if (!failed) return undefined;
    const error = errorInstance instanceof Error ? errorInstance : new Error(String(errorInstance));
    // An error of the campaign itself is printed with its stack.
    const text = error instanceof Violation ? error.message : (error.stack ?? error.message);
    return `${text}\n${JSON.stringify(counterexample?.[0], withoutReadings)}`;
}

/** The policy says the same. */
function withoutReadings(name: string, value: unknown): unknown {
    return name === "readings" ? undefined : value;
}

function count(tally: Tally, { world, change, colleague }: Story, { struck, ups, requests }: Played): void {
    tally.ups += ups;
    tally.requests += requests;
    const names = [
        ...world.readings,
        `change: ${CHANGES[change]}`,
        `colleague: ${colleague}`,
        ...struck.map((fault) => `fault: ${fault}`),
    ];
    for (const name of names) tally.counts.set(name, (tally.counts.get(name) ?? 0) + 1);
}

/** Collects unhandled rejections. */
class StrayErrors {
    readonly #caught: unknown[] = [];
    readonly #catch = (error: unknown): void => {
        this.#caught.push(error);
    };

    constructor() {
        process.on("unhandledRejection", this.#catch);
        process.on("uncaughtException", this.#catch);
        process.on("warning", this.#catch);
    }

    /** Waits until all microtasks are done, because Node reports an unhandled rejection then. */
    async hold(invariants: Invariants): Promise<void> {
        await new Promise((resolve) => setImmediate(resolve));
        const caught = this.#caught.splice(0);
        invariants.hold("no unhandled rejection, exception or warning", caught.length === 0, () =>
            caught
                .map((error) => (error instanceof Error ? (error.stack ?? error.message) : String(error)))
                .join("\n"),
        );
    }

    close(): void {
        process.off("unhandledRejection", this.#catch);
        process.off("uncaughtException", this.#catch);
        process.off("warning", this.#catch);
    }
}
