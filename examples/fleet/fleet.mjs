// The whole fleet: the rows of certificates.json in several stacks, which run at the same time and share the key's quota.
//
//     node fleet.mjs up --stacks 5
//
// @ts-check
import { mkdirSync, createWriteStream } from "node:fs";
import { parseArgs } from "node:util";
import { ConcurrentUpdateError, LocalWorkspace } from "@pulumi/pulumi/automation/index.js";

const USAGE = `Usage: node fleet.mjs <preview|up|cancel> --stacks <n> [options]

  preview   shows what an up would do
  up        makes it so; run it again after an interruption, and it goes on
  cancel    frees stacks that a killed run has left locked; only while nothing runs

  --stacks <n>         so many stacks; always the same number, because it decides which stack has which row
  --prefix <text>      the stacks are <text>-1 to <text>-n (default: fleet)
  --at-once <n>        stacks that run at the same time, each with 1/n of the quota (default: all)
  --parallel <n>       orders that each stack works on at a time (default: 32)
  --set <key=value>    sets configuration in every stack first, as in --set table=other.json
`;
const PROGRESS_MS = 30_000;

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        stacks: { type: "string" },
        prefix: { type: "string", default: "fleet" },
        "at-once": { type: "string" },
        parallel: { type: "string", default: "32" },
        set: { type: "string", multiple: true, default: [] },
    },
});
const [verb = "", ...others] = positionals;
const count = Number(values.stacks);
const atOnce = Math.min(count, Number(values["at-once"] ?? count));
const parallel = Number(values.parallel);
const settings = values.set.map((text) => text.split(/=(.*)/s).slice(0, 2));
const areValid =
    ["preview", "up", "cancel"].includes(verb) &&
    others.length === 0 &&
    [count, atOnce, parallel].every((number) => Number.isInteger(number) && number > 0) &&
    settings.every((pair) => pair.length === 2);
if (!areValid) {
    process.stderr.write(USAGE);
    process.exit(2);
}

/**
 * One stack of the fleet, and what became of it.
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {number} shard - from 1
 * @property {import("@pulumi/pulumi/automation").Stack} [stack] - once it was opened
 * @property {Record<string, number>} changes - resources by what was done with them
 * @property {number} failures - resources that failed
 * @property {string} outcome
 * @property {string[]} attention
 */

/** @type {Part[]} */
const parts = Array.from({ length: count }, (_, index) => ({
    name: `${values.prefix}-${index + 1}`,
    shard: index + 1,
    changes: {},
    failures: 0,
    outcome: "not begun",
    attention: [],
}));

// Ctrl-C reaches the engines too: they finish what is under way and save. The summary comes when all have ended.
let isInterrupted = false;
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.on(signal, () => {
        if (!isInterrupted)
            process.stdout.write("Interrupted: waiting for the stacks to save what they have.\n");
        isInterrupted = true;
        if (signal === "SIGTERM") void Promise.allSettled(parts.map(({ stack }) => stack?.cancel()));
    });
}

const start = Date.now();
const ticker = setInterval(tell, PROGRESS_MS);
const waiting = parts.values();
await Promise.all(
    Array.from({ length: atOnce }, async () => {
        for (const part of waiting) {
            if (isInterrupted) return;
            await run(part);
        }
    }),
);
clearInterval(ticker);
summarise();

/** Makes the stack where it is not there yet, with its part of the rows and of the quota. */
async function open(/** @type {Part} */ { name, shard }) {
    const envVars = { DIGICERT_QUOTA_SHARE: String(Math.floor(10_000 / atOnce) / 10_000) };
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: name, workDir: "." }, { envVars });
    await stack.setAllConfig({
        shard: { value: `${shard}/${count}` },
        ...Object.fromEntries(settings.map(([key, value]) => [key, { value: value ?? "" }])),
    });
    return stack;
}

/** Runs one stack, and notes how it went; its own output goes to a file. */
async function run(/** @type {Part} */ part) {
    mkdirSync("logs", { recursive: true });
    const log = createWriteStream(`logs/${part.name}.txt`);
    const options = {
        parallel,
        // One order that fails stops none of the others.
        ...(verb === "up" ? { continueOnError: true, suppressOutputs: true } : {}),
        onOutput: (/** @type {string} */ text) => void log.write(text),
        onError: (/** @type {string} */ text) => void log.write(text),
        onEvent: (/** @type {import("@pulumi/pulumi/automation").EngineEvent} */ event) => note(part, event),
    };
    try {
        part.stack = await open(part);
        if (verb === "cancel") await part.stack.cancel();
        else await (verb === "up" ? part.stack.up(options) : part.stack.preview(options));
        part.outcome = "done";
    } catch (error) {
        part.outcome =
            error instanceof ConcurrentUpdateError ? "locked (see cancel)" : `failed (logs/${part.name}.txt)`;
        log.write(`${error}\n`);
    }
    log.end();
    if (verb === "up" && part.stack)
        part.attention = (await part.stack.outputs()).needsAttention?.value ?? [];
}

/** Counts what the engine did with the orders of a stack. */
function note(
    /** @type {Part} */ part,
    /** @type {import("@pulumi/pulumi/automation").EngineEvent} */ { resOutputsEvent, resOpFailedEvent },
) {
    if (resOpFailedEvent) part.failures += 1;
    const { op = "", type = "" } = resOutputsEvent?.metadata ?? {};
    if (!type.endsWith("digicert:Reissue") || op === "") return;
    part.changes[op] = (part.changes[op] ?? 0) + 1;
}

/** One line: how far all stacks are together. */
function tell() {
    process.stdout.write(`${clock()}  ${describe(totals(parts))}\n`);
}

function totals(/** @type {Part[]} */ some) {
    /** @type {Record<string, number>} */
    const sums = {};
    for (const { changes } of some) {
        for (const [op, number] of Object.entries(changes)) sums[op] = (sums[op] ?? 0) + number;
    }
    return sums;
}

function describe(/** @type {Record<string, number>} */ changes) {
    const words = Object.entries(changes).map(([op, number]) => `${number} ${op}`);
    return words.length === 0 ? "no order" : words.join(", ");
}

function clock() {
    const seconds = Math.round((Date.now() - start) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** One line for each stack, one for each order that needs somebody, and the sum. */
function summarise() {
    for (const { name, outcome, changes, failures } of parts) {
        const failed = failures === 0 ? "" : `, ${failures} failed`;
        process.stdout.write(`${name}: ${outcome}: ${describe(changes)}${failed}\n`);
    }
    for (const { name, attention } of parts) {
        for (const line of attention) process.stdout.write(`needs attention: ${name}: ${line}\n`);
    }
    const areDone = parts.every(({ outcome }) => outcome === "done");
    const again = areDone ? "" : " Not all is done: run it again, and it goes on.";
    process.stdout.write(`${clock()}  all: ${describe(totals(parts))}.${again}\n`);
    process.exitCode = areDone ? (parts.some(({ attention }) => attention.length > 0) ? 1 : 0) : 2;
}
