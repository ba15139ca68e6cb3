/** Many stories, each from a seed of its own, and what they add up to. */
import fc from "fast-check";
import { Invariants } from "./invariants.js";
import { Elsewhere } from "./network.js";
import { API_KEY, play, type Played } from "./play.js";
import { stories, type Story } from "./story.js";

/** A run in which an invariant did not hold. */
export interface Failure {
    readonly seed: number;
    /** What did not hold, and the smallest story that was found for it. */
    readonly report: string;
}

/** What a campaign adds up to. */
export interface Tally {
    runs: number;
    ups: number;
    requests: number;
    /** By kind. */
    readonly troubles: Map<string, number>;
    /** Runs in which our clock and DigiCert's differ. */
    skewed: number;
    /** By invariant. */
    readonly checked: Map<string, number>;
    readonly failures: Failure[];
}

/** Several campaigns as one. */
export function together(tallies: readonly Tally[]): Tally {
    const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
    const merged = (of: (tally: Tally) => ReadonlyMap<string, number>) => {
        const counts = new Map<string, number>();
        for (const [name, count] of tallies.flatMap((tally) => [...of(tally)]))
            counts.set(name, (counts.get(name) ?? 0) + count);
        return counts;
    };
    return {
        runs: sum(({ runs }) => runs),
        ups: sum(({ ups }) => ups),
        requests: sum(({ requests }) => requests),
        troubles: merged(({ troubles }) => troubles),
        skewed: sum(({ skewed }) => skewed),
        checked: merged(({ checked }) => checked),
        failures: tallies.flatMap(({ failures }) => failures),
    };
}

/** Shrinking a failure takes no longer. */
const SHRINK_MS = 60_000;

/** Plays one story per seed, one after the other. */
export async function campaign(
    seeds: Iterable<number>,
    player: typeof play = play,
    onRun: (tally: Tally) => void = () => undefined,
): Promise<Tally> {
    const invariants = new Invariants();
    const tally: Tally = {
        runs: 0,
        ups: 0,
        requests: 0,
        troubles: new Map(),
        skewed: 0,
        checked: invariants.checked,
        failures: [],
    };
    const elsewhere = new Elsewhere();
    const stray = new StrayErrors();
    try {
        const any = fc.noBias(stories({ elsewhere: await elsewhere.open(), apiKey: API_KEY }));
        for (const seed of seeds) {
            const report = await playSeed(seed, any, async (story) => {
                const played = await player(story, invariants, elsewhere);
                await stray.hold(invariants);
                count(tally, played);
            });
            tally.runs++;
            if (report !== undefined) tally.failures.push({ seed, report });
            onRun(tally);
        }
    } finally {
        stray.close();
        elsewhere.close();
    }
    return tally;
}

/** Plays the story of a seed; what went wrong, if anything did. */
async function playSeed(
    seed: number,
    any: fc.Arbitrary<Story>,
    run: (story: Story) => Promise<void>,
): Promise<string | undefined> {
    const details = await fc.check(fc.asyncProperty(any, run), {
        seed,
        numRuns: 1,
        interruptAfterTimeLimit: SHRINK_MS,
        markInterruptAsFailure: false,
    });
    if (!details.failed) return undefined;
    const { errorInstance, counterexample } = details;
    const [story] = counterexample ?? [];
    const what = errorInstance instanceof Error ? errorInstance : new Error(String(errorInstance));
    // Of a mistake in the campaign itself the stack is needed.
    const told = what.name === "Violation" ? what.message : (what.stack ?? what.message);
    return `${told}\n${JSON.stringify(story)}`;
}

function count(tally: Tally, { struck, ups, requests, isSkewed }: Played): void {
    tally.ups += ups;
    tally.requests += requests;
    if (isSkewed) tally.skewed++;
    for (const name of struck) tally.troubles.set(name, (tally.troubles.get(name) ?? 0) + 1);
}

/** What nobody caught. */
class StrayErrors {
    #caught: unknown[] = [];
    readonly #catch = (error: unknown): void => {
        this.#caught.push(error);
    };

    constructor() {
        process.on("unhandledRejection", this.#catch);
        process.on("uncaughtException", this.#catch);
        process.on("warning", this.#catch);
    }

    /** Node tells of an unhandled rejection when all microtasks are done. */
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
