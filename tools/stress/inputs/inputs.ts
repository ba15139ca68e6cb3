/** `npm run stress -- inputs`: the table of hostile inputs and settings, every secret in every field, and random inputs. */
import { startSimulator } from "../../../simulator/index.js";
import { type Campaign, countFailed, hasWords, verdictLine } from "../campaign.js";
import { carry } from "./carry.js";
import { checkAlone, deviations, faultsOf } from "./judge.js";
import { attack } from "./random.js";
import { type Row } from "./row.js";
import { acceptedRows, rows } from "./rows.js";
import { everywhere } from "./secretRows.js";
import { settingDeviations, settingRows } from "./settingRows.js";

const DEFAULT_RUNS = 10_000;
/** So many random inputs have one seed, so that a failure is found again in a minute. */
const BATCH = 2000;

interface Judged {
    readonly title: string;
    readonly problems: readonly string[];
}

export const inputs: Campaign = {
    summary: `hostile inputs and settings: a table, and random ones (default ${DEFAULT_RUNS})`,
    needsCli: false,
    play: async ({ seed, runs = DEFAULT_RUNS, words }, say) => {
        const parts: [name: string, judged: Judged[]][] = [];
        const part = async (name: string, judge: () => AsyncIterable<Judged>): Promise<void> => {
            if (!hasWords(name, words)) return;
            const judged: Judged[] = [];
            for await (const one of judge()) {
                judged.push(one);
                if (one.problems.length > 0)
                    say(verdictLine(JSON.stringify(one.title).slice(0, 120), one.problems));
            }
            parts.push([name, judged]);
        };
        await part("rows of the table", () => judgeRows(rows));
        await part("secrets in every field", () => judgeRows(everywhere()));
        await part("settings", judgeSettings);
        await part("carried on to DigiCert, twice", carryOn);
        await part(`random inputs, in batches of ${BATCH}`, () => judgeRandom(seed, runs));
        return {
            heads: ["part", "played", "failed"],
            rows: parts.map(([name, judged]) => [
                name,
                String(judged.length),
                String(countFailed(judged).failed),
            ]),
            ...countFailed(parts.flatMap(([, judged]) => judged)),
        };
    },
};

/** What is wrong with the answer to a row. */
export async function judgeRow(row: Row): Promise<string[]> {
    const bag = row.bag();
    const answer = await checkAlone(bag);
    return [...deviations(row, answer), ...faultsOf(bag, answer)];
}

async function* judgeRows(given: Iterable<Row>): AsyncGenerator<Judged> {
    for (const row of given) {
        const problems = await judgeRow(row).catch((error: unknown) => [String(error)]);
        yield { title: row.title, problems };
    }
}

// eslint-disable-next-line @typescript-eslint/require-await -- one of several that are played alike
async function* judgeSettings(): AsyncGenerator<Judged> {
    for (const row of settingRows) yield { title: row.title, problems: settingDeviations(row) };
}

async function* carryOn(): AsyncGenerator<Judged> {
    const simulator = await startSimulator();
    try {
        for (const { title, bag } of acceptedRows()) yield { title, problems: await carry(simulator, bag()) };
    } finally {
        await simulator.close();
    }
}

async function* judgeRandom(seed: number, runs: number): AsyncGenerator<Judged> {
    for (let done = 0, next = seed; done < runs; done += BATCH, next += 1) {
        const problems = await attack(next, Math.min(BATCH, runs - done)).then(
            () => [],
            (error: unknown) => [`${(error as Error).message}\n${String((error as Error).cause)}`],
        );
        yield { title: `random inputs of seed ${next}`, problems };
    }
}
