/** `npm run stress -- crash`: interrupts a reissue at every point, with the real CLI, with shown and with hidden comments. */
import { inLanes } from "../../../test/engine/lanes.js";
import { type Campaign, countFailed, hasWords, type Outcome, verdictLine } from "../campaign.js";
import { type Point, type Result, run, sentence } from "./point.js";
import { points } from "./points.js";

/** Starts the points in their order, as many at a time as there are processors. */
export function playPoints(chosen: readonly Point[]): ReadonlyMap<Point, Promise<Result>> {
    return inLanes(chosen, run);
}

export const crash: Campaign = {
    summary: "cuts a reissue off at every point, comments shown and hidden (real CLI)",
    needsCli: true,
    play: async ({ words, runs = points.length }, say) => {
        const chosen = points.filter((point) => hasWords(sentence(point), words)).slice(0, runs);
        const results: Result[] = [];
        for (const result of playPoints(chosen).values()) {
            const done = await result;
            results.push(done);
            say(verdictLine(sentence(done.point), done.problems));
        }
        return sumUp(results);
    },
};

function sumUp(results: readonly Result[]): Outcome {
    const windows = results.filter(({ point }) => point.window !== undefined);
    const others = results.filter(({ point }) => point.window === undefined);
    const sum = (of: (result: Result) => number) => others.reduce((total, result) => total + of(result), 0);
    const duplicates = sum(({ reissues }) => Math.max(0, reissues - 1));
    return {
        heads: ["point", "interruption", "ups", "POSTs", "reissues", "lost ids", "verdict"],
        rows: results.map(rowOf),
        notes: [
            ...(windows.length > 0
                ? ["Windows that no client can close, because DigiCert's POST has no idempotency key:"]
                : []),
            ...windows.map(({ point }) => `- ${sentence(point)}: ${point.window ?? ""}`),
            `${others.length} points: ${duplicates} duplicates, ${sum(({ lostIds }) => lostIds)} lost ids; ` +
                `${windows.length} documented windows`,
        ],
        ...countFailed(results),
    };
}

function rowOf({ point, ups, posts, reissues, lostIds, problems }: Result): string[] {
    const verdict = problems.length > 0 ? "FAILED" : point.window !== undefined ? "window" : "once";
    return [
        `${point.setting.operation}: ${point.at}`,
        point.interruption,
        ...[ups, posts, reissues, lostIds].map(String),
        verdict,
    ];
}
