/** Packs this package as npm publishes it, and installs it as a user does: with npm, into a real folder. */
import { writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { temporaryFolder } from "./folders.js";
import { developedAgainst, npm, npmInstall } from "./npm.js";
import { repositoryRoot } from "./paths.js";
import { oncePerRun } from "./testRun.js";

/** What a program needs beside this package. */
export const companions: readonly string[] = ["@pulumi/pulumi", "typescript", "@types/node"];

interface Installation {
    readonly folder: string;
    readonly warnings: readonly string[];
}

let packed: Promise<string> | undefined;
let installed: Promise<Installation> | undefined;
let namesake: Promise<string> | undefined;

/** Path of the packed package; made once per process, and once per run of `npm test`. */
export function tarball(): Promise<string> {
    return (packed ??= oncePerRun("packed", pack));
}

async function pack(folder: string): Promise<string> {
    // Scripts are not run: "prepack" would remove the dist/ that this code runs from.
    const report = await npm(
        ["pack", "--ignore-scripts", "--json", "--pack-destination", folder],
        repositoryRoot,
    );
    const [{ filename }] = JSON.parse(report) as [{ filename: string }];
    return join(folder, filename);
}

/** A folder whose node_modules has the packed package; made once per process, and once per run of `npm test`. */
export async function installation(): Promise<string> {
    return (await findInstallation()).folder;
}

/** The warnings of npm at the installation, except for scripts, which the tests switch off. */
export async function installationWarnings(): Promise<readonly string[]> {
    return (await findInstallation()).warnings;
}

function findInstallation(): Promise<Installation> {
    return (installed ??= oncePerRun("installed", install));
}

/** Installs the package into a folder whose path contains the name of the package. */
export function namesakeInstallation(): Promise<string> {
    const folder = join(temporaryFolder("namesake"), "pulumi-digicert-stacks");
    return (namesake ??= copyInstallation(folder).then(() => folder));
}

/** Copies the {@link installation} into a folder of the caller's own. */
export async function copyInstallation(folder: string): Promise<void> {
    const source = await installation();
    await cp(source, folder, {
        recursive: true,
        verbatimSymlinks: true,
        // The programs of other tests come and go.
        filter: (path) => dirname(path) !== source || !/^(program|types)-/.test(basename(path)),
    });
}

async function install(folder: string): Promise<Installation> {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "installed", private: true }));
    const pinned = companions.map((name) => `${name}@${developedAgainst(name)}`);
    const output = await npmInstall(folder, [await tarball(), ...pinned]);
    const warnings = output.split("\n").filter((line) => /^npm (warn|error) (?!install-scripts)/i.test(line));
    return { folder, warnings };
}
