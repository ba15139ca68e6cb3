/**
 * `npm run inputs -- [runs] [seed]`: the table of hostile inputs, every secret in every field, and random inputs with a
 * fresh seed; prints what became of them.
 */
import { randomInt } from "node:crypto";
import { startSimulator } from "../../simulator/index.js";
import { carry } from "./carry.js";
import { checkAlone, deviations, faultsOf } from "./judge.js";
import { attack } from "./random.js";
import { acceptedRows, rows } from "./rows.js";
import type { Row } from "./row.js";
import { everywhere } from "./secretRows.js";
import { settingDeviations, settingRows } from "./settingRows.js";

/** So many random inputs have one seed, so that a failure is found again in a minute. */
const BATCH = 2000;

const failures: string[] = [];

function note(title: string, faults: readonly string[]): void {
    for (const fault of faults) failures.push(`${JSON.stringify(title).slice(0, 120)}: ${fault}`);
}

async function judge(given: Iterable<Row>): Promise<{ count: number; refused: number }> {
    const seen = { count: 0, refused: 0 };
    for (const row of given) {
        const bag = row.bag();
        const answer = await checkAlone(bag).catch((error: unknown) => ({
            failures: [],
            crash: String(error),
        }));
        note(
            row.title,
            "crash" in answer ? [answer.crash] : [...deviations(row, answer), ...faultsOf(bag, answer)],
        );
        seen.count += 1;
        if (answer.failures.length > 0) seen.refused += 1;
    }
    return seen;
}

async function main([runs = "10000", seed = String(randomInt(2 ** 31 - 1))]: string[]): Promise<void> {
    const say = (line: string) => process.stdout.write(`${line}\n`);
    say(`seed ${seed}; again: npm run inputs -- ${runs} ${seed}`);
    const table = await judge(rows);
    say(
        `table: ${table.count} rows, ${table.refused} refused, ${table.count - table.refused} accepted for a reason`,
    );
    const pasted = await judge(everywhere());
    say(
        `secrets in every field: ${pasted.count}, ${pasted.refused} refused, ${pasted.count - pasted.refused} where any text is right`,
    );
    for (const row of settingRows) note(row.title, settingDeviations(row));
    say(`settings: ${settingRows.length} rows`);
    const simulator = await startSimulator();
    for (const { title, bag } of acceptedRows()) note(title, await carry(simulator, bag()));
    await simulator.close();
    say(`carried on against the simulator, twice: ${acceptedRows().length} rows`);
    const total = { inputs: 0, refused: 0, accepted: 0, keys: 0 };
    for (let done = 0, next = Number(seed); done < Number(runs); done += BATCH, next += 1) {
        const tally = await attack(next, Math.min(BATCH, Number(runs) - done)).catch((error: unknown) => {
            note(`random, seed ${next}`, [`${(error as Error).message}\n${String((error as Error).cause)}`]);
        });
        if (!tally) break;
        for (const name of ["inputs", "refused", "accepted", "keys"] as const) total[name] += tally[name];
    }
    say(
        `random: ${total.inputs} inputs, ${total.refused} refused, ${total.accepted} accepted; ${total.keys} with a private key, all refused`,
    );
    const echoes = failures.filter((line) => line.includes("echoes")).length;
    say(`crashes, wrong answers: ${failures.length - echoes}; echoes: ${echoes}`);
    for (const line of failures.slice(0, 20)) process.stderr.write(`${line}\n`);
    process.exitCode = failures.length > 0 ? 1 : 0;
}

main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
});
