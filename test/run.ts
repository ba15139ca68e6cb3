/**
 * `npm test`, after the build: parts of the check, each a process of its own. One lane more than there are processors takes the parts,
 * because many specs wait for a time or for a process. One lane begins with the specs that drive the real CLI, the others end with
 * them. Where there is no CLI yet, it is made meanwhile.
 *
 * `npm run test:all` also plays the tests whose titles have `@long`, the plugin from Java among them, and after them the campaigns
 * of `npm run stress`, each in full.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, constants, setPriority } from "node:os";
import { join, relative } from "node:path";
import { Child } from "./engine/child.js";
import { exitOnSignals } from "./engine/cleanup.js";
import { temporaryFolder } from "./engine/folders.js";
import { repositoryRoot } from "./engine/paths.js";
import { beginTestRun } from "./engine/testRun.js";

const dist = join(repositoryRoot, "dist");
const isAll = process.argv.includes("--all");
const bin = (name: string): string => join(repositoryRoot, "node_modules", ".bin", name);

/** The results of a part. */
export interface Report {
    readonly passed: number;
    /** Titles with the titles of the suites before them. */
    readonly failed: readonly string[];
    readonly skipped: readonly string[];
}

/** A part of the check. */
interface Part {
    readonly title: string;
    readonly command: readonly string[];
    /** Leaves the processors to the other parts. */
    readonly isInBackground?: boolean;
    /** The file of the results; without it, they are one success or one failure. */
    readonly file?: string;
}

/** Plays a part to its end, and then shows what it printed. */
async function play({ title, command, isInBackground = false, file }: Part): Promise<Report> {
    const [program = "", ...args] = command;
    const child = new Child(program, args, { cwd: repositoryRoot });
    if (isInBackground) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const { exitCode, output } = await child.done;
    say(`\n── ${title}\n${output}`);
    if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Report;
    const isGood = file === undefined && exitCode === 0;
    const failure = `${title}: ended with code ${String(exitCode)}`;
    return { passed: isGood ? 1 : 0, failed: isGood ? [] : [failure], skipped: [] };
}

/** Some specs, in one process of mocha. */
function specs(title: string, files: readonly string[]): Part {
    const file = join(temporaryFolder("report"), "report.json");
    const reporter = ["--reporter", join(dist, "test", "reporter.js"), "--reporter-option", `file=${file}`];
    const selection = isAll ? [] : ["--grep", "@long", "--invert"];
    return { title, command: [process.execPath, bin("mocha"), ...selection, ...reporter, ...files], file };
}

/** Specs that take longest. They are begun first, so that none of them is left alone at the end. */
const LONG = ["contract/withTheCli", "plugin/road", "docs/newcomer"];

/** All specs; those that drive the CLI say so by calling `requireCli`. */
function findSpecs() {
    const files = readdirSync(join(dist, "test"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".spec.js"))
        .map((file) => join(dist, "test", file))
        .sort();
    const long = LONG.map((name) => join(dist, "test", `${name}.spec.js`));
    const needsCli = (file: string): boolean => readFileSync(file, "utf8").includes("requireCli");
    return {
        long,
        withCli: files.filter((file) => needsCli(file) && !long.includes(file)),
        withoutCli: files.filter((file) => !needsCli(file)),
    };
}

/** Makes parts of so many specs each: a process for each spec would take a second more. */
function groupsOf(size: number, files: readonly string[]): Part[] {
    const groups = files.flatMap((_, index) =>
        index % size === 0 ? [files.slice(index, index + size)] : [],
    );
    const nameOf = (file: string): string => relative(join(dist, "test"), file).replace(".spec.js", "");
    return groups.map((group) => specs(`specs: ${group.map(nameOf).join(", ")}`, group));
}

function say(line: string): void {
    process.stdout.write(`${line}\n`);
}

function node(...path: string[]): string[] {
    return [process.execPath, join(dist, ...path)];
}

async function main(): Promise<void> {
    const start = performance.now();
    beginTestRun();
    const { long, withCli, withoutCli } = findSpecs();
    if (isAll) process.env.ALL_LANGUAGES = "1";
    const engineCommand = [...node("tools", "pulumi-cli", "main.js"), ...(isAll ? ["--all"] : [])];
    const engine = play({ title: "the Pulumi CLI", command: engineCommand, isInBackground: true });
    const others = [
        { title: "lint", command: ["npm", "run", "--silent", "lint"] },
        { title: "types of the examples", command: ["npm", "run", "--silent", "typecheck:examples"] },
        ...groupsOf(20, withoutCli),
    ];
    const drivers = [...groupsOf(1, long), ...groupsOf(2, withCli)];
    const waiting = new Set([...others, ...drivers]);
    const reports: Report[] = [];
    /** Takes the parts that wait, in an order of its own. */
    async function lane(order: readonly Part[]): Promise<void> {
        for (const part of order) {
            if (!waiting.delete(part)) continue;
            if (drivers.includes(part)) await engine;
            reports.push(await play(part));
        }
    }
    const processors = Math.min(4, availableParallelism());
    const fromTheOthers = Array.from({ length: processors }, () => lane([...others, ...drivers]));
    await Promise.all([lane([...drivers, ...others]), ...fromTheOthers]);
    reports.push(await engine);
    if (isAll) {
        const apiReference = [bin("typedoc"), "--emit", "none", "--treatWarningsAsErrors"];
        reports.push(await play({ title: "API reference", command: apiReference }));
        for (const campaign of ["chaos", "worlds", "years", "inputs", "soak", "crash", "matrix"]) {
            const command = [...node("tools", "stress", "main.js"), campaign];
            reports.push(await play({ title: `stress: ${campaign}`, command }));
        }
    }
    sumUp(reports, Math.round((performance.now() - start) / 1000));
}

function sumUp(reports: readonly Report[], seconds: number): void {
    const failed = reports.flatMap((report) => report.failed);
    const skipped = reports.flatMap((report) => report.skipped);
    const passed = reports.reduce((sum, report) => sum + report.passed, 0);
    say("");
    for (const title of skipped) say(`SKIPPED ${title}`);
    for (const title of failed) say(`FAILED  ${title}`);
    say(`${seconds} s, ${skipped.length} skipped`);
    say(`${passed} passed, ${failed.length} failed`);
    if (failed.length > 0) process.exitCode = 1;
}

exitOnSignals();
void main();
