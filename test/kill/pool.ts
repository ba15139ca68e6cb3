/** Plays points, a few at a time. */
import { inLanes } from "../engine/lanes.js";
import { type Point, type Result, run } from "./point.js";

/** Starts the points in their order; `atOnce` defaults to the number of processors. */
export const play = (points: readonly Point[], atOnce?: number): ReadonlyMap<Point, Promise<Result>> =>
    inLanes(points, run, atOnce);
