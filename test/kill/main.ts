/** `npm run kill`: cuts a reissue off at every point, with the real Pulumi CLI and a simulator of CertCentral. */
import { exitOnSignals } from "../engine/cleanup.js";
import { findCli } from "../engine/setup.js";
import { table } from "../demo/table.js";
import { type Result, sentence } from "./point.js";
import { points } from "./points.js";
import { play } from "./pool.js";

const heads = ["point", "interruption", "ups", "POSTs", "reissues", "lost ids", "verdict"];

function row({ point, ups, posts, reissues, lostIds, problem }: Result): string[] {
    const verdict = problem !== undefined ? "FAILED" : point.window !== undefined ? "window" : "once";
    return [
        `${point.setting.operation}: ${point.at}`,
        point.interruption,
        ...[ups, posts, reissues, lostIds].map(String),
        verdict,
    ];
}

function say(...lines: string[]): void {
    process.stdout.write(`${lines.join("\n")}\n`);
}

/** Plays the points whose sentence contains the words given on the command line; all of them without any. */
async function main(): Promise<void> {
    if ((await findCli()) === undefined)
        throw new Error(`There is no Pulumi CLI. Run "npm run engine" first.`);
    const words = process.argv.slice(2);
    const chosen = points.filter((point) => words.every((word) => sentence(point).includes(word)));
    const start = Date.now();
    const results: Result[] = [];
    for (const result of play(chosen).values()) {
        const done = await result;
        results.push(done);
        say(`${done.problem === undefined ? "ok    " : "FAILED"} ${sentence(done.point)}`);
        if (done.problem !== undefined) say(done.problem.replace(/^/gm, "         "));
    }
    report(results, Math.round((Date.now() - start) / 1000));
    if (results.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
}

function report(results: readonly Result[], seconds: number): void {
    say("", table(heads, results.map(row)), "");
    const windows = results.filter(({ point }) => point.window !== undefined);
    if (windows.length > 0) {
        say("Windows that no client can close, because DigiCert's POST has no idempotency key:");
        for (const { point } of windows)
            say(`- ${point.setting.operation}: ${point.interruption}, ${point.at}: ${point.window ?? ""}`);
        say("");
    }
    const others = results.filter(({ point }) => point.window === undefined);
    const sum = (of: (result: Result) => number) => others.reduce((total, result) => total + of(result), 0);
    const duplicates = sum(({ reissues }) => Math.max(0, reissues - 1));
    const failed = results.filter(({ problem }) => problem !== undefined).length;
    say(
        `${others.length} points, ${duplicates} duplicate reissues, ${sum(({ lostIds }) => lostIds)} lost ids` +
            `${failed > 0 ? `, ${failed} FAILED` : ""}; ${windows.length} documented windows; ${seconds} s`,
    );
}

exitOnSignals();
main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
