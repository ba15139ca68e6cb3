/** `npm run stress -- worlds`: the outcomes of the contract in each reading of what DigiCert does not document. */
import { type Campaign, countFailed, hasWords, verdictLine } from "../campaign.js";
import { worlds as allWorlds, type World } from "../../../simulator/worlds.js";
import { playIn, plays, type Play } from "./plays.js";

interface Cell {
    readonly world: World;
    readonly play: Play;
}

/** "Another order answered" is a DigiCert on which no client may act; exactlyOne.spec.ts has what happens there. */
export const worldsToPlay = allWorlds.filter(({ policy }) => policy?.reportedOrderId === undefined);

/** Every history in every world. */
export const cells: readonly Cell[] = worldsToPlay.flatMap((world) => plays.map((play) => ({ world, play })));

/**
 * A few of them, so that each history and each world is played: the nth world has the nth history, and then begins anew with
 * another offset.
 *
 * @param perWorld - how many histories in each world
 */
export function someCells(perWorld: number): readonly Cell[] {
    return worldsToPlay.flatMap((world, nth) =>
        Array.from({ length: perWorld }, (_none, more) => plays[(nth + more * 5) % plays.length])
            .filter((play) => play !== undefined)
            .map((play) => ({ world, play })),
    );
}

/** What is played, in a sentence. */
export function sentenceOf({ world, play }: Cell): string {
    return `${world.name}: ${play.title}`;
}

export const worlds: Campaign = {
    summary: `the contract's outcomes in each of ${worldsToPlay.length} worlds, in process`,
    needsCli: false,
    play: async ({ words, runs = cells.length }, say) => {
        const played: { readonly cell: Cell; readonly problems: readonly string[] }[] = [];
        for (const cell of cells.filter((one) => hasWords(sentenceOf(one), words)).slice(0, runs)) {
            const problem = await playIn(cell.world, cell.play);
            const problems = problem === undefined ? [] : [problem];
            played.push({ cell, problems });
            if (problem !== undefined) say(verdictLine(sentenceOf(cell), problems));
        }
        return {
            heads: ["world", "its reading", "histories", "failed"],
            rows: worldsToPlay.flatMap((world) => {
                const inWorld = played.filter(({ cell }) => cell.world === world);
                const { failed } = countFailed(inWorld);
                return inWorld.length === 0
                    ? []
                    : [[world.name, world.about, String(inWorld.length), String(failed)]];
            }),
            ...countFailed(played),
        };
    },
};
