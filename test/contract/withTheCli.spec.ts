/** The scenarios that are tagged `cli` or `longCli`, with the real CLI; and what the imitated engine made of the same. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CliPool, CliStack } from "../drivers/cli.js";
import { inProcess } from "../drivers/inProcess.js";
import { cliScenarios, collect, on, type CliScenario } from "../drivers/scenario.js";
import { Stage } from "../drivers/stage.js";
import { recordCommands, type Entry, type NotingDriver } from "../drivers/transcript.js";
import { inLanes } from "../engine/lanes.js";
import { requireCli } from "../engine/requireCli.js";
import type { Simulator } from "../../simulator/index.js";

const load = createRequire(__filename);

collect(() => {
    for (const file of readdirSync(__dirname).filter((name) => name.endsWith(".spec.js"))) {
        const path = join(__dirname, file);
        if (/\bscenario\)?\(/.test(readFileSync(path, "utf8")) && path !== __filename) load(path);
    }
});

/** Plays a scenario on stacks of one kind; returns what they did. */
async function transcriptOf(
    { play, simulator }: CliScenario,
    isVirtual: boolean,
    stackOn: (simulator: Simulator) => NotingDriver,
): Promise<readonly Entry[]> {
    const entries: Entry[][] = [];
    const newStack = (one: Simulator) => {
        const own: Entry[] = [];
        entries.push(own);
        return Promise.resolve(recordCommands(stackOn(one), own));
    };
    await on(await Stage.open(newStack, isVirtual, simulator), play);
    return entries.flat();
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
            return await transcriptOf(scenario, false, (simulator) => new CliStack(pooled, simulator));
        } finally {
            pool.giveBack(pooled);
        }
    }

    for (const scenario of cliScenarios) {
        it(`${scenario.title}${scenario.isLong ? " @long" : ""}`, async () => {
            const real = await (played.get(scenario) ?? withCli(scenario));
            const imitated = await transcriptOf(scenario, true, (simulator) => inProcess(simulator));
            assert.deepEqual(imitated, real, "the imitated engine does as the real one");
        });
    }
});
