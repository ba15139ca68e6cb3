/** (d) Runs without changes. */
import { type Contender, type Prepared } from "../contenders/contender.js";
import { jobOf, measured, type Task, WITHOUT_CHECKPOINTS } from "../measure.js";
import { rows } from "../rows.js";
import { type Server, startServer } from "../server.js";
import { type Sizes } from "../sizes.js";
import { type Bench, interleaved } from "./bench.js";

const MOST_OF_TERRAFORM = 500;

interface Standing {
    readonly server: Server;
    readonly prepared: Prepared;
}

export async function quiet(bench: Bench, { quiet: { orders, rounds } }: Sizes): Promise<void> {
    for (const count of orders) await quietRuns(bench, count, rounds);
}

async function quietRuns(bench: Bench, count: number, rounds: number): Promise<void> {
    const { ours, plugin, handWritten, engine, emptyPlugin, terraform } = bench;
    // Terraform reads each resource, and of more resources the quota alone would decide.
    const others = count <= MOST_OF_TERRAFORM ? terraform : [];
    const contenders = [ours, ...plugin, handWritten, engine, ...emptyPlugin, ...others];
    const standing = new Map<Contender, Standing>();
    const standingOf = (contender: Contender): Standing => {
        const found = standing.get(contender);
        if (!found) throw new Error(`${contender.name} was not made ready`);
        return found;
    };
    const task = { work: "d", orders: await rows(count) } as const;
    try {
        // The stack is made without checkpoints, to save time.
        const env = WITHOUT_CHECKPOINTS;
        const setUp = async (contender: Contender): Promise<void> => {
            const server = await startServer(task.orders);
            const made = await contender.prepare(jobOf({ ...task, what: "", env } satisfies Task, server));
            standing.set(contender, { server, prepared: made });
            await server.enforceQuota(false);
            await made.apply();
            await server.enforceQuota(true);
        };
        // The stacks are made at the same time and without the simulator's quota, because this is not measured.
        await Promise.all(contenders.map(setUp));
        await interleaved(rounds, contenders, async (contender) => {
            const { server, prepared } = standingOf(contender);
            const previewed = { ...task, what: `${count} resources, preview` };
            bench.record(await measured(previewed, contender, server, () => prepared.preview()));
            const applied = { ...task, what: `${count} resources, up` };
            bench.record(await measured(applied, contender, server, () => prepared.apply()));
        });
    } finally {
        for (const { server, prepared } of standing.values()) {
            await prepared.dispose();
            await server.close();
        }
    }
}
