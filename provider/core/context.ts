/**
 * What the steps of a reissue need from the outside: the API, the time, a place to say something.
 *
 * @module
 */
import type { Clock } from "./clock.js";
import type { CertCentral } from "./certcentral/client.js";
import type { Watch } from "./reissue/watch.js";

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

/**
 * What steps are given of the process. Its environment, which may hold the key, is left behind, so that no dump of a
 * context shows it.
 */
export function contextOf(
    around: Clock & Pick<Context, "log">,
    account: Pick<Context, "client" | "pollSeconds" | "watch">,
): Context {
    return {
        now: () => around.now(),
        elapsed: () => around.elapsed(),
        sleep: (ms) => around.sleep(ms),
        log: (line) => {
            around.log(line);
        },
        ...account,
    };
}
