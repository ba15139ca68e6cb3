/** Registers a contract scenario. It always runs in this process; tags add runs through other doors. */
import type { SimulatorOptions } from "../../simulator/index.js";
import { SharedHost } from "./host.js";
import { inProcess } from "./inProcess.js";
import { SharedPlugin } from "./plugin.js";
import { Stage } from "./stage.js";

/**
 * Drivers beside the one in this process: `host`, over Pulumi's host of dynamic providers and through the plugin; `plugin`, through
 * the plugin; `cli`, with the real CLI; `longCli`, with the real CLI in `npm run test:all` only. Without `host` and `plugin` a
 * scenario goes through the plugin in `npm run test:all` only.
 */
type Tag = "host" | "plugin" | "cli" | "longCli";

interface ScenarioOptions {
    readonly tags?: readonly Tag[];
    readonly simulator?: SimulatorOptions;
}

type Play = (stage: Stage) => Promise<void>;

/** A scenario that withTheCli.spec.ts also runs with the real CLI. */
export interface CliScenario {
    readonly title: string;
    readonly play: Play;
    readonly simulator: SimulatorOptions;
    readonly isLong: boolean;
}

/** The scenarios that were registered so far. */
export const cliScenarios: CliScenario[] = [];

const host = new SharedHost();
const plugin = new SharedPlugin();
after(async () => {
    plugin.close();
    await host.close();
});

let subject = "";
let isCollecting = false;

/** Loads specs for the scenarios that are tagged `cli` or `longCli`, without registering a test. */
export function collect(load: () => void): void {
    isCollecting = true;
    load();
    isCollecting = false;
}

/**
 * Groups scenarios. The title of each scenario is a sentence that begins with the same words, which are written once.
 *
 * @param section - the section of the contract
 * @param begin - the beginning of the titles
 */
export function about(section: string, begin: string, register: () => void): void {
    describe(section, () => {
        subject = `${begin} `;
        register();
        subject = "";
    });
}

/**
 * Registers a scenario.
 *
 * @param end - a sentence; in `about`, the end of a sentence
 */
export function scenario(end: string, ...rest: [Play] | [ScenarioOptions, Play]): void {
    const title = subject + end;
    const [{ tags = [], simulator = {} }, play] = rest.length === 1 ? [{}, rest[0]] : rest;
    const isLong = tags.includes("longCli");
    if (isLong || tags.includes("cli")) cliScenarios.push({ title, play, simulator, isLong });
    if (isCollecting) return;
    it(title, async () => on(await Stage.open(inProcess, simulator), play));
    const isShort = tags.includes("host") || tags.includes("plugin");
    it(`${title} (through the plugin)${isShort ? "" : " @long"}`, async () =>
        on(await Stage.open((one) => plugin.stack(one), simulator), play));
    if (tags.includes("host")) {
        it(`${title} (over Pulumi's host)`, async function () {
            this.timeout(30_000);
            await on(await Stage.open((one) => host.stack(one), simulator, false), play);
        });
    }
}

/** Runs a scenario, and closes its stage. */
export async function on(stage: Stage, play: Play): Promise<void> {
    try {
        await play(stage);
    } finally {
        await stage.close();
    }
}
