/** Sizes of the tasks. */

/** The orders whose requests, two each, fill a window of DigiCert's quota. */
export const GROUP = 50;

/** The sizes of a run. */
export interface Sizes {
    /** (a) One reissue. */
    readonly single: { readonly rounds: number };
    /** (b) Many, issued at once. */
    readonly atOnce: { readonly orders: readonly number[]; readonly rounds: number };
    /** (c) Many that take time to issue. */
    readonly waiting: { readonly orders: number; readonly issuanceMs: number; readonly rounds: number };
    /** (d) Nothing to do. */
    readonly quiet: { readonly orders: readonly number[]; readonly rounds: number };
    /** (e) Cold start. */
    readonly cold: { readonly rounds: number };
}

export const full: Sizes = {
    single: { rounds: 5 },
    atOnce: { orders: [200, 600], rounds: 2 },
    waiting: { orders: 200, issuanceMs: 20_000, rounds: 2 },
    quiet: { orders: [500, 2000], rounds: 3 },
    cold: { rounds: 15 },
};

/** The sizes of a run of less than four minutes, the build included. */
export const quick: Sizes = {
    single: { rounds: 1 },
    atOnce: { orders: [60], rounds: 1 },
    waiting: { orders: 10, issuanceMs: 2000, rounds: 1 },
    quiet: { orders: [20], rounds: 1 },
    cold: { rounds: 1 },
};

/** Limits the number of rounds. */
export function withRounds(sizes: Sizes, most: number): Sizes {
    const capped = <T extends { rounds: number }>(part: T): T => ({
        ...part,
        rounds: Math.min(part.rounds, most),
    });
    return {
        single: capped(sizes.single),
        atOnce: capped(sizes.atOnce),
        waiting: capped(sizes.waiting),
        quiet: capped(sizes.quiet),
        cold: capped(sizes.cold),
    };
}
