/** This package as a user has it: packed, and installed by npm into a real folder. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./child.js";
import { cleanEnvironment } from "./environment.js";
import { temporaryFolder } from "./folders.js";
import { repositoryRoot } from "./paths.js";

/** What a program needs beside this package. */
export const companions: readonly string[] = ["@pulumi/pulumi", "typescript", "@types/node"];

let installed: Promise<string> | undefined;
let namesake: Promise<string> | undefined;

/** A folder whose node_modules has the packed package; made once per process. */
export function installation(): Promise<string> {
    installed ??= install();
    return installed;
}

/** The same in a folder whose path contains the package's own name. */
export function namesakeInstallation(): Promise<string> {
    namesake ??= copyToNamesake();
    return namesake;
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

async function install(): Promise<string> {
    if (!existsSync(join(repositoryRoot, "dist", "sdk", "index.js"))) {
        throw new Error(
            `Packing ${repositoryRoot} for a test: dist/sdk is not there. Run "npm run build" first.`,
        );
    }
    const folder = temporaryFolder("installed");
    // Scripts are left out: "prepare" would remove the very dist/ that this code runs from.
    const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const report = await npm(pack, repositoryRoot);
    const [packed] = JSON.parse(report) as { filename: string }[];
    if (packed === undefined) {
        throw new Error(`Packing ${repositoryRoot} for a test: npm reported no file, but ${report}`);
    }
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "installed", private: true }));
    const pinned = companions.map((name) => `${name}@${developedAgainst(name)}`);
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    await npm(["install", ...quiet, join(folder, packed.filename), ...pinned], folder);
    return folder;
}

/** The version of a devDependency, so that it is written down once. */
function developedAgainst(name: string): string {
    const manifest = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
        devDependencies: Record<string, string>;
    };
    const version = manifest.devDependencies[name];
    if (version === undefined) {
        throw new Error(
            `Installing ${name} for a test: package.json has no version of it in devDependencies.`,
        );
    }
    return version;
}

/** npm, unlike the programs under test, needs the developer's proxy and registry settings. */
const npmSettings = /_proxy$|^npm_config_(registry|cache|userconfig)$|^node_extra_ca_certs$/i;

async function npm(args: readonly string[], cwd: string): Promise<string> {
    const settings = Object.entries(process.env).filter(([name]) => npmSettings.test(name));
    const env = { ...cleanEnvironment(), ...Object.fromEntries(settings) };
    const { exitCode, timedOut, stdout, output } = await run("npm", args, { cwd, env, timeoutMs: 300_000 });
    if (exitCode !== 0) {
        const how = timedOut ? "took more than 300 s" : `ended with code ${String(exitCode)}`;
        throw new Error(
            `Running "npm ${args.join(" ")}" in ${cwd} for a test: it ${how}. It printed:\n${output}`,
        );
    }
    return stdout;
}
