/** A clock for child processes of Node: real time with an offset. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeFolder, temporaryFolder } from "./folders.js";

/** Moves the clock of child processes that have {@link MovedClock.env} in their environment. */
export class MovedClock {
    readonly #folder = temporaryFolder("clock");
    readonly #file = join(this.#folder, "offset");

    constructor() {
        this.set(new Date());
    }

    /** Environment variables for a child process and its descendants. */
    get env(): Record<string, string> {
        const preload = join(__dirname, "movedClockPreload.js");
        return { NODE_OPTIONS: `--require ${JSON.stringify(preload)}`, MOVED_CLOCK: this.#file };
    }

    /** Sets the time in the child processes. */
    set(time: Date): void {
        const next = `${this.#file}.next`;
        writeFileSync(next, String(time.getTime() - Date.now()));
        renameSync(next, this.#file); // a child may be reading
    }

    dispose(): void {
        removeFolder(this.#folder);
    }
}
