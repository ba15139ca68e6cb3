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
        const isFirst = mkdirSync(folder, { recursive: true }) !== undefined;
        if (!isFirst) {
            await pause(100);
            continue;
        }
        const result = await work(folder).catch((error: unknown) => {
            removeFolder(folder); // the next process tries it
            throw error;
        });
        writeFileSync(`${file}.part`, JSON.stringify(result));
        renameSync(`${file}.part`, file);
    }
    return JSON.parse(readFileSync(file, "utf8")) as Result;
}
