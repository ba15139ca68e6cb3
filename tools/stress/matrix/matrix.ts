/** `npm run stress -- matrix`: uses the packed package in each of the ways that users do, with the real Pulumi CLI. */
import { inLanes } from "../../../test/engine/lanes.js";
import { type Campaign, countFailed, hasWords, verdictLine } from "../campaign.js";
import { type Cell, title } from "./cell.js";
import { cells } from "./cells.js";
import { play, type Played } from "./play.js";

export const matrix: Campaign = {
    summary: "the packed package in every language, installer, runner and Node (real CLI)",
    needsCli: true,
    play: async ({ words, runs = cells.length }, say) => {
        const played: Played[] = [];
        for (const result of playCells(
            cells.filter((cell) => hasWords(title(cell), words)).slice(0, runs),
        ).values()) {
            const done = await result;
            played.push(done);
            say(verdictLine(title(done.cell), done.problems));
        }
        return {
            heads: ["program", "installed by", "run by", "on", "SDK", "result", "recorded", "time"],
            rows: played.map(rowOf),
            notes: [
                "result: the first up issues with one POST; the second makes 0 changes and 0 requests; destroy works.",
                "recorded: characters of the provider in the state; below 300 a name, above it the stub's text.",
            ],
            ...countFailed(played),
        };
    },
};

/** Plays cells, as many at a time as there are processors. */
export function playCells(chosen: readonly Cell[]): ReadonlyMap<Cell, Promise<Played>> {
    return inLanes(chosen, play);
}

function rowOf({ cell, sdk, recorded, refusal, problems, seconds }: Played): string[] {
    const { language, installer, runner, runtime, typescript } = cell;
    return [
        typescript === undefined ? language : `${language} (TypeScript ${typescript})`,
        installer,
        runner,
        runtime === "Bun" ? runtime : `Node ${runtime}`,
        sdk,
        problems.length > 0 ? "FAILED" : refusal !== undefined ? "refused" : "issued, then 0, 0",
        recorded === undefined ? "–" : String(recorded),
        `${seconds.toFixed(0)} s`,
    ];
}
