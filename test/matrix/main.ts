/** `npm run matrix`: uses the packed package in each of the ways that users do, with the real Pulumi CLI. */
import { table } from "../demo/table.js";
import { exitOnSignals } from "../engine/cleanup.js";
import { inLanes } from "../engine/lanes.js";
import { findCli } from "../engine/setup.js";
import { title } from "./cell.js";
import { cells } from "./cells.js";
import { play, type Outcome } from "./play.js";

const heads = ["program", "installed by", "run by", "on", "SDK", "result", "recorded", "time"];

function row({ cell, sdk, recorded, refusal, problem, seconds }: Outcome): string[] {
    const result = problem !== undefined ? "FAILED" : refusal !== undefined ? "refused" : "issued, then 0, 0";
    const { language, installer, runner, runtime, typescript } = cell;
    return [
        typescript === undefined ? language : `${language} (TypeScript ${typescript})`,
        installer,
        runner,
        runtime === "Bun" ? runtime : `Node ${runtime}`,
        sdk,
        result,
        recorded === undefined ? "–" : String(recorded),
        `${seconds.toFixed(0)} s`,
    ];
}

function say(...lines: string[]): void {
    process.stdout.write(`${lines.join("\n")}\n`);
}

/** Plays the cells whose title contains the words given on the command line; all of them without any. */
async function main(): Promise<void> {
    if ((await findCli()) === undefined)
        throw new Error(`There is no Pulumi CLI. Run "npm run engine" first.`);
    const words = process.argv.slice(2);
    const chosen = cells.filter((cell) => words.every((word) => title(cell).includes(word)));
    const start = Date.now();
    const outcomes: Outcome[] = [];
    for (const result of inLanes(chosen, play).values()) {
        const outcome = await result;
        outcomes.push(outcome);
        say(`${outcome.problem === undefined ? "ok    " : "FAILED"} ${title(outcome.cell)}`);
        const more = outcome.problem ?? outcome.refusal;
        if (more !== undefined) say(more.replace(/^/gm, "         "));
    }
    report(outcomes, Math.round((Date.now() - start) / 1000));
    if (outcomes.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
}

function report(outcomes: readonly Outcome[], seconds: number): void {
    say(
        "",
        table(heads, outcomes.map(row)),
        "",
        "result: the first up issues with one POST; the second makes 0 changes and 0 requests; destroy works.",
        "recorded: characters of the provider in the state; below 300 it is a name, above it is the stub's text.",
        "",
    );
    const failed = outcomes.filter(({ problem }) => problem !== undefined).length;
    say(`${outcomes.length} ways, ${failed} FAILED; ${seconds} s`);
}

exitOnSignals();
main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
