/** The programs that run JavaScript, from npm: their packages hold the binary for one platform. */
import { join } from "node:path";
import { run } from "../../../test/engine/child.js";
import { temporaryFolder } from "../../../test/engine/folders.js";
import { npmInstall } from "../../../test/engine/npm.js";
import { writeFiles } from "../../../test/engine/program.js";
import type { Cell } from "./cell.js";

const installed = new Map<string, Promise<string>>();

/** The folder with `node` (or `bun`) in it; each is installed once per process. */
function runtimeFolder(runtime: Cell["runtime"]): Promise<string> {
    const own = Number(process.versions.node.split(".")[0]);
    if (runtime === own) return Promise.resolve(join(process.execPath, ".."));
    const [name, version] = runtime === "Bun" ? [bunPackage(), "1"] : [nodePackage(), String(runtime)];
    const folder = installed.get(name + version) ?? install(name, version);
    installed.set(name + version, folder);
    return folder;
}

async function install(name: string, version: string): Promise<string> {
    const folder = temporaryFolder("runtime");
    // Without one npm would install into a folder above that has one.
    writeFiles(folder, { "package.json": JSON.stringify({ private: true }) });
    await npmInstall(folder, [`${name}@${version}`]);
    return join(folder, "node_modules", name, "bin");
}

/** Path of the program itself; rejects if it is not of the wanted version, since another on PATH would take its place. */
export async function interpreter(runtime: Cell["runtime"]): Promise<string> {
    const binary = join(await runtimeFolder(runtime), runtime === "Bun" ? "bun" : "node");
    const { stdout } = await run(binary, ["--version"]);
    if (runtime !== "Bun" && !stdout.startsWith(`v${runtime}.`)) {
        throw new Error(`Looking for Node ${runtime}: ${binary} says it is ${stdout.trim()}.`);
    }
    return binary;
}

const nodePackage = (): string => `node-${process.platform}-${process.arch}`;
const bunPackage = (): string =>
    `@oven/bun-${process.platform}-${process.arch === "arm64" ? "aarch64" : "x64"}`;
