/** `npm run stress -- <campaign>`: plays one of the long campaigns; see USAGE. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { exitOnSignals } from "../../test/engine/cleanup.js";
import { findCli } from "../../test/engine/lookup.js";
import { type Campaign } from "./campaign.js";
import { chaos } from "./chaos/chaos.js";
import { crash } from "./crash/crash.js";
import { inputs } from "./inputs/inputs.js";
import { matrix } from "./matrix/matrix.js";
import { soak } from "./soak.js";
import { table } from "./table.js";
import { unattended } from "./unattended/unattended.js";
import { worlds } from "./worlds/worlds.js";
import { years } from "./years/years.js";

const campaigns: Readonly<Record<string, Campaign>> = {
    crash,
    chaos,
    worlds,
    years,
    unattended,
    inputs,
    soak,
    matrix,
};

const list = Object.entries(campaigns).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
const USAGE = `Usage: npm run stress -- <campaign> [options]

${list.join("\n")}

  --seed <n>       start of everything that is random (default: drawn now, and printed)
  --only <words>   plays only what has these words in its title
  --runs <n>       how much to play, where that is a number
  --help           this text
`;

function say(line: string): void {
    process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            seed: { type: "string" },
            only: { type: "string", default: "" },
            runs: { type: "string" },
            help: { type: "boolean", default: false },
        },
    });
    const [name = "", ...rest] = positionals;
    const campaign = campaigns[name];
    if (values.help || !campaign) {
        say(USAGE);
        if (!values.help) process.exitCode = 2;
        return;
    }
    if (campaign.needsCli && (await findCli()) === undefined) {
        throw new Error(
            `The campaign "${name}" needs the Pulumi CLI, and there is none. Run "npm run engine" first.`,
        );
    }
    const seed = readNumber("--seed", values.seed) ?? randomInt(2 ** 30);
    const runs = readNumber("--runs", values.runs);
    const words = [...values.only.split(/\s+/), ...rest].filter((word) => word !== "");
    say(`${name}, seed ${seed}`);
    const start = performance.now();
    const { heads, rows, notes = [], passed, failed } = await campaign.play({ seed, runs, words }, say);
    const seconds = Math.round((performance.now() - start) / 1000);
    say(["", table(heads, rows), "", ...notes, `${name}, seed ${seed}, ${seconds} s`].join("\n"));
    say(`${passed} passed, ${failed} failed`);
    if (failed > 0 || passed === 0) process.exitCode = 1;
}

function readNumber(option: string, text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${option} must be a whole number.`);
    return value;
}

exitOnSignals();
main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
});
