/** A cache of compiled code for the many short processes of Node that `npm test` starts. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { testRunFolder } from "./testRun.js";

/** Adds the cache to the environment of a child process, within a run of `npm test`. */
export function withCompileCache(env: Readonly<Record<string, string>>): Record<string, string> {
    const run = testRunFolder();
    if (run === undefined) return { ...env };
    const folder = join(run, "compile-cache");
    mkdirSync(folder, { recursive: true });
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    if (major > 22 || (major === 22 && minor >= 1)) return { ...env, NODE_COMPILE_CACHE: folder };
    const preload = `--require ${JSON.stringify(join(__dirname, "compileCachePreload.js"))}`;
    const { NODE_OPTIONS: others } = env;
    const options = others === undefined ? preload : `${preload} ${others}`;
    return { ...env, TEST_COMPILE_CACHE: folder, NODE_OPTIONS: options };
}
