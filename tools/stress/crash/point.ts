/** An interruption point and its expected result. */
import { setTimeout as pause } from "node:timers/promises";
import { openScene, type Scene, type Setting } from "./scene.js";
import { type Expected, judge, lostIds } from "./verdict.js";

export type Comments = "shown" | "hidden";

/** An interruption point. */
export interface Point {
    /** The moment of the reissue. */
    readonly at: string;
    /** The interruption. */
    readonly interruption: string;
    readonly setting: Setting;
    readonly expected: Expected;
    /** Why there may be two reissues, if no client can prevent it. */
    readonly window?: string | undefined;
    /** Whether the reissue can be recognised by its marker only. */
    readonly markerOnly?: boolean | undefined;
    /** Whether the point is played with shown comments only. */
    readonly onlyShown?: boolean | undefined;
    /** Whether DigiCert shows the comments of a reissue, which carry the marker. */
    readonly comments: Comments;
    /** With shown or hidden comments, if `npm test` plays the point too. */
    readonly testedWith?: Comments;
    /** The moment to which the next `up` is run. */
    play(scene: Scene): Promise<void>;
}

/** Options that differ from one reissue of a new resource. */
export type Options = Partial<Setting> &
    Partial<Pick<Expected, "ups" | "reissues" | "answerSaved">> &
    Pick<Point, "window" | "markerOnly" | "onlyShown">;

/** Makes a point; `posts` is the expected number of POSTs. */
export function pointOf(
    at: string,
    interruption: string,
    play: Point["play"],
    posts: number,
    {
        ups = 1,
        reissues = 1,
        answerSaved = false,
        window,
        markerOnly,
        onlyShown,
        operation = "create",
        ...setting
    }: Options = {},
): Point {
    return {
        at,
        interruption,
        play,
        setting: { ...setting, operation },
        expected: { ups, posts, reissues, answerSaved },
        window,
        markerOnly,
        onlyShown,
        comments: "shown",
    };
}

/** A point that `npm test` plays too: all of them take too long for every change. */
export function tested(point: Point, testedWith: Comments): Point {
    return { ...point, testedWith };
}

/** Makes the same point for the plugin's resource. */
export function throughPlugin(point: Point): Point {
    return { ...point, at: `${point.at}, through the plugin`, setting: { ...point.setting, door: "plugin" } };
}

/** The result of a point. */
export interface Result {
    readonly point: Point;
    readonly ups: number;
    readonly posts: number;
    readonly reissues: number;
    readonly lostIds: number;
    readonly problems: readonly string[];
}

const limitMs = 240_000;

/**
 * Makes the same point with hidden comments. If the reissue can be recognised by its marker only, the next `up` requests a second
 * reissue, because DigiCert shows nothing else by which a client could recognise the first.
 */
export function withHiddenComments(point: Point): Point {
    const { setting, expected, markerOnly } = point;
    const hidden = { ...point, at: `${point.at}; comments hidden`, comments: "hidden" as const };
    const policy = { ...setting.policy, showComments: false };
    return markerOnly === true
        ? {
              ...hidden,
              setting: { ...setting, policy },
              expected: { ...expected, posts: expected.posts + 1, reissues: expected.reissues + 1 },
              window: "the change does not show in the certificate, and DigiCert shows no comments",
          }
        : { ...hidden, setting: { ...setting, policy } };
}

/** Describes the point in one sentence. */
export function sentence({ at, interruption, setting, expected }: Point): string {
    const times = expected.reissues === 1 ? "once" : `${expected.reissues} times`;
    return `${setting.operation}s ${times}: ${interruption} ${at}`;
}

/** Plays one point with the real CLI, from an empty stack to the verdict. */
export async function run(point: Point): Promise<Result> {
    let scene: Scene | undefined;
    const problems: string[] = [];
    try {
        scene = await openScene(point.setting);
        await withinLimit(playAndJudge(point, scene));
    } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
    }
    const counts = {
        ups: scene?.ups ?? 0,
        posts: scene?.posts() ?? 0,
        reissues: scene?.reissues().length ?? 0,
        lostIds: scene === undefined ? 0 : lostIds(scene).length,
    };
    await scene?.close();
    return { point, ...counts, problems };
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
