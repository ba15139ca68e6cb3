/** Registers a contract scenario: in this process always, over the host and with the real CLI where it says so. */
import type { SimulatorOptions } from "../../simulator/index.js";
import { SharedHost } from "./host.js";
import { inProcess } from "./inProcess.js";
import { Stage } from "./stage.js";

/** What else than this process a scenario is played on. */
export type Tag = "host" | "cli";

/** How a scenario is played. */
export interface ScenarioOptions {
    readonly tags?: readonly Tag[];
    readonly simulator?: SimulatorOptions;
}

/** What a scenario does and expects. */
export type Play = (stage: Stage) => Promise<void>;

/** A scenario that is played with the real CLI as well, by withTheCli.spec.ts. */
export interface CliScenario {
    readonly title: string;
    readonly play: Play;
    readonly simulator: SimulatorOptions;
}

/** All that were registered so far. */
export const cliScenarios: CliScenario[] = [];

const host = new SharedHost();
after(() => host.close());

let subject = "";
let isCollecting = false;

/** Loads specs for the scenarios that are tagged `cli`, without registering a test. */
export function collect(load: () => void): void {
    isCollecting = true;
    load();
    isCollecting = false;
}

/**
 * Scenarios about one thing: what they share of their sentence is written once, and each title is a whole sentence.
 *
 * @param section - what of the contract they are about
 * @param begin - the beginning of each sentence
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
 * @param title - a sentence that reads well alone, or the end of one in `about`
 */
export function scenario(title: string, play: Play): void;
export function scenario(title: string, options: ScenarioOptions, play: Play): void;
export function scenario(end: string, first: ScenarioOptions | Play, second?: Play): void {
    const title = subject + end;
    const play = second ?? (first as Play);
    const { tags = [], simulator = {} } = second ? (first as ScenarioOptions) : {};
    if (tags.includes("cli")) cliScenarios.push({ title, play, simulator });
    if (isCollecting) return;
    it(title, async () => {
        await on(await Stage.open((one) => Promise.resolve(inProcess(one)), true, simulator), play);
    });
    if (tags.includes("host")) {
        it(`${title} (over Pulumi's host)`, async function () {
            this.timeout(30_000);
            await on(await Stage.open((one) => Promise.resolve(host.stack(one)), false, simulator), play);
        });
    }
}

/** Plays a scenario, and closes what it was played on. */
export async function on(stage: Stage, play: Play): Promise<void> {
    try {
        await play(stage);
    } finally {
        await stage.close();
    }
}
