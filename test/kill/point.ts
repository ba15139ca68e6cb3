/** One interruption point, and what comes of it. */
import { setTimeout as pause } from "node:timers/promises";
import { openScene, type Scene, type Setting } from "./scene.js";
import { type Expected, judge, lostIds } from "./verdict.js";

/** One point. */
export interface Point {
    /** Where on the way of a reissue. */
    readonly at: string;
    /** What happens there. */
    readonly interruption: string;
    readonly setting: Setting;
    readonly expected: Expected;
    /** Why more than one reissue is made here, where nothing on our side can prevent it. */
    readonly window?: string | undefined;
    /** Whether the tests play it too, and not only `npm run kill`. */
    readonly isTested?: boolean;
    /** Up to where the next `up` would be run. */
    play(scene: Scene): Promise<void>;
}

/** What differs from one reissue of a new resource. */
export type Options = Partial<Setting> &
    Partial<Pick<Expected, "ups" | "reissues" | "answerSaved">> &
    Pick<Point, "window">;

/** Makes a point; `posts` is how many POSTs it takes in all. */
export function pointOf(
    at: string,
    interruption: string,
    play: Point["play"],
    posts: number,
    { ups = 1, reissues = 1, answerSaved = false, window, operation = "create", ...setting }: Options = {},
): Point {
    return {
        at,
        interruption,
        play,
        setting: { ...setting, operation },
        expected: { ups, posts, reissues, answerSaved },
        ...(window === undefined ? {} : { window }),
    };
}

/** A point that the tests play too: one of each kind, because all of them take too long for every change. */
export function tested(point: Point): Point {
    return { ...point, isTested: true };
}

/** What came of a point. */
export interface Result {
    readonly point: Point;
    readonly ups: number;
    readonly posts: number;
    readonly reissues: number;
    readonly lostIds: number;
    /** Absent if all is as it has to be. */
    readonly problem?: string;
}

const limitMs = 240_000;

/** The point in one sentence. */
export function sentence({ at, interruption, setting, expected }: Point): string {
    const times = expected.reissues === 1 ? "once" : `${expected.reissues} times`;
    return `${setting.operation}s ${times}: ${interruption} ${at}`;
}

/** Plays one point with the real CLI, from an empty stack to the verdict. */
export async function run(point: Point): Promise<Result> {
    let scene: Scene | undefined;
    let problem: string | undefined;
    try {
        scene = await openScene(point.setting);
        await withinLimit(playAndJudge(point, scene));
    } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
    }
    const counts = {
        ups: scene?.ups ?? 0,
        posts: scene?.posts() ?? 0,
        reissues: scene?.reissues().length ?? 0,
        lostIds: scene === undefined ? 0 : lostIds(scene).length,
    };
    await scene?.close();
    return { point, ...counts, ...(problem === undefined ? {} : { problem }) };
}

async function playAndJudge(point: Point, scene: Scene): Promise<void> {
    await point.play(scene);
    await scene.recover();
    await judge(scene, point.expected);
}

async function withinLimit(work: Promise<void>): Promise<void> {
    const stop = new AbortController();
    const limit = pause(limitMs, undefined, { signal: stop.signal }).then(() => {
        throw new Error(`it was not over after ${limitMs / 1000} s`);
    });
    try {
        await Promise.race([work, limit]);
    } finally {
        stop.abort();
        limit.catch(() => undefined);
    }
}
