/** `npm run waiting`: requests per minute of waiting, by the number of reissues that are waited for. */
import { table } from "../../demo/table.js";
import { type News, wait } from "./waiting.js";

const COUNTS = [1, 10, 100, 500];
const NEWS: readonly News[] = ["good", "feed late", "feed wrong", "feed refused", "all refused"];

async function main(): Promise<void> {
    const rows: string[][] = [];
    for (const news of NEWS) {
        for (const count of COUNTS) {
            const { perMinute, latestMs, settled } = await wait(count, news);
            rows.push([
                news,
                String(count),
                perMinute.toFixed(1),
                `${Math.round(latestMs / 1000)} s`,
                `${settled} of ${count}`,
            ]);
        }
    }
    const heads = ["news", "reissues", "requests per minute", "last one known after", "settled"];
    process.stdout.write(`${table(heads, rows)}\n`);
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
});
