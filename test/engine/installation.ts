/** Installs this package as a user does: packed, with npm, into a real folder. */
import { writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "./folders.js";
import { developedAgainst, npmInstall } from "./npm.js";
import { tarball } from "./tarball.js";

/** What a program needs beside this package. */
export const companions: readonly string[] = ["@pulumi/pulumi", "typescript", "@types/node"];

let installed: Promise<{ folder: string; warnings: readonly string[] }> | undefined;
let namesake: Promise<string> | undefined;

/** A folder whose node_modules has the packed package; made once per process. */
export async function installation(): Promise<string> {
    return (await (installed ??= install())).folder;
}

/** The warnings of npm at the installation, except for scripts, which the tests switch off. */
export async function installationWarnings(): Promise<readonly string[]> {
    return (await (installed ??= install())).warnings;
}

/** Installs the package into a folder whose path contains the name of the package. */
export function namesakeInstallation(): Promise<string> {
    return (namesake ??= copyToNamesake());
}

async function copyToNamesake(): Promise<string> {
    const folder = join(temporaryFolder("namesake"), "pulumi-digicert-stacks");
    await cp(await installation(), folder, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !/[\\/]program-[^\\/]*$/.test(path), // those of other stacks come and go
    });
    return folder;
}

async function install(): Promise<{ folder: string; warnings: readonly string[] }> {
    const folder = temporaryFolder("installed");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "installed", private: true }));
    const pinned = companions.map((name) => `${name}@${developedAgainst(name)}`);
    const output = await npmInstall(folder, [await tarball(), ...pinned]);
    const warnings = output.split("\n").filter((line) => /^npm (warn|error) (?!install-scripts)/i.test(line));
    return { folder, warnings };
}
