/** Packs this package as npm publishes it, and installs it as a user does: with npm, into a real folder. */
import { writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { developedAgainst, npm, npmInstall } from "./npm.js";
import { repositoryRoot } from "./paths.js";
import { oncePerRun } from "./testRun.js";

/** What a program needs beside this package. */
export const companions: readonly string[] = ["@pulumi/pulumi", "typescript", "@types/node"];

interface Installation {
    /** Its node_modules has the package. */
    readonly folder: string;
    /** What npm warned of, except for scripts, which the tests switch off. */
    readonly warnings: readonly string[];
}

let packed: Promise<string> | undefined;
let installed: Promise<Installation> | undefined;

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

/** Installs the packed package; once per process, and once per run of `npm test`. */
export function installation(): Promise<Installation> {
    return (installed ??= oncePerRun("installed", install));
}

/** Copies the {@link installation} into a folder of the caller's own. */
export async function copyInstallation(folder: string): Promise<void> {
    const { folder: source } = await installation();
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
