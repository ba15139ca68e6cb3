// The whole fleet: the rows of certificates.json in several stacks, which run at the same time and share the key's quota.
//
//     node fleet.mjs up --stacks 5
//
// @ts-check
import { mkdirSync, createWriteStream } from "node:fs";
import { parseArgs } from "node:util";

const USAGE = `Usage: node fleet.mjs <preview|up|cancel> --stacks <n> [options]

  preview   shows what an up would do
  up        makes it so; run it again after an interruption, and it goes on
  cancel    frees stacks that a killed run has left locked; only while nothing runs

  --stacks <n>         so many stacks; always the same number, because it decides which stack has which row
  --prefix <text>      the stacks are <text>-1-of-<n> to <text>-<n>-of-<n> (default: fleet)
  --at-once <n>        stacks that run at the same time, each with 1/n of the quota (default: all)
  --parallel <n>       orders that each stack works on at a time (default: 32)
  --set <key=value>    sets configuration in every stack first, as in --set table=other.json
  --beside-others      runs although other stacks of the project have resources: none of them has an order of
                       the table, or the orders are moved (README.md, "Moving to other stacks")
`;
const PROGRESS_MS = 30_000;
/** Within this time the CLI says that it has got a signal. */
const ACKNOWLEDGE_MS = 3_000;

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        stacks: { type: "string" },
        prefix: { type: "string", default: "fleet" },
        "at-once": { type: "string" },
        parallel: { type: "string", default: "32" },
        set: { type: "string", multiple: true, default: [] },
        "beside-others": { type: "boolean", default: false },
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
if (settings.some(([key = ""]) => /apiKey$/i.test(key.trim()))) {
    process.stderr.write("--set would store the API key in plain text. Give it as DIGICERT_API_KEY.\n");
    process.exit(2);
}

// It takes a second to load, so a wrong command line is refused before.
const { ConcurrentUpdateError, LocalWorkspace, StackNotFoundError } =
    await import("@pulumi/pulumi/automation/index.js");

/** @typedef {import("@pulumi/pulumi/automation/index.js").DiagnosticEvent} DiagnosticEvent */
/** @typedef {import("@pulumi/pulumi/automation/index.js").EngineEvent} EngineEvent */
/** @typedef {import("@pulumi/pulumi/automation/index.js").StepEventMetadata} StepEventMetadata */
/**
 * One stack of the fleet, and what became of it.
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {number} shard - from 1
 * @property {AbortController} interruption
 * @property {boolean} isStopping - whether its engine has said that it got a signal
 * @property {Record<string, number>} changes - resources by what was done with them
 * @property {Map<string, Failure>} failures - by URN
 * @property {number} warnings - their number; the log has them
 * @property {string[]} attention - orders that wait for somebody
 * @property {string} outcome
 */
/**
 * A resource that failed, or the program.
 *
 * @typedef {object} Failure
 * @property {string} resource
 * @property {string} reason
 * @property {boolean} isRefused - before any request; the engine then begins no other row
 */

/** @type {Part[]} */
const parts = Array.from({ length: count }, (_, index) => ({
    name: `${values.prefix}-${index + 1}-of-${count}`,
    shard: index + 1,
    interruption: new AbortController(),
    isStopping: false,
    changes: {},
    failures: new Map(),
    warnings: 0,
    attention: [],
    outcome: "not begun",
}));

if (verb !== "cancel" && !values["beside-others"]) await refuseOtherStacks();

// An engine that gets a signal finishes what is under way and saves; a second one would end it at once. Ctrl-C reaches the engines
// too, but a signal to this process alone does not: it is passed on to those that have not said that they got one.
let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
        if (isInterrupted) return;
        isInterrupted = true;
        process.stdout.write("Interrupted: waiting for the stacks to save what they have.\n");
        setTimeout(() => {
            for (const { interruption, isStopping } of parts) if (!isStopping) interruption.abort();
        }, ACKNOWLEDGE_MS).unref();
    });
}

mkdirSync("logs", { recursive: true });
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

/** Ends the program if orders may be in other stacks: here they would be creates, and so reissues. */
async function refuseOtherStacks() {
    const fleet = parts.map(({ name }) => withoutOrganization(name));
    const others = (await listStacks())
        .filter(({ resourceCount = 0 }) => resourceCount > 0)
        .map(({ name }) => name)
        .filter((name) => !fleet.includes(withoutOrganization(name)));
    if (others.length === 0) return;
    process.stderr.write(
        `Nothing was done: other stacks of the project have resources: ${others.join(", ")}.\n` +
            "An order that one of them has would be reissued once more. Give the same --stacks and --prefix as before;\n" +
            'to change them, see README.md, "Moving to other stacks".\n',
    );
    process.exit(2);
}

async function listStacks() {
    try {
        return await (await LocalWorkspace.create({ workDir: "." })).listStacks();
    } catch (error) {
        process.stderr.write(`Nothing was done: the stacks of the project cannot be listed.\n${error}\n`);
        process.exit(2);
    }
}

function withoutOrganization(/** @type {string} */ stackName) {
    return stackName.split("/").at(-1) ?? "";
}

