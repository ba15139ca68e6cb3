/** Tasks that make certificates: (a), (b), (c), (e) and (f). */
import { WITHOUT_CHECKPOINTS } from "../measure.js";
import { rows } from "../rows.js";
import { type Sizes } from "../sizes.js";
import { applyAll, type Bench } from "./bench.js";

/** (a) One reissue, issued at once. */
export async function single(bench: Bench, { single: { rounds } }: Sizes): Promise<void> {
    const task = { work: "a", what: "1 order", orders: await rows(1), behaviour: {} } as const;
    const { ours, plugin, handWritten, engine, terraform, curl } = bench;
    await applyAll(bench, task, rounds, [ours, ...plugin, handWritten, engine, ...terraform, curl]);
}

/** (b) Many orders, issued at once. */
export async function atOnce(bench: Bench, { atOnce: { orders, rounds } }: Sizes): Promise<void> {
    const { ours, plugin, handWritten, engine, terraform } = bench;
    for (const count of orders) {
        const task = {
            work: "b",
            what: `${count} orders`,
            orders: await rows(count),
            behaviour: {},
        } as const;
        await applyAll(bench, task, rounds, [ours, ...plugin, handWritten, engine, ...terraform]);
    }
}

/**
 * (c) Orders whose issuance takes time, with a `--parallel` place for each order and with the engine's default. The quota is
 * enforced, because a poller per order exceeds it; the same is measured without the quota.
 */
export async function waiting(bench: Bench, { waiting: sizes }: Sizes): Promise<void> {
    const { orders: count, issuanceMs, rounds, roundsWithoutQuota, roundsByDefault } = sizes;
    const { ours, handWritten, terraform } = bench;
    const what = `${count} orders of ${issuanceMs / 1000} s`;
    const free = { work: "c", orders: await rows(count), behaviour: { issuanceMs } } as const;
    const limited = { ...free, behaviour: { issuanceMs, rateLimit: true } };
    const wide = { what: `${what}, --parallel ${count}`, parallel: count };
    await applyAll(bench, { ...limited, ...wide }, rounds, [ours, handWritten, ...terraform]);
    const unlimited = { ...free, ...wide, what: `${wide.what}, no quota` };
    await applyAll(bench, unlimited, roundsWithoutQuota, [ours, handWritten]);
    await applyAll(bench, { ...limited, what }, roundsByDefault, [ours, handWritten]);
}

/** (e) The quota is enforced. */
export async function quota(bench: Bench, { quota: { orders, rounds } }: Sizes): Promise<void> {
    const { ours, handWritten, engine, terraform } = bench;
    for (const count of orders) {
        const what = `${count} orders, quota`;
        const task = { work: "e", what, orders: await rows(count), behaviour: { rateLimit: true } } as const;
        await applyAll(bench, task, rounds, [ours, handWritten, engine, ...terraform]);
    }
}

/** (f) The time of writing the state: the same as (b) without checkpoints. */
export async function unsaved(bench: Bench, { unsaved: { orders, rounds } }: Sizes): Promise<void> {
    const { ours, handWritten, engine } = bench;
    for (const count of orders) {
        const what = `${count} orders, no checkpoints`;
        const task = {
            work: "f",
            what,
            orders: await rows(count),
            behaviour: {},
            env: WITHOUT_CHECKPOINTS,
        } as const;
        await applyAll(bench, task, rounds, [ours, handWritten, engine]);
    }
}
