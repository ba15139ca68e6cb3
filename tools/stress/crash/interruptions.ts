/** The ways to interrupt a run. */
import { type Child } from "../../../test/engine/child.js";
import { signal } from "../../../test/engine/processTree.js";
import { hostOf } from "./scene.js";

/** A way to interrupt a run. */
export interface Interruption {
    readonly name: string;
    /** Whether the provider goes on with its operation. */
    readonly hostLives: boolean;
    /** Whether the engine goes on too, and saves the result. */
    readonly engineLives: boolean;
    /** Resolves when the signal has taken effect. */
    strike(up: Child): Promise<void>;
}

/** Kills the engine; the provider host becomes an orphan and completes its operation. */
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

/** Interrupts the engine, which waits for running operations. */
export const interrupted: Interruption = {
    name: "SIGINT",
    hostLives: true,
    engineLives: true,
    strike: async (up) => {
        up.kill("SIGINT");
        await up.waitForLine(/\^C received; cancelling/);
    },
};

/** Interrupts the engine twice, so that it kills its host. */
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
