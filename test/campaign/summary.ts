/** The numbers of a campaign on one screen. */
import { table } from "../demo/table.js";
import type { Tally } from "./campaign.js";

/** Faults by kind, invariants by name, and the sums. */
export function summary(tally: Tally): string {
    const { runs, ups, requests, troubles, skewed, checked, failures } = tally;
    const faults = sum(troubles);
    return [
        table(["fault", "injected"], rows(troubles)),
        table(["invariant", "checked"], rows(checked)),
        `${runs} runs (${skewed} with clocks that differ), ${ups} ups, ${requests} requests, ` +
            `${faults} faults injected, ${sum(checked)} invariants checked, failures ${failures.length}`,
    ].join("\n\n");
}

function rows(counts: ReadonlyMap<string, number>): string[][] {
    return [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([name, count]) => [name, String(count)]);
}

function sum(counts: ReadonlyMap<string, number>): number {
    return [...counts.values()].reduce((total, count) => total + count, 0);
}
