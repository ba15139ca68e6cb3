/** `npm run year`: a year in the life of three fleets, and how it compares with what the rules foretell. */
import { judge } from "./judge.js";
import { play } from "./play.js";
import { FLEETS, STORIES } from "./stories.js";
import { summary } from "./summary.js";

async function main(): Promise<void> {
    const played = [];
    for (const fleet of FLEETS) {
        const diaries = await play(fleet, STORIES);
        played.push({ fleet, years: diaries.map((diary) => judge(diary, fleet)) });
    }
    process.stdout.write(`${summary(played)}\n`);
    for (const { fleet, years } of played) {
        for (const { title, deviations } of years) {
            for (const deviation of deviations.slice(0, 5)) {
                process.stderr.write(`${fleet.lifetime} d, ${title}: ${deviation}\n`);
                process.exitCode = 1;
            }
        }
    }
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
});
