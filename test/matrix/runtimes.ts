/** The programs that run JavaScript, from npm: their packages hold the binary for one platform. */
import { join } from "node:path";
import { temporaryFolder } from "../engine/folders.js";
import { npmInstall } from "../engine/npm.js";
import type { Cell } from "./cell.js";

const installed = new Map<string, Promise<string>>();

/** The folder with `node` (or `bun`) in it; each is installed once per process. */
export function runtimeFolder(runtime: Cell["runtime"]): Promise<string> {
    const own = Number(process.versions.node.split(".")[0]);
    if (runtime === own) return Promise.resolve(join(process.execPath, ".."));
    const [name, version] = runtime === "Bun" ? [bunPackage(), "1"] : [nodePackage(), String(runtime)];
    const folder = installed.get(name + version) ?? install(name, version);
    installed.set(name + version, folder);
    return folder;
}

async function install(name: string, version: string): Promise<string> {
    const folder = temporaryFolder("runtime");
    await npmInstall(folder, [`${name}@${version}`]);
    return join(folder, "node_modules", name, "bin");
}

const nodePackage = (): string => `node-${process.platform}-${process.arch}`;
const bunPackage = (): string =>
    `@oven/bun-${process.platform}-${process.arch === "arm64" ? "aarch64" : "x64"}`;
