/** The moments of a reissue at which a run is interrupted. */
import { type Child } from "../../../test/engine/child.js";
import { signal } from "../../../test/engine/processTree.js";
import { type Held } from "../../../simulator/index.js";
import { gatedProgram, holdGate } from "./gate.js";
import { cliKilled, interrupted, type Interruption } from "./interruptions.js";
import { DOWNLOAD, hostOf, POST, READ, reached, type Scene, type Setting } from "./scene.js";

/** A moment of a reissue. */
export interface Moment {
    readonly name: string;
    readonly setting?: Partial<Setting>;
    /** Runs a new `up` to this moment. */
    come(scene: Scene): Promise<{ up: Child; held: Held }>;
    /** Interruptions after which the plugin's operation goes no further, although its process lives. */
    readonly endsInPlugin?: readonly Interruption[];
    /** Ends the request after the interruption. */
    goOn(scene: Scene, held: Held, interruption: Interruption): Promise<void>;
}

type Where = Parameters<Scene["hold"]>;

function holding(...where: Where): Moment["come"] {
    return async (scene) => {
        const held = scene.hold(...where);
        const up = scene.start();
        await reached(held, up);
        return { up, held };
    };
}

async function released(_scene: Scene, held: Held): Promise<void> {
    held.release();
    await held.over;
}

export const beforeRead: Moment = {
    name: "between check and the pre-flight read",
    setting: { program: gatedProgram },
    come: holdGate,
    goOn: released,
};

export const duringRead: Moment = {
    name: "during the pre-flight read",
    endsInPlugin: [interrupted],
    come: holding(READ, "arrival"),
    goOn: async (scene, held, { hostLives }) => {
        const posted = hostLives ? scene.answered(POST) : undefined;
        await released(scene, held);
        await posted;
    },
};

/** The host is interrupted before it reads the answer. */
export const afterRead: Moment = {
    name: "after the read, before the POST",
    come: async (scene) => {
        const { up, held } = await holding(READ, "answer")(scene);
        signal(hostOf(up).pid, "SIGSTOP");
        await released(scene, held);
        return { up, held };
    },
    goOn: () => Promise.resolve(),
};

export const committedLater: Moment = {
    name: "during the POST, committed after it",
    come: holding(POST, "arrival"),
    goOn: released,
};

/** A host that was not killed sends the POST again, after proof that the first was not accepted. */
export const neverCommitted: Moment = {
    name: "during the POST, never committed",
    endsInPlugin: [cliKilled],
    come: holding(POST, "arrival"),
    goOn: async (scene, held, { hostLives }) => {
        const posted = hostLives ? scene.answered(POST) : undefined;
        held.drop();
        await posted;
    },
};

export const afterCommit: Moment = {
    name: "after the commit, before the answer",
    come: holding(POST, "answer"),
    goOn: released,
};

export const duringDownload: Moment = {
    name: "after the answer, before the download",
    setting: { policy: { includeChain: false } },
    come: holding(DOWNLOAD, "arrival"),
    goOn: released,
};

export const whilePolling: Moment = {
    name: "during a look while DigiCert validates",
    // Validation by e-mail has no token, so only DigiCert has to act.
    setting: { policy: { domains: "unvalidated", dcvMethod: "email" } },
    come: holding(READ, "arrival", 2),
    goOn: async (scene, held) => {
        await scene.simulator.issue(scene.orderId);
        await released(scene, held);
    },
};

export const awaitingApproval: Moment = {
    name: "while it waits for approval",
    endsInPlugin: [interrupted],
    setting: { policy: { approval: "required" }, args: "waitForApproval: true," },
    come: holding(READ, "arrival", 2),
    goOn: async (scene, held, { hostLives }) => {
        await released(scene, held);
        if (hostLives) await scene.approvePending();
        // Otherwise the approval follows when the next up has read the order as pending.
        else void scene.answered(READ).then(() => scene.approvePending());
    },
};

/** The CLI is interrupted before it saves the provider's result. */
export const beforeSave: Moment = {
    name: "after everything, before the state is saved",
    come: async (scene) => {
        const { up, held } = await holding(POST, "answer")(scene);
        up.kill("SIGSTOP");
        await released(scene, held);
        return { up, held };
    },
    goOn: () => Promise.resolve(),
};
