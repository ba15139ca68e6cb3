/**
 * `npm test`, after the build, in three lanes, because many specs wait for a time or for a process. First lane: the specs that do
 * without the Pulumi CLI. Second lane: lint, and the types of the examples. Each lane then takes groups of the specs that drive the
 * real CLI, which are all that the third lane does. Where there is no CLI yet, it is made meanwhile.
 *
 * `npm run test:all` also plays the tests whose titles have `@long`, the plugin from Java among them, and after them the campaigns
 * of `npm run stress`, each in full.
 */
import { readdirSync, readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
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
    /** The part that must end before this part begins. */
    readonly before?: Promise<unknown> | undefined;
    /** Leaves the processors to the other parts. */
    readonly isInBackground?: boolean;
    /** Reads the results; without it, they are one success or one failure. */
    readonly report?: (exitCode: number | null) => Report;
}

/** A part of the check, with its output kept until it is its turn to be shown. */
class Part {
    readonly done: Promise<Report>;
    readonly #lines: string[] = [];
    #show: ((line: string) => void) | undefined;

    constructor(
        readonly title: string,
        command: readonly string[],
        options: PartOptions = {},
    ) {
        this.done = this.#run(command, options);
    }

    /** Shows the output so far and all further output; resolves at the end of the part. */
    async show(): Promise<void> {
        say(`\n── ${this.title}`);
        this.#lines.forEach(say);
        this.#show = say;
        await this.done;
    }

    async #run(command: readonly string[], { before, isInBackground, report }: PartOptions): Promise<Report> {
        await before;
        const [program = "", ...args] = command;
        const child = new Child(program, args, {
            cwd: repositoryRoot,
            onLine: (line) => {
                if (this.#show) this.#show(line);
                else this.#lines.push(line);
            },
        });
        if (isInBackground) setPriority(child.pid, constants.priority.PRIORITY_LOW);
        const { exitCode } = await child.done;
        if (report) return report(exitCode);
        return exitCode === 0 ? { passed: 1, failed: [], skipped: [] } : failure(this.title);
    }
}

/** Some specs, in one process of mocha. */
function specs(title: string, files: readonly string[], before?: Promise<unknown>): Part {
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
    return new Part(title, command, { before, report });
}

function failure(title: string): Report {
    return { passed: 0, failed: [title], skipped: [] };
}

/** All specs; those that drive the CLI say so by calling `requireCli`. */
function findSpecs(): { withCli: string[]; withoutCli: string[] } {
    const files = readdirSync(join(dist, "test"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".spec.js"))
        .map((file) => join(dist, "test", file))
        .sort();
    const needsCli = (file: string): boolean => readFileSync(file, "utf8").includes("requireCli");
    return { withCli: files.filter(needsCli), withoutCli: files.filter((file) => !needsCli(file)) };
}

/** Groups of a few specs: a process of mocha for each spec would take a second more. */
function groupsOf(files: readonly string[]): string[][] {
    const size = 3;
    return files.flatMap((_, index) => (index % size === 0 ? [files.slice(index, index + size)] : []));
}

/** Lets a part wait for its turn. */
class Turn {
    come!: () => void;
    readonly came = new Promise<void>((resolve) => {
        this.come = resolve;
    });
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
    const { withCli, withoutCli } = findSpecs();
    if (isAll) process.env.ALL_LANGUAGES = "1";
    const engineCommand = [...node("tools", "pulumi-cli", "main.js"), ...(isAll ? ["--all"] : [])];
    const engine = new Part("the Pulumi CLI", engineCommand, { isInBackground: true });
    const specsWithoutCli = specs("specs without the Pulumi CLI", withoutCli);
    const lint = new Part("lint", ["npm", "run", "--silent", "lint"]);
    const types = new Part("types of the examples", ["npm", "run", "--silent", "typecheck:examples"], {
        before: lint.done,
    });
    const groups = groupsOf(withCli).map((files, index) => {
        const turn = new Turn();
        return { turn, part: specs(`specs with the Pulumi CLI, group ${index + 1}`, files, turn.came) };
    });
    const waiting = [...groups];
    async function takeGroups(before: Promise<unknown>): Promise<void> {
        await Promise.all([before, engine.done]);
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
            next.turn.come();
            await next.part.done;
        }
    }
    const lanes = [specsWithoutCli.done, types.done, engine.done].map(takeGroups);
    const parts: Part[] = [specsWithoutCli, lint, types, engine, ...groups.map(({ part }) => part)];
    if (isAll) {
        let before: Promise<unknown> = Promise.all(lanes);
        parts.push(
            new Part("API reference", [bin("typedoc"), "--emit", "none", "--treatWarningsAsErrors"], {
                before,
            }),
        );
        for (const campaign of ["chaos", "worlds", "years", "inputs", "soak", "crash", "matrix"]) {
            const part = new Part(`stress: ${campaign}`, [...node("tools", "stress", "main.js"), campaign], {
                before,
            });
            parts.push(part);
            before = part.done;
        }
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
