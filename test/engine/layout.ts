/** The two ways in which a program finds this package and Pulumi's SDK. */
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { atExit } from "./cleanup.js";
import { run } from "./child.js";
import { cleanEnvironment } from "./environment.js";
import { repositoryRoot } from "./paths.js";

/**
 * - `symlink`: `node_modules/pulumi-digicert` is a symbolic link to this repository, as in a workspace. Quick; Pulumi
 *   records the provider by value.
 * - `installed`: the packed package, installed by npm into a real folder. Pulumi records the provider by reference.
 */
export type Layout = "symlink" | "installed";

const companions = ["@pulumi/pulumi", "typescript", "@types/node"];

/** Makes an empty folder for a program; {@link removeFolder} is called on it in the end. */
export async function programFolder(layout: Layout): Promise<string> {
    if (layout === "symlink") {
        const folder = temporaryFolder("program");
        linkPackages(folder);
        return folder;
    }
    // Below the installation: both Node and Pulumi's provider host look for packages in the folders above.
    return mkdtempSync(join(await installation(), "program-"));
}

/** A new folder that is removed at the end of this process, if not before. */
export function temporaryFolder(purpose: string): string {
    const folder = mkdtempSync(join(tmpdir(), `digicert-${purpose}-`));
    atExit(() => {
        removeFolder(folder);
    });
    return folder;
}

/** Removes a folder with all that is in it; links are removed, not followed. */
export function removeFolder(folder: string): void {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function linkPackages(folder: string): void {
    const link = (name: string, target: string): void => {
        const path = join(folder, "node_modules", name);
        mkdirSync(dirname(path), { recursive: true });
        symlinkSync(target, path, "dir");
    };
    link("pulumi-digicert", repositoryRoot);
    for (const name of companions) link(name, join(repositoryRoot, "node_modules", name));
}

let installing: Promise<string> | undefined;

/** Packs this repository's built output and installs it, once per process. */
export function installation(): Promise<string> {
    installing ??= install();
    return installing;
}

async function install(): Promise<string> {
    if (!existsSync(join(repositoryRoot, "dist", "sdk", "index.js"))) {
        throw new Error(
            `Packing ${repositoryRoot} for a test: dist/sdk is not there. Run "npm run build" first.`,
        );
    }
    const folder = temporaryFolder("installed");
    // Scripts are left out: "prepare" would remove the very dist/ that this code runs from.
    const packed = await npm(
        ["pack", "--ignore-scripts", "--json", "--pack-destination", folder],
        repositoryRoot,
    );
    const [first] = JSON.parse(packed) as { filename: string }[];
    if (first === undefined)
        throw new Error(`Packing ${repositoryRoot}: npm pack reported no file: ${packed}`);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "installed", private: true }));
    const pinned = companions.map((name) => `${name}@${developedAgainst(name)}`);
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    await npm(["install", ...quiet, join(folder, first.filename), ...pinned], folder);
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
            `Installing ${name} for a test: package.json names no version of it in devDependencies.`,
        );
    }
    return version;
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
    // npm, unlike the programs under test, needs the developer's proxy and registry settings.
    const proxies = Object.entries(process.env).filter(
        ([name]) =>
            /_proxy$/i.test(name) ||
            /^npm_config_(registry|cache|userconfig)$/i.test(name) ||
            name === "NODE_EXTRA_CA_CERTS",
    );
    const env = { ...cleanEnvironment(), ...Object.fromEntries(proxies) };
    const { exitCode, stdout, output } = await run("npm", args, { cwd, env, timeoutMs: 300_000 });
    if (exitCode !== 0) {
        throw new Error(
            `Running "npm ${args.join(" ")}" in ${cwd} ended with code ${String(exitCode)}:\n${output}`,
        );
    }
    return stdout;
}
