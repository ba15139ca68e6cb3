/**
 * Points with a late orphan, the provider host of a killed CLI: it reads the order or sends the POST during or after the next
 * `up`, so that its read of the order is out of date.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type ProcessEntry, signal } from "../../../test/engine/processTree.js";
import { type Held } from "../../../simulator/index.js";
import { cliKilled } from "./interruptions.js";
import { type Options, type Point, pointOf } from "./point.js";
import { DOWNLOAD, hostOf, POST, READ, reached, type Scene } from "./scene.js";

/** Time for which a read allows a POST: 5 s. */
const readIsGoodForMs = 5000;

/** Runs an `up` until a request is held, and kills its CLI. */
async function orphaned(
    scene: Scene,
    ...where: Parameters<Scene["hold"]>
): Promise<{ held: Held; host: ProcessEntry }> {
    const held = scene.hold(...where);
    const up = scene.start();
    await reached(held, up);
    const host = hostOf(up);
    await cliKilled.strike(up);
    return { held, host };
}

async function over(held: Held): Promise<void> {
    held.release();
    await held.over;
}

/** The orphan's POST is committed during the preflight read of the next `up`. */
function commitDuringRead(at: "arrival" | "answer"): Point["play"] {
    return async (scene) => {
        const { held: post } = await orphaned(scene, POST, "arrival");
        const read = scene.hold(READ, at);
        const next = await scene.again();
        await reached(read, next);
        await over(post);
        await over(read);
        await next.done;
    };
}

const commitAfterNextUp: Point["play"] = async (scene) => {
    const { held: post } = await orphaned(scene, POST, "arrival");
    await (
        await scene.again()
    ).done;
    await over(post);
};

/** The orphan sleeps, as on a closed laptop, and wakes when its read is too old. */
const wakeAfterNextUp: Point["play"] = async (scene) => {
    const { held: read, host } = await orphaned(scene, READ, "answer");
    // The process is stopped after its CLI has ended, because the kernel ends a stopped process that becomes an orphan.
    signal(host.pid, "SIGSTOP");
    await over(read);
    await nextUpAndFiveSeconds(scene);
    const settled = postedOrTakenOver(scene);
    signal(host.pid, "SIGCONT");
    await settled;
};

/** The answer to the orphan's read is delayed for too long. */
const readAnsweredLate: Point["play"] = async (scene) => {
    const { held: read } = await orphaned(scene, READ, "answer");
    await nextUpAndFiveSeconds(scene);
    const settled = postedOrTakenOver(scene);
    read.release();
    await settled;
};

async function nextUpAndFiveSeconds(scene: Scene): Promise<void> {
    const tooOld = pause(readIsGoodForMs + 100);
    await (
        await scene.again()
    ).done;
    await tooOld;
}

/** The orphan's last request: the POST, or the download of the existing certificate. */
async function postedOrTakenOver(scene: Scene): Promise<void> {
    await Promise.race([scene.answered(POST), scene.answered(DOWNLOAD)]);
}

/** The next `up` ends with a pending request; the one after it finds that it was approved. */
const approvedLater: Options = { policy: { approval: "required" }, ups: 2 };

const late = (at: string, play: Point["play"], posts: number, options: Options = {}): Point =>
    pointOf(at, cliKilled.name, play, posts, options);

export const orphans: readonly Point[] = [
    late("its POST is committed during the next pre-flight read", commitDuringRead("arrival"), 1),
    late("its POST is committed during the next pre-flight read", commitDuringRead("arrival"), 1, {
        operation: "update",
    }),
    late("its read is too old when it wakes, after the next up", wakeAfterNextUp, 1),
    late("its read is too old when it wakes, after the next up", wakeAfterNextUp, 1, { operation: "update" }),
    late("its read is answered too late, after the next up", readAnsweredLate, 1),
    late(
        "its POST is committed between the next read and POST, which is refused",
        commitDuringRead("answer"),
        2,
        approvedLater,
    ),
    late("its POST arrives after the next up, and is refused", commitAfterNextUp, 2, approvedLater),
    late("its POST arrives after the next up, and replaces its request", commitAfterNextUp, 2, {
        ...approvedLater,
        secondReissue: "replace",
        reissues: 2,
        // With hidden comments nothing tells the replacement from a colleague's reissue: up fails, and a refresh follows it.
        onlyShown: true,
        window: "a POST that was sent cannot be called back: the later one replaces the earlier one, and one certificate is issued",
    }),
    late("its POST is committed between the next read and POST", commitDuringRead("answer"), 2, {
        reissues: 2,
        window: "a POST that was sent cannot be called back: held up in the network, it is committed after the next run has read the order",
    }),
    late("its POST arrives after the next up", commitAfterNextUp, 2, {
        reissues: 2,
        window: "a POST that was sent cannot be called back: held up in the network, it is committed after the next run has ended",
    }),
];
