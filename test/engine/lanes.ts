/** Runs long work in parallel. */
import { availableParallelism } from "node:os";
import { testRunFolder } from "./testRun.js";

/**
 * Runs the work on the items in their order, on as many at the same time as there are processors, at most four: more would only wait
 * for each other. In a run of `npm test` it is one at a time, because other specs run beside it.
 */
export function inLanes<Item, Result>(
    items: readonly Item[],
    work: (item: Item) => Promise<Result>,
): ReadonlyMap<Item, Promise<Result>> {
    const atOnce = testRunFolder() === undefined ? Math.min(4, availableParallelism()) : 1;
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
