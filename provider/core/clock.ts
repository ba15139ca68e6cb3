/**
 * Time.
 *
 * @module
 */

/** Time, as far as it can be replaced in tests. */
export interface Clock {
    now(): Date;
    /** Milliseconds since some moment, by a clock that nobody sets: for how long something took. */
    elapsed(): number;
    sleep(ms: number): Promise<void>;
}
