/** The scenarios that are tagged `cli` or `longCli`, with the real CLI; and what the imitated engine made of the same. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CliPool, CliStack } from "../drivers/cli.js";
import { inProcess } from "../drivers/inProcess.js";
import { cliScenarios, collect, on, type CliScenario } from "../drivers/scenario.js";
import type { Run, StackDriver } from "../drivers/driver.js";
import { Stage, type NewStack } from "../drivers/stage.js";
import { inLanes } from "../engine/lanes.js";
import { requireCli } from "../engine/requireCli.js";
import { wrapMethods } from "../fixtures/methods.js";

const load = createRequire(__filename);

collect(() => {
    for (const file of readdirSync(__dirname).filter((name) => name.endsWith(".spec.js"))) {
        const path = join(__dirname, file);
        if (/\bscenario\)?\(/.test(readFileSync(path, "utf8")) && path !== __filename) load(path);
    }
});

/** A command, its outcome, the engine's calls, and the state after it. */
type Entry = Readonly<Record<string, unknown>>;

/** Plays a scenario on stacks of one kind; returns what they did. */
async function transcriptOf(
    { play, simulator }: CliScenario,
    newStack: NewStack,
    isVirtual: boolean,
): Promise<readonly Entry[]> {
    const entries: Entry[][] = [];
    const noted: NewStack = (one) => {
        const stack = newStack(one);
        const own: Entry[] = [];
        entries.push(own);
        return wrapMethods(stack, (call, command) => {
            if (!COMMANDS.includes(command)) return call;
            return async (...args) => {
                const run = (await call(...args)) as Run;
                own.push(entryOf(command, run, stack));
                return run;
            };
        });
    };
    await on(await Stage.open(noted, simulator, isVirtual), play);
    return entries.flat();
}

const COMMANDS: readonly string[] = ["preview", "up", "refresh", "destroy"];

function entryOf(command: string, { did, others, failure, changing }: Run, stack: StackDriver): Entry {
    const shop = stack.resource();
    const state = shop && {
        id: shop.id,
        status: shop.outputs.status,
        members: Object.keys(shop.outputs).sort(),
        inputs: Object.keys(shop.inputs).sort(),
        isIncomplete: shop.initErrors.length > 0,
    };
    const hasFailed = failure !== undefined;
    return { command, did, others, hasFailed, changing, calls: stack.calls.at(-1), state };
}

describe("with the real CLI", function () {
    this.timeout(600_000);
    const pool = new CliPool();
    let played: ReadonlyMap<CliScenario, Promise<readonly Entry[]>>;

    before(async function () {
        await requireCli(this);
        played = inLanes(
            cliScenarios.filter(({ isLong }) => !isLong),
            withCli,
        );
    });
    after(() => pool.close());

    async function withCli(scenario: CliScenario): Promise<readonly Entry[]> {
        const pooled = await pool.take();
        try {
            return await transcriptOf(scenario, (simulator) => new CliStack(pooled, simulator), false);
        } finally {
            pool.giveBack(pooled);
        }
    }

    for (const scenario of cliScenarios) {
        it(`${scenario.title}${scenario.isLong ? " @long" : ""}`, async () => {
            const real = await (played.get(scenario) ?? withCli(scenario));
            const imitated = await transcriptOf(scenario, inProcess, true);
            assert.deepEqual(imitated, real, "the imitated engine does as the real one");
        });
    }
});
