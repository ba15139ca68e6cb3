/** Runs long work in parallel. */
import { availableParallelism } from "node:os";
import { testRunFolder } from "./testRun.js";

/** Number of items at the same time: more would only wait for each other. */
const most = 4;

/**
 * Runs the work on the items in their order, on as many at the same time as there are processors. In a run of `npm test` it is one
 * at a time, because other specs run beside it.
 */
export function inLanes<Item, Result>(
    items: readonly Item[],
    work: (item: Item) => Promise<Result>,
): ReadonlyMap<Item, Promise<Result>> {
    const atOnce = testRunFolder() === undefined ? Math.min(most, availableParallelism()) : 1;
    const results = new Map<Item, Promise<Result>>();
    const running: Promise<unknown>[] = Array.from({ length: atOnce }, () => Promise.resolve());
    items.forEach((item, index) => {
        const lane = index % atOnce;
        const result = (running[lane] ?? Promise.resolve()).then(() => work(item));
        running[lane] = result.catch(() => undefined);
        results.set(item, result);
    });
    return results;
}
