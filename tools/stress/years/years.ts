/** `npm run stress -- years`: a year in the life of three fleets, and how it compares with what the rules foretell. */
import { type Campaign, countFailed, hasWords, verdictLine } from "../campaign.js";
import { judge, type Year } from "./judge.js";
import { play } from "./play.js";
import { type Fleet, FLEETS, STORIES } from "./stories.js";

/** Per fleet its POSTs, the days on which `up` fails, and those without a valid certificate. */
export const years: Campaign = {
    summary: "a year of every kind of order, day by day, for certificates of 199, 99 and 46 days",
    needsCli: false,
    play: async ({ words, runs = FLEETS.length }, say) => {
        const fleets = FLEETS.slice(0, runs);
        const stories = STORIES.filter(({ title }) => hasWords(title, words));
        const played: (readonly Year[])[] = [];
        for (const fleet of fleets) {
            const all = await playYear(fleet, stories);
            for (const { title, problems } of all)
                say(verdictLine(`${fleet.lifetime} days: ${title}`, problems));
            played.push(all);
        }
        const reasons = new Set(played.flat().flatMap(({ gaps }) => Object.keys(gaps)));
        return {
            heads: ["order", ...fleets.flatMap(({ lifetime }) => [`${lifetime}d POSTs`, "fails", "gap"])],
            rows: stories.map(({ title }, index) => [title, ...played.flatMap((all) => cells(all[index]))]),
            notes: [
                `fails: days on which up fails; gap: days without a valid certificate (${[...reasons].join(", ")})`,
            ],
            ...countFailed(played.flat()),
        };
    },
};

/** Plays a year of some orders of a fleet, and judges each. */
export async function playYear(fleet: Fleet, stories = STORIES): Promise<Year[]> {
    return (await play(fleet, stories)).map((diary) => judge(diary, fleet));
}

function cells(year: Year | undefined): string[] {
    if (!year) return ["", "", ""];
    const gap = Object.values(year.gaps).reduce((sum, days) => sum + days, 0);
    return [year.posts, year.failing, gap].map(String);
}
