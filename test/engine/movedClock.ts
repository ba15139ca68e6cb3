/** A clock for child processes of Node: real time, moved. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeFolder, temporaryFolder } from "./folders.js";

/** Moves the time that children started with its {@link MovedClock.env} see. */
export class MovedClock {
    readonly #folder = temporaryFolder("clock");
    readonly #file = join(this.#folder, "offset");

    constructor() {
        this.set(new Date());
    }

    /** For the environment of a child, and of what it starts in turn. */
    get env(): Record<string, string> {
        const preload = join(__dirname, "movedClockPreload.js");
        return { NODE_OPTIONS: `--require ${JSON.stringify(preload)}`, MOVED_CLOCK: this.#file };
    }

    /** From now on it is `time` in the children. */
    set(time: Date): void {
        const next = `${this.#file}.next`;
        writeFileSync(next, String(time.getTime() - Date.now()));
        renameSync(next, this.#file); // a child may be reading
    }

    dispose(): void {
        removeFolder(this.#folder);
    }
}
