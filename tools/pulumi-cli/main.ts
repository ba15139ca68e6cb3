/**
 * `npm run engine`: makes the Pulumi CLI available to tests, stress runs and the benchmark.
 *
 * It uses, in this order: the CLI in the Pulumi home; a download with the npm package `pulumi`; a build from Go modules,
 * for machines that reach a Go module proxy but not Pulumi's downloads. After that come the languages of the plugin's tests;
 * `--all` adds Java and the generator for .NET.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { exitOnSignals } from "../../test/engine/cleanup.js";
import { type Cli, findCli, missingPieces } from "../../test/engine/lookup.js";
import { binFolder, cliVersion, repositoryRoot } from "../../test/engine/paths.js";
import { download } from "./download.js";
import { goBuild, goProblem } from "./goBuild.js";
import { ensureLanguages } from "./languages.js";

const HOST_SCRIPT = "pulumi-resource-pulumi-nodejs";

async function ensureCli(): Promise<Cli> {
    const folder = binFolder();
    const found = await findCli();
    if (found !== undefined) return found;
    removeUnfinished(folder);
    const downloadProblem = await tryDownload(folder);
    const binaries = (await missingPieces(folder)).filter((piece) => piece !== HOST_SCRIPT);
    if (binaries.length > 0) {
        const problem = await goProblem();
        if (problem !== undefined) {
            throw new Error(
                `Pulumi CLI ${cliVersion}, which the tests need, could not be downloaded (${downloadProblem}), and cannot be built from Go modules (${problem}). Install the CLI so that "pulumi version" works (https://www.pulumi.com/docs/install/), or Go 1.25.11 or later, and run "npm run engine" again.`,
            );
        }
        say("Building the CLI from Go modules. The first time takes some minutes and 5 GB of disk.");
        for (const piece of binaries) await goBuild(piece, folder, say);
    }
    copyHostScript(folder);
    const made = await findCli();
    if (made === undefined) {
        const names = (await missingPieces(folder)).join(", ");
        throw new Error(`${names} in ${folder} does not run. Remove that folder and try again.`);
    }
    return made;
}

/** Returns the error, or an empty text. */
async function tryDownload(folder: string): Promise<string> {
    const missing = (await missingPieces(folder)).filter((piece) => piece !== HOST_SCRIPT);
    if (missing.length === 0) return "";
    say(`Downloading Pulumi CLI ${cliVersion} …`);
    try {
        await download(folder, missing);
        return "";
    } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        say(`The download did not work: ${problem}`);
        return problem;
    }
}

/** The script that starts dynamic providers belongs to the Node SDK. */
function copyHostScript(folder: string): void {
    const unfinished = join(folder, `.${HOST_SCRIPT}.${process.pid}`);
    copyFileSync(join(repositoryRoot, "node_modules", "@pulumi", "pulumi", HOST_SCRIPT), unfinished);
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, join(folder, HOST_SCRIPT));
}

/** Removes the unfinished files of download.ts and goBuild.ts, which a killed run may have left. */
function removeUnfinished(folder: string): void {
    mkdirSync(folder, { recursive: true });
    const remove = (from: string, unfinished: RegExp): void => {
        for (const name of existsSync(from) ? readdirSync(from) : []) {
            const pid = Number(name.split(".").at(-1));
            if (unfinished.test(name) && !isRunning(pid)) {
                rmSync(join(from, name), { recursive: true, force: true });
            }
        }
    };
    remove(folder, /^\.pulumi.*\.\d+$/);
    remove(dirname(dirname(folder)), /^\.download-\d+$/);
}

function isRunning(pid: number): boolean {
    try {
        return process.kill(pid, 0);
    } catch {
        return false;
    }
}

function say(line: string): void {
    process.stdout.write(`${line}\n`);
}

exitOnSignals();
ensureCli().then(
    async ({ bin }) => {
        say(`Pulumi CLI ${cliVersion} is ready: ${bin}`);
        await ensureLanguages(binFolder(), process.argv.includes("--all"), say);
    },
    (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
    },
);
