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
