/** Makes the real Pulumi CLI available to tests and demo: `npm run engine`. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { exitOnSignals } from "./cleanup.js";
import { download } from "./download.js";
import { goBuild, goProblem } from "./goBuild.js";
import { withLock } from "./lock.js";
import { cliOnPath, missingPieces } from "./lookup.js";
import { type Cli, find, obtain, type Ways } from "./obtain.js";
import { binFolder, cliVersion, repositoryRoot } from "./paths.js";

export { type Cli } from "./obtain.js";

/**
 * Finds the CLI, or downloads it, or builds it from Go modules; rejects with a sentence that says what to install.
 *
 * @param say - told what is done; default: one line each on stdout
 */
export function ensureCli(say: (line: string) => void = sayOnStdout): Promise<Cli> {
    return obtain(realWays(say));
}

/** Looks for the CLI only; `undefined` means that `npm run engine` is needed first. */
export function findCli(): Promise<Cli | undefined> {
    return find(realWays(() => undefined));
}

function realWays(say: (line: string) => void): Ways {
    const folder = binFolder();
    return {
        home: { bin: join(folder, "pulumi"), version: cliVersion },
        missing: () => missingPieces(folder),
        onPath: () => cliOnPath(),
        copyScript: () => {
            copyScript(folder);
            return Promise.resolve();
        },
        download: (missing) => download(folder, missing),
        goProblem,
        build: (piece) => goBuild(piece, folder, say),
        alone: (work) => {
            const cleanWork = (): ReturnType<typeof work> => {
                removeLeftovers(folder);
                return work();
            };
            return withLock(`${dirname(folder)}.lock`, cleanWork, () => {
                say(`Another process is setting up ${folder}; waiting for it.`);
            });
        },
        say,
    };
}

function copyScript(folder: string): void {
    const name = "pulumi-resource-pulumi-nodejs";
    mkdirSync(folder, { recursive: true });
    const half = join(folder, `.${name}.${process.pid}`);
    copyFileSync(join(repositoryRoot, "node_modules", "@pulumi", "pulumi", name), half);
    chmodSync(half, 0o755);
    renameSync(half, join(folder, name));
}

/** What a setup that was killed left behind: the unfinished files of download.ts and goBuild.ts. */
function removeLeftovers(folder: string): void {
    const remove = (from: string, unfinished: RegExp): void => {
        for (const name of existsSync(from) ? readdirSync(from) : []) {
            if (unfinished.test(name)) rmSync(join(from, name), { recursive: true, force: true });
        }
    };
    remove(folder, /^\.pulumi.*\.\d+$/);
    remove(dirname(dirname(folder)), /^\.download-/);
}

function sayOnStdout(line: string): void {
    process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
    exitOnSignals();
    try {
        await ensureCli();
    } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
    }
}

if (require.main === module) void main();
