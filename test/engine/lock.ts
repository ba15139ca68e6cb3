/** Lets one process at a time do something in a folder. */
import { mkdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { atExit } from "./cleanup.js";

/** Times in milliseconds. */
export interface LockTimes {
    /** How often a holder shows that it is alive. */
    beatMs: number;
    /** A lock that showed no life for so long is that of a process that was killed. */
    staleMs: number;
}

const defaultTimes: LockTimes = { beatMs: 2_000, staleMs: 20_000 };

/**
 * Runs the work while holding a lock, a folder: making one is atomic everywhere.
 *
 * @param path - the folder that is the lock
 * @param waiting - told once, if another process holds it
 */
export async function withLock<T>(
    path: string,
    work: () => Promise<T>,
    waiting: () => void,
    times: LockTimes = defaultTimes,
): Promise<T> {
    mkdirSync(dirname(path), { recursive: true });
    let told = false;
    while (!tryLock(path)) {
        if (ageOf(path) > times.staleMs) {
            breakLock(path);
            continue;
        }
        if (!told) waiting();
        told = true;
        await pause(times.beatMs / 2);
    }
    const release = (): void => {
        rmSync(path, { recursive: true, force: true });
    };
    const forget = atExit(release);
    const beat = setInterval(() => {
        showLife(path);
    }, times.beatMs);
    try {
        return await work();
    } finally {
        clearInterval(beat);
        forget();
        release();
    }
}

function tryLock(path: string): boolean {
    try {
        mkdirSync(path);
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
        throw error;
    }
}

function showLife(path: string): void {
    const now = new Date();
    try {
        utimesSync(path, now, now);
    } catch {
        // Somebody took us for dead, after this machine slept for example. The work writes to names of its own
        // and renames at the end, so that two at once cost time only.
    }
}

function ageOf(path: string): number {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? 0 : Date.now() - found.mtimeMs;
}

/** Renaming first: of two processes that see the same stale lock, one only may take it away. */
function breakLock(path: string): void {
    const aside = `${path}.${process.pid}`;
    try {
        renameSync(path, aside);
    } catch {
        return; // the other one did
    }
    rmSync(aside, { recursive: true, force: true });
}
