/** `npm run campaign`: thousands of reissues, each with troubles at its requests, drawn from seeds of their own. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { campaign, type Failure, type Tally } from "./campaign.js";
import { summary } from "./summary.js";

const USAGE = `Usage: npm run campaign -- [options]

  --runs <n>    how many runs (default 5000)
  --seed <n>    seed of the first run; the following ones have the seeds after it (default: drawn now)
  --help        this text
`;
const TELL_EVERY = 500;

function say(line: string): void {
    process.stdout.write(`${line}\n`);
}

function* seedsFrom(first: number, runs: number): Generator<number> {
    for (let run = 0; run < runs; run++) yield first + run;
}

function tell({ seed, report }: Failure): void {
    say(`FAILED seed ${seed}: ${report}\n  again: npm run campaign -- --runs 1 --seed ${seed}`);
}

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            runs: { type: "string", default: "5000" },
            seed: { type: "string" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        say(USAGE);
        return;
    }
    const runs = Number(values.runs);
    const first = values.seed === undefined ? randomInt(2 ** 30) : Number(values.seed);
    const start = performance.now();
    say(`seeds ${first} to ${first + runs - 1}`);
    let told = 0;
    const tally = await campaign(seedsFrom(first, runs), ({ runs: done, failures }: Tally) => {
        for (const failure of failures.slice(told)) tell(failure);
        told = failures.length;
        if (done % TELL_EVERY === 0) say(`${done} runs, failures ${failures.length}`);
    });
    say(`\n${summary(tally)}; ${Math.round((performance.now() - start) / 1000)} s`);
    if (tally.failures.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
});
