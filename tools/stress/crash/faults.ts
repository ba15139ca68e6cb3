/** Points without a kill: the answer to the POST is lost or unreadable. */
import assert from "node:assert/strict";
import { type Fault } from "../../../simulator/index.js";
import { type Options, type Point, pointOf } from "./point.js";
import { LIST, POST, READ, reached } from "./scene.js";

/** Time limit of a request: 2 s. */
const timeout = { DIGICERT_REQUEST_TIMEOUT_SECONDS: "2" };

function struck(fault: Fault): Point["play"] {
    return async (scene) => {
        scene.simulator.fault({ ...POST, ...fault });
        await scene.start().done;
    };
}

const dropped: Point["play"] = async (scene) => {
    const held = scene.hold(POST, "arrival");
    held.drop();
    await scene.start().done;
};

/** Waits for the second POST, which the client sends only after it has read the order for a while. */
const commitAfterTimeOut: Point["play"] = async (scene) => {
    const held = scene.hold(POST, "arrival");
    const looked = scene.answered(LIST);
    const up = scene.start([], timeout);
    await reached(held, up);
    await Promise.race([looked, up.done]);
    held.release();
    await held.over;
    await up.done;
};

/** Commits the first POST when the second POST, sent after the reads, has arrived or has been answered. */
function commitWithSecond(at: "arrival" | "answer"): Point["play"] {
    return async (scene) => {
        const first = scene.hold(POST, "arrival");
        const second = scene.hold(POST, at, 2);
        const up = scene.start([], timeout);
        await reached(second, up);
        if (at === "answer") {
            second.release();
            await second.over;
        }
        first.release();
        await first.over;
        second.release();
        await up.done;
    };
}

const refused: Point["play"] = async (scene) => {
    await scene.start([], { DIGICERT_BASE_URL: "http://127.0.0.1:9/services/v2" }).done;
};

/** Loses the answer and makes the order unreadable, so that the run ends with an unclear outcome. */
const outage: Point["play"] = async (scene) => {
    scene.simulator.fault({ ...POST, kind: "lost-answer" });
    scene.simulator.fault({ ...READ, kind: "html", nth: 2, times: Infinity });
    await scene.start([], { DIGICERT_SETTLE_SECONDS: "3" }).done;
    scene.simulator.clearFaults();
    assert.equal(scene.resource()?.outputs.status, "unknown");
};

/** Nobody approves in time, so the run fails and saves the ids. */
const notApproved: Point["play"] = async (scene) => {
    const { exitCode, output } = await scene.start().done;
    assert.notEqual(exitCode, 0, output);
    const { requestIds, status } = scene.resource()?.outputs ?? {};
    const given = scene.reissues().map(({ requestId }) => requestId);
    assert.deepEqual({ requestIds, status }, { requestIds: given, status: "pending_approval" });
};

const approval: Options = { policy: { approval: "required" } };

const odd = (interruption: string, play: Point["play"], posts: number, options: Options = {}): Point =>
    pointOf("at the POST", interruption, play, posts, options);

const plainUp: Point["play"] = async (scene) => {
    await scene.start().done;
};

export const faults: readonly Point[] = [
    odd("answer lost after the commit", struck({ kind: "lost-answer" }), 1),
    odd("answer lost after the commit", struck({ kind: "lost-answer", reset: true }), 1, {
        operation: "update",
    }),
    pointOf("at the pre-flight read", "connection refused", refused, 1),
    odd("answer lost, and the order cannot be read,", outage, 1),
    pointOf("while it waits for approval", "issuanceTimeoutSeconds are over", notApproved, 1, {
        ...approval,
        answerSaved: true,
        args: "waitForApproval: true, issuanceTimeoutSeconds: 1,",
    }),
    pointOf("while it waits for approval", "nothing is issued for the new key", notApproved, 1, {
        ...approval,
        answerSaved: true,
        operation: "update",
    }),
    odd("connection lost, never committed", dropped, 2),
    odd("time-out, committed while the order is looked at", commitAfterTimeOut, 1),
    odd("connection lost, committed 0.6 s later", struck({ kind: "delayed-commit", ms: 600 }), 1, {
        operation: "update",
    }),
    odd("502 and HTML, not committed", struck({ kind: "html" }), 2),
    odd("502 and HTML, committed", struck({ kind: "html", commit: true }), 1),
    odd("201 with JSON that is cut off", struck({ kind: "cut-off", shortened: true }), 1),
    odd("201 without requests", plainUp, 1, { policy: { omitFrom201: ["requests"] } }),
    odd("201 without any id", plainUp, 1, {
        operation: "update",
        policy: { omitFrom201: ["id", "requests", "certificate_id", "certificate_chain"] },
    }),
    odd(
        "time-out, committed when the second POST has arrived, which is refused",
        commitWithSecond("arrival"),
        2,
        approval,
    ),
    odd("time-out, committed after the second POST: refused", commitWithSecond("answer"), 2, approval),
    odd("time-out, committed after the second POST", commitWithSecond("answer"), 2, {
        reissues: 2,
        window: "DigiCert commits a POST later than settleSeconds (60 s), after a read has allowed the second POST",
    }),
];