/** Makes the stack where it is not there yet, with its part of the rows and of the quota. */
async function open(/** @type {Part} */ { name, shard }) {
    const args = { stackName: name, workDir: "." };
    if (verb === "cancel") return LocalWorkspace.selectStack(args);
    const share = Number(process.env.DIGICERT_QUOTA_SHARE?.trim() || 1) / atOnce;
    const envVars = {
        DIGICERT_QUOTA_SHARE: String(Math.floor(share * 10_000) / 10_000),
        // The stacks share a program, so each of them would check the same types. `npx tsc` checks them.
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
    const stack = await LocalWorkspace.createOrSelectStack(args, { envVars });
    await stack.setAllConfig({
        shard: { value: `${shard}/${count}` },
        ...Object.fromEntries(settings.map(([key, value]) => [key, { value: value ?? "" }])),
    });
    return stack;
}

/** Runs one stack, and notes how it went; its own output is added to a file. */
async function run(/** @type {Part} */ part) {
    const log = createWriteStream(`logs/${part.name}.txt`, { flags: "a" });
    // A full disk loses the text, not the run.
    log.on("error", (error) => void process.stderr.write(`${error.message}\n`));
    log.write(`---- ${verb}, ${new Date().toISOString()}\n`);
    const options = {
        parallel,
        // One order that fails stops none of the others.
        ...(verb === "up" ? { continueOnError: true, suppressOutputs: true } : {}),
        signal: part.interruption.signal,
        onOutput: (/** @type {string} */ text) => void log.write(text),
        onError: (/** @type {string} */ text) => void log.write(text),
        onEvent: (/** @type {EngineEvent} */ event) => note(part, event),
    };
    try {
        const stack = await open(part);
        if (isInterrupted) return;
        if (verb === "cancel") await stack.cancel();
        else await (verb === "up" ? stack.up(options) : stack.preview(options));
        part.outcome = "done";
    } catch (error) {
        part.outcome = describeFailure(error, part.name);
        log.write(`${error}\n`);
    } finally {
        log.end();
    }
}

function describeFailure(/** @type {unknown} */ error, /** @type {string} */ name) {
    if (error instanceof ConcurrentUpdateError)
        return "locked: another run works on it; `cancel` only if that run is dead";
    if (error instanceof StackNotFoundError) return "there is no such stack";
    return `${isInterrupted ? "interrupted" : "failed"} (logs/${name}.txt)`;
}

/** Notes what the engine did with an order. */
function note(
    /** @type {Part} */ part,
    /** @type {EngineEvent} */ { stdoutEvent, diagnosticEvent, resOutputsEvent, resOpFailedEvent },
) {
    if (stdoutEvent?.message.includes("^C received")) part.isStopping = true;
    if (diagnosticEvent) noteMessage(part, diagnosticEvent);
    if (resOpFailedEvent) {
        const { metadata } = resOpFailedEvent;
        const { reason = "" } = part.failures.get(metadata.urn) ?? {};
        part.failures.set(metadata.urn, { resource: describeResource(metadata), reason, isRefused: false });
    }
    if (!resOutputsEvent?.metadata.type.endsWith("digicert:Reissue")) return;
    const { metadata } = resOutputsEvent;
    part.changes[metadata.op] = (part.changes[metadata.op] ?? 0) + 1;
    const { status = "issued" } = metadata.new?.outputs ?? {};
    if (verb === "up" && status !== "issued") part.attention.push(`${describeResource(metadata)}: ${status}`);
}

/** Notes the reason of a failure, which comes before the failure itself, and counts warnings. */
function noteMessage(
    /** @type {Part} */ part,
    /** @type {DiagnosticEvent} */ { urn = "", severity, message },
) {
    const text = message.trim();
    // A dynamic provider's messages are lines of text, without a severity.
    part.warnings += severity === "warning" ? 1 : (text.match(/^warning: /gm)?.length ?? 0);
    if (severity !== "error" || /^(update|preview) (failed|canceled)$/.test(text)) return;
    const isProgram = urn === "" || urn.includes("::pulumi:pulumi:Stack::");
    const resource = isProgram ? "the program" : (urn.split("::").at(-1) ?? "");
    const { reason } = part.failures.get(urn) ?? {};
    part.failures.set(urn, {
        resource,
        reason: reason === undefined ? text : `${reason}; ${text}`,
        isRefused: true,
    });
}

/** `shop (order 112233)`. */
function describeResource(/** @type {StepEventMetadata} */ metadata) {
    const { orderId } = (metadata.new ?? metadata.old)?.inputs ?? {};
    return `${metadata.urn.split("::").at(-1)}${orderId === undefined ? "" : ` (order ${orderId})`}`;
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

/** One line for each stack, one for each order that failed or needs somebody, and the sum. */
function summarise() {
    for (const { name, outcome, changes, failures, warnings } of parts) {
        const counts = [describe(changes)];
        if (failures.size > 0) counts.push(`${failures.size} failed`);
        if (warnings > 0) counts.push(`${warnings} warnings (logs/${name}.txt)`);
        process.stdout.write(`${name}: ${outcome}: ${counts.join(", ")}\n`);
    }
    for (const { name, failures, attention } of parts) {
        for (const { resource, reason, isRefused } of failures.values())
            process.stdout.write(`${isRefused ? "refused" : "failed"}: ${name}: ${resource}: ${reason}\n`);
        for (const line of attention) process.stdout.write(`needs attention: ${name}: ${line}\n`);
    }
    process.stdout.write(`${clock()}  all: ${describe(totals(parts))}.${describeRest()}\n`);
    const areDone = parts.every(({ outcome }) => outcome === "done");
    process.exitCode = areDone ? (parts.some(({ attention }) => attention.length > 0) ? 1 : 0) : 2;
}

/** What to do where not all is done. */
function describeRest() {
    if (parts.every(({ outcome }) => outcome === "done")) return "";
    const isRefused = parts.some(({ failures }) =>
        [...failures.values()].some((failure) => failure.isRefused),
    );
    if (isRefused && !isInterrupted)
        return " Not all is done: mend what was refused, because it stops its stack, and run it again.";
    return " Not all is done: run it again, and it goes on.";
}
