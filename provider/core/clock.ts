/**
 * The clock that operations use.
 *
 * @module
 */

/** The functions of time that this package uses; tests replace them. */
export interface Clock {
    now(): Date;
    /** Milliseconds since an arbitrary moment, by a monotonic clock; the difference of two values is a duration. */
    elapsed(): number;
    sleep(ms: number): Promise<void>;
}

/** Waits for a promise, but no longer than until the signal is aborted; undefined where that came first. */
export async function beforeAbort<T>(signal: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
    if (signal.aborted) return undefined;
    let stop: (() => void) | undefined;
    const aborted = new Promise<undefined>((resolve) => {
        stop = () => {
            resolve(undefined);
        };
        signal.addEventListener("abort", stop, { once: true });
    });
    try {
        return await Promise.race([promise, aborted]);
    } finally {
        if (stop) signal.removeEventListener("abort", stop);
    }
}
