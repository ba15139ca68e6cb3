/** Sizes of the tasks. */

/** The sizes of a run. */
export interface Sizes {
    /** (a) One reissue. */
    readonly single: { readonly rounds: number };
    /** (b) Issued at once. */
    readonly atOnce: { readonly orders: readonly number[]; readonly rounds: number };
    /** (c) Takes time to issue. */
    readonly waiting: {
        readonly orders: number;
        readonly issuanceMs: number;
        readonly rounds: number;
        /** Without the quota, which DigiCert always enforces. */
        readonly roundsWithoutQuota: number;
        /** With the engine's own `--parallel`. */
        readonly roundsByDefault: number;
    };
    /** (d) Nothing to do. */
    readonly quiet: { readonly orders: readonly number[]; readonly rounds: number };
    /** (e) The quota is enforced. */
    readonly quota: { readonly orders: readonly number[]; readonly rounds: number };
    /** (f) Without checkpoints. */
    readonly unsaved: { readonly orders: readonly number[]; readonly rounds: number };
    /** (g) Cold start. */
    readonly cold: { readonly rounds: number };
}

export const full: Sizes = {
    single: { rounds: 5 },
    atOnce: { orders: [50, 200, 500], rounds: 3 },
    waiting: { orders: 200, issuanceMs: 20_000, rounds: 3, roundsWithoutQuota: 1, roundsByDefault: 1 },
    quiet: { orders: [500, 2000], rounds: 3 },
    quota: { orders: [200, 600], rounds: 2 },
    unsaved: { orders: [200, 500], rounds: 2 },
    cold: { rounds: 15 },
};

/** The sizes of a run of less than four minutes, the build included. */
export const quick: Sizes = {
    single: { rounds: 1 },
    atOnce: { orders: [], rounds: 0 },
    waiting: { orders: 10, issuanceMs: 2000, rounds: 1, roundsWithoutQuota: 0, roundsByDefault: 0 },
    quiet: { orders: [20], rounds: 1 },
    quota: { orders: [60], rounds: 1 },
    unsaved: { orders: [], rounds: 0 },
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
        quota: capped(sizes.quota),
        unsaved: capped(sizes.unsaved),
        cold: capped(sizes.cold),
    };
}
