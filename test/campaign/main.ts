/** `npm run campaign`: thousands of reissues, each with troubles at its requests, drawn from seeds of their own. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { exitOnSignals } from "../engine/cleanup.js";
import { campaign, type Failure, type Tally, together } from "./campaign.js";
import { CliPlayer } from "./playCli.js";
import { summary } from "./summary.js";

const USAGE = `Usage: npm run campaign -- [options]

  --runs <n>    how many runs in this process, on a moved clock (default 5000)
  --cli <n>     how many runs with the Pulumi CLI besides (default 24)
  --seed <n>    seed of the first run; the following ones have the seeds after it (default: drawn now)
  --help        this text
`;

function say(line: string): void {
    process.stdout.write(`${line}\n`);
}

function* seedsFrom(first: number, runs: number): Generator<number> {
    for (let run = 0; run < runs; run++) yield first + run;
}

function tell({ seed, report }: Failure, option: "runs" | "cli"): void {
    const other = option === "runs" ? "cli" : "runs";
    say(
        `FAILED seed ${seed}: ${report}\n  again: npm run campaign -- --${option} 1 --${other} 0 --seed ${seed}`,
    );
}

/** Tells of failures as they come, and now and then how far it is. */
function teller(option: "runs" | "cli", every: number): (tally: Tally) => void {
    let told = 0;
    return ({ runs, failures }) => {
        for (const failure of failures.slice(told)) tell(failure, option);
        told = failures.length;
        if (runs % every === 0)
            say(`${runs} ${option === "cli" ? "runs with the CLI" : "runs"}, failures ${told}`);
    };
}

async function withCli(seeds: Iterable<number>): Promise<Tally> {
    const player = await CliPlayer.open();
    try {
        return await campaign(seeds, (story, invariants) => player.play(story, invariants), teller("cli", 6));
    } finally {
        await player.close();
    }
}

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            runs: { type: "string", default: "5000" },
            cli: { type: "string", default: "24" },
            seed: { type: "string" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        say(USAGE);
        return;
    }
    const [runs, cli] = [Number(values.runs), Number(values.cli)];
    const first = values.seed === undefined ? randomInt(2 ** 30) : Number(values.seed);
    const start = performance.now();
    say(`seeds from ${first} on`);
    const tallies = [];
    if (cli > 0) tallies.push(await withCli(seedsFrom(first, cli)));
    if (runs > 0) tallies.push(await campaign(seedsFrom(first, runs), undefined, teller("runs", 500)));
    const tally = together(tallies);
    say(`\n${summary(tally)}; seeds from ${first} on; ${Math.round((performance.now() - start) / 1000)} s`);
    if (tally.failures.length > 0) process.exitCode = 1;
}

exitOnSignals();
main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
});
