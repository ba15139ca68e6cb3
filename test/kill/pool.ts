/** Plays points, a few at a time. */
import { availableParallelism } from "node:os";
import { type Point, type Result, run } from "./point.js";

/** More would only wait for each other. */
const most = 4;

/** Starts the points in their order, as many at a time as there are processors. */
export function play(
    points: readonly Point[],
    atOnce = Math.min(most, availableParallelism()),
): ReadonlyMap<Point, Promise<Result>> {
    const results = new Map<Point, Promise<Result>>();
    const running: Promise<unknown>[] = Array.from({ length: atOnce }, () => Promise.resolve());
    points.forEach((point, index) => {
        const lane = index % atOnce;
        const result = (running[lane] ?? Promise.resolve()).then(() => run(point));
        running[lane] = result.catch(() => undefined);
        results.set(point, result);
    });
    return results;
}
