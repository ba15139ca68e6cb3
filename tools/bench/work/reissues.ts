/** Tasks that make certificates: (a), (b) and (c). */
import { rows } from "../rows.js";
import { GROUP, type Sizes } from "../sizes.js";
import { applyAll, type Bench } from "./bench.js";

/** (a) One reissue, issued at once. */
export async function single(bench: Bench, { single: { rounds } }: Sizes): Promise<void> {
    const task = { work: "a", what: "1 order", orders: await rows(1) } as const;
    const { ours, plugin, handWritten, engine, terraform, curl } = bench;
    await applyAll(bench, task, rounds, [ours, ...plugin, handWritten, engine, ...terraform, curl]);
}

/** (b) Many orders, issued at once; and what the engine alone takes for as many orders as a window of the quota lets through. */
export async function atOnce(bench: Bench, { atOnce: { orders, rounds } }: Sizes): Promise<void> {
    const { ours, plugin, handWritten, engine, terraform } = bench;
    // The plugin takes part from one language only: the quota decides, whatever the program is written in.
    const contenders = [ours, ...plugin.slice(0, 1), handWritten, engine, ...terraform];
    await applyAll(bench, { work: "b", what: `${GROUP} orders`, orders: await rows(GROUP) }, rounds, [
        engine,
    ]);
    for (const count of orders) {
        const task = { work: "b", what: `${count} orders`, orders: await rows(count) } as const;
        await applyAll(bench, task, rounds, contenders);
        // Pulumi begins with the next order only when one of its places is free, of which it has four for each CPU.
        const placeForEach = { ...task, what: `${count} orders, --parallel ${count}`, parallel: count };
        await applyAll(bench, placeForEach, rounds, [ours, ...plugin.slice(0, 1)]);
    }
}

/** (c) Orders whose issuance takes time, with a `--parallel` place for each. */
export async function waiting(bench: Bench, { waiting: sizes }: Sizes): Promise<void> {
    const { orders: count, issuanceMs, rounds } = sizes;
    const { ours, handWritten, terraform } = bench;
    const what = `${count} orders of ${issuanceMs / 1000} s`;
    const task = { work: "c", what, orders: await rows(count), issuanceMs, parallel: count } as const;
    await applyAll(bench, task, rounds, [ours, handWritten, ...terraform]);
}
