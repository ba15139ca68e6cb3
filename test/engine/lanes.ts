/** Long work, a little at a time. */
import { availableParallelism } from "node:os";

/** More would only wait for each other. */
const most = 4;

/** Starts the work on the items in their order, on as many at a time as there are processors. */
export function inLanes<Item, Result>(
    items: readonly Item[],
    work: (item: Item) => Promise<Result>,
    atOnce = Math.min(most, availableParallelism()),
): ReadonlyMap<Item, Promise<Result>> {
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
