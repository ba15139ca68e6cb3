/** The year of all fleets on one screen. */
import { table } from "../../demo/table.js";
import { type Year } from "./judge.js";
import { type Fleet, STORIES } from "./stories.js";

/** One row per story; per fleet its POSTs, the days on which `up` fails, and those without a valid certificate. */
export function summary(played: readonly { fleet: Fleet; years: readonly Year[] }[]): string {
    const rows = STORIES.map(({ title }, index) => [
        title,
        ...played.flatMap(({ years }) => cells(years[index])),
    ]);
    const heads = ["order", ...played.flatMap(({ fleet }) => [`${fleet.lifetime}d POSTs`, "fails", "gap"])];
    const reasons = new Set(played.flatMap(({ years }) => years.flatMap(({ gaps }) => Object.keys(gaps))));
    const legend = `fails: days on which up fails; gap: days without a valid certificate (${[...reasons].join(", ")})`;
    return `${table(heads, rows)}\n\n${legend}`;
}

function cells(year: Year | undefined): string[] {
    if (!year) return ["", "", ""];
    const gap = Object.values(year.gaps).reduce((sum, days) => sum + days, 0);
    return [year.posts, year.failing, gap].map(String);
}
