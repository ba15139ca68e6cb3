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

const host = new SharedHost();
after(() => host.close());

/**
 * Registers a scenario.
 *
 * @param title - a sentence that reads well alone
 */
export function scenario(title: string, play: Play): void;
export function scenario(title: string, options: ScenarioOptions, play: Play): void;
export function scenario(title: string, first: ScenarioOptions | Play, second?: Play): void {
    const play = second ?? (first as Play);
    const { tags = [], simulator = {} } = second ? (first as ScenarioOptions) : {};
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

async function on(stage: Stage, play: Play): Promise<void> {
    try {
        await play(stage);
    } finally {
        await stage.close();
    }
}
