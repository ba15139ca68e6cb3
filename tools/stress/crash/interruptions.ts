/** The ways in which a run is cut off. */
import { type Child } from "../../../test/engine/child.js";
import { signal } from "../../../test/engine/processTree.js";
import { hostOf } from "./scene.js";

/** One way. */
export interface Interruption {
    readonly name: string;
    /** Whether the provider goes on with what it was doing. */
    readonly hostLives: boolean;
    /** Whether the engine does too, and saves what comes of it. */
    readonly engineLives: boolean;
    /** Resolves when the signal has taken effect. */
    strike(up: Child): Promise<void>;
}

/** The provider host, an orphan now, lives on and ends what it was doing. */
export const cliKilled: Interruption = {
    name: "SIGKILL of the CLI, its host lives on",
    hostLives: true,
    engineLives: false,
    strike: async (up) => {
        up.kill("SIGKILL");
        await up.done;
    },
};

export const allKilled: Interruption = {
    name: "SIGKILL of CLI and host",
    hostLives: false,
    engineLives: false,
    strike: (up) => up.end(),
};

export const hostKilled: Interruption = {
    name: "SIGKILL of the host",
    hostLives: false,
    engineLives: false,
    strike: async (up) => {
        signal(hostOf(up).pid, "SIGKILL");
        await up.done;
    },
};

/** The engine waits for what has begun. */
export const interrupted: Interruption = {
    name: "SIGINT",
    hostLives: true,
    engineLives: true,
    strike: async (up) => {
        up.kill("SIGINT");
        await up.waitForLine(/\^C received; cancelling/);
    },
};

/** The engine kills its host. */
export const interruptedTwice: Interruption = {
    name: "SIGINT twice",
    hostLives: false,
    engineLives: false,
    strike: async (up) => {
        await interrupted.strike(up);
        up.kill("SIGINT");
        await up.done;
    },
};
