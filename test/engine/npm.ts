/** npm, for tests that install packages. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ChildResult, execute } from "./child.js";
import { installEnvironment } from "./environment.js";
import { repositoryRoot } from "./paths.js";

/**
 * Installs the dependencies in the folder's package.json, and the given packages. It runs no scripts of packages.
 *
 * @returns the output of npm, with its warnings
 */
export async function npmInstall(folder: string, packages: readonly string[] = []): Promise<string> {
    const quiet = ["--prefer-offline", "--ignore-scripts", "--loglevel=warn", "--no-audit", "--no-fund"];
    return (await runNpm(["install", ...quiet, ...packages], folder)).output;
}

/** Runs npm. Returns what it printed on stdout. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
    return (await runNpm(args, cwd)).stdout;
}

/** The version of a devDependency in package.json. */
export function developedAgainst(name: string): string {
    const manifest = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
        devDependencies: Record<string, string>;
    };
    const version = manifest.devDependencies[name];
    if (version === undefined) throw new Error(`package.json has no ${name} in devDependencies.`);
    return version;
}

function runNpm(args: readonly string[], cwd: string): Promise<ChildResult> {
    return execute("npm", args, { cwd, env: installEnvironment(), timeoutMs: 300_000 });
}
