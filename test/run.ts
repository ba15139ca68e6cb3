/**
 * `npm test`, after the build: parts of the check, each a process of its own. One lane more than there are processors takes the parts,
 * because many specs wait for a time or for a process. Two kinds of parts: those that do without the Pulumi CLI (lint, types, specs),
 * and the specs that drive the real CLI. One lane begins with these, the others end with them. Where there is no CLI yet, it is made
 * meanwhile.
 *
 * `npm run test:all` also plays the tests whose titles have `@long`, the plugin from Java among them, and after them the campaigns
 * of `npm run stress`, each in full.
 */
import { readdirSync, readFileSync } from "node:fs";
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

interface PartOptions {
    /** Leaves the processors to the other parts. */
    readonly isInBackground?: boolean;
    /** Reads the results; without it, they are one success or one failure. */
    readonly report?: (exitCode: number | null) => Report;
}

/** A part of the check, with its output kept until it is its turn to be shown. */
class Part {
    readonly done: Promise<Report>;
    readonly #lines: string[] = [];
    #end!: (report: Report) => void;
    #show: ((line: string) => void) | undefined;

    constructor(
        readonly title: string,
        private readonly command: readonly string[],
        private readonly options: PartOptions = {},
    ) {
        this.done = new Promise((resolve) => {
            this.#end = resolve;
        });
    }

    /** Plays the part to its end. */
    async play(): Promise<void> {
        const [program = "", ...args] = this.command;
        const child = new Child(program, args, {
            cwd: repositoryRoot,
            onLine: (line) => {
                if (this.#show) this.#show(line);
                else this.#lines.push(line);
            },
        });
        const { isInBackground = false, report } = this.options;
        if (isInBackground) setPriority(child.pid, constants.priority.PRIORITY_LOW);
        const { exitCode } = await child.done;
        const one = exitCode === 0 ? { passed: 1, failed: [], skipped: [] } : failure(this.title);
        this.#end(report ? report(exitCode) : one);
    }

    /** Shows the output so far and all further output; resolves at the end of the part. */
    async show(): Promise<void> {
        say(`\n── ${this.title}`);
        this.#lines.forEach(say);
        this.#show = say;
        await this.done;
    }
}

/** Some specs, in one process of mocha. */
function specs(title: string, files: readonly string[]): Part {
    const file = join(temporaryFolder("report"), "report.json");
    const reporter = ["--reporter", join(dist, "test", "reporter.js"), "--reporter-option", `file=${file}`];
    const selection = isAll ? [] : ["--grep", "@long", "--invert"];
    const report = (exitCode: number | null): Report => {
        try {
            return JSON.parse(readFileSync(file, "utf8")) as Report;
        } catch {
            return failure(`${title}: ended early, with code ${String(exitCode)}`);
        }
    };
    const command = [process.execPath, bin("mocha"), ...selection, ...reporter, ...files];
    return new Part(title, command, { report });
}

function failure(title: string): Report {
    return { passed: 0, failed: [title], skipped: [] };
}

/** Specs that take longest. They are begun first, so that none of them is left alone at the end. */
const LONG = ["contract/withTheCli", "plugin/road", "docs/newcomer"];

interface Specs {
    readonly long: readonly string[];
    readonly withCli: readonly string[];
    readonly withoutCli: readonly string[];
}

/** All specs; those that drive the CLI say so by calling `requireCli`. */
function findSpecs(): Specs {
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
    const engine = new Part("the Pulumi CLI", engineCommand, { isInBackground: true });
    const others = [
        new Part("lint", ["npm", "run", "--silent", "lint"]),
        new Part("types of the examples", ["npm", "run", "--silent", "typecheck:examples"]),
        ...groupsOf(20, withoutCli),
    ];
    const drivers = [...groupsOf(1, long), ...groupsOf(2, withCli)];
    const parts = [engine, ...others, ...drivers];
    const waiting = new Set(parts);
    void engine.play();
    waiting.delete(engine);
    /** Takes the parts that wait, in an order of its own. */
    async function lane(order: readonly Part[]): Promise<void> {
        for (const part of order) {
            if (!waiting.delete(part)) continue;
            if (drivers.includes(part)) await engine.done;
            await part.play();
        }
    }
    const processors = Math.min(4, availableParallelism());
    const lanes = [
        lane([...drivers, ...others]),
        ...Array.from({ length: processors }, () => lane([...others, ...drivers])),
    ];
    if (isAll) {
        const campaigns = [
            new Part("API reference", [bin("typedoc"), "--emit", "none", "--treatWarningsAsErrors"]),
            ...["chaos", "worlds", "years", "inputs", "soak", "crash", "matrix"].map(
                (campaign) =>
                    new Part(`stress: ${campaign}`, [...node("tools", "stress", "main.js"), campaign]),
            ),
        ];
        parts.push(...campaigns);
        void Promise.all(lanes).then(async () => {
            for (const campaign of campaigns) await campaign.play();
        });
    }
    for (const part of parts) await part.show();
    sumUp(await Promise.all(parts.map(({ done }) => done)), Math.round((performance.now() - start) / 1000));
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
