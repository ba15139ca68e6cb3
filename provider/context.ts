/**
 * What the steps of a reissue need from the outside: the API, the time, a place to say something.
 *
 * @module
 */
import type { CertCentral } from "./certcentral/client.js";
import type { Watch } from "./reissue/watch.js";

/** Time, as far as it can be replaced in tests. */
export interface Clock {
    now(): Date;
    /** Milliseconds since some moment, by a clock that nobody sets: for how long something took. */
    elapsed(): number;
    sleep(ms: number): Promise<void>;
}

/** Passed down from the lifecycle to every step. */
export interface Context extends Clock {
    readonly client: CertCentral;
    /** Longest pause between looks at a pending reissue. */
    readonly pollSeconds: number;
    /** What waits in this process shares its looks. */
    readonly watch: Watch;
    /** Prints one line for the user. */
    log(line: string): void;
}
