/** `npm run stress -- unattended`: a fleet from 2026 to 2031 that nobody watches. */
import { type Campaign } from "../campaign.js";
import { playFleet, type YearOfFleet } from "./fleet.js";

const DEFAULT_ORDERS = 1000;

const COLUMNS: readonly (readonly [string, keyof YearOfFleet])[] = [
    ["year", "year"],
    ["ups", "ups"],
    ["red ups", "failedUps"],
    ["POSTs", "posts"],
    ["foreseen", "foreseenPosts"],
    ["checks", "validations"],
    ["requests", "requests"],
    ["429", "refused"],
    ["days without", "daysWithoutCertificate"],
    ["human steps", "humanSteps"],
];

/** By year what was done, and what must not be: 429, days without a valid certificate, steps of a person. */
export const unattended: Campaign = {
    summary: "a fleet from 2026 to 2031 with validation in the same up; --runs is the number of orders",
    needsCli: false,
    play: async ({ seed, runs = DEFAULT_ORDERS }, say) => {
        const { years, problems } = await playFleet(runs, randomFrom(seed), say);
        const hasRefusals = years.some(({ refused }) => refused > 0);
        return {
            heads: COLUMNS.map(([head]) => head),
            rows: years.map((year) => COLUMNS.map(([, name]) => String(year[name]))),
            notes: [
                `${runs} orders; red ups: validation or issuance took longer than the run waits, the next day's went on`,
            ],
            passed: problems.length === 0 && !hasRefusals ? runs : 0,
            failed: problems.length + (hasRefusals ? 1 : 0),
        };
    },
};

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}
