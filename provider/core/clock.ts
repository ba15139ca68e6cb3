/**
 * The clock that operations use.
 *
 * @module
 */
import { setMaxListeners } from "node:events";

/** The functions of time that this package uses; tests replace them. */
export interface Clock {
    now(): Date;
    /** Milliseconds since an arbitrary moment, by a monotonic clock; the difference of two values is a duration. */
    elapsed(): number;
    /** Resolves after `ms` milliseconds. */
    sleep(ms: number): Promise<void>;
}

/** Waits for a promise, but no longer than until the signal is aborted; returns undefined if the signal was aborted first. */
export async function waitUnlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
    if (signal.aborted) return undefined;
    let stop: (() => void) | undefined;
    const aborted = new Promise<undefined>((resolve) => {
        stop = () => {
            resolve(undefined);
        };
        listenForAbort(signal, stop);
    });
    try {
        return await Promise.race([promise, aborted]);
    } finally {
        if (stop) signal.removeEventListener("abort", stop);
    }
}

/**
 * Calls back when the signal is aborted. The limit on listeners is lifted, because many operations wait with one signal, and Node
 * warns of a leak from the eleventh listener on.
 */
export function listenForAbort(signal: AbortSignal, stop: () => void): void {
    setMaxListeners(0, signal);
    signal.addEventListener("abort", stop, { once: true });
}
