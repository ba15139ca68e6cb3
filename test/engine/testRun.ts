/** What the processes of one run of `npm test` share. A process that runs alone shares nothing. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { removeFolder, temporaryFolder } from "./folders.js";

/** Names the folder of the run, in the environment of its processes. */
const FOLDER = "TEST_RUN_FOLDER";

/** Begins a run, which ends with this process. */
export function beginTestRun(): void {
    process.env[FOLDER] = temporaryFolder("run");
}

/** The folder of the run that this process belongs to. */
export function testRunFolder(): string | undefined {
    return process.env[FOLDER];
}

/**
 * Does work that takes long in one process of the run; the others wait for the result.
 *
 * @param name - name of the folder that the work is given
 * @param work - its result must survive JSON
 */
export async function oncePerRun<Result>(
    name: string,
    work: (folder: string) => Promise<Result>,
): Promise<Result> {
    const run = testRunFolder();
    if (run === undefined) return work(temporaryFolder(name));
    const folder = join(run, name);
    const file = `${folder}.json`;
    while (!existsSync(file)) {
        if (isFirst(folder)) await write(file, folder, work);
        else await pause(100);
    }
    return JSON.parse(readFileSync(file, "utf8")) as Result;
}

/** If the work fails, the next process tries it. */
async function write(
    file: string,
    folder: string,
    work: (folder: string) => Promise<unknown>,
): Promise<void> {
    try {
        writeFileSync(`${file}.part`, JSON.stringify(await work(folder)));
        renameSync(`${file}.part`, file);
    } catch (error) {
        removeFolder(folder);
        throw error;
    }
}

function isFirst(folder: string): boolean {
    try {
        mkdirSync(folder);
        return true;
    } catch {
        return false; // another process was here first
    }
}
