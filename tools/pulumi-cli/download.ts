/** Downloads the Pulumi CLI with the npm package `pulumi`. */
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Child } from "../../test/engine/child.js";
import { atExit } from "../../test/engine/cleanup.js";
import { type Piece } from "../../test/engine/lookup.js";
import { binFolder, cliVersion, repositoryRoot } from "../../test/engine/paths.js";

const limitMs = 300_000;

/**
 * Lets the npm package download the CLI into a temporary folder, and moves the files into place.
 *
 * @param folder - the folder of the files
 * @param missing - the files to replace; other files stay
 */
export async function download(folder: string, missing: readonly Piece[]): Promise<void> {
    const versions = dirname(dirname(folder));
    mkdirSync(folder, { recursive: true });
    // The temporary folder is on the same file system, so that each file is moved by renaming, and never incomplete.
    const home = join(versions, `.download-${process.pid}`);
    const forget = atExit(() => {
        rmSync(home, { recursive: true, force: true });
    });
    try {
        await fetchInto(home);
        const from = binFolder(home);
        const there = new Set(readdirSync(folder));
        for (const name of readdirSync(from)) {
            if (there.has(name) && !missing.some((piece) => piece === name)) continue;
            renameSync(join(from, name), join(folder, name));
        }
    } finally {
        forget();
        rmSync(home, { recursive: true, force: true });
    }
}

async function fetchInto(home: string): Promise<void> {
    const program = join(repositoryRoot, "node_modules", "pulumi", "run.js");
    const env = {
        ...process.env,
        PULUMI_HOME: home,
        PULUMI_VERSION: cliVersion,
        PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const child = new Child(process.execPath, [program, "version"], { env, timeoutMs: limitMs });
    const { exitCode, timedOut, output } = await child.done;
    if (timedOut) throw new Error(`it was not done after ${limitMs / 1000} s`);
    if (exitCode !== 0) throw new Error(lastLine(output));
}

function lastLine(output: string): string {
    return output.trim().split("\n").at(-1) ?? "no reason was given";
}
