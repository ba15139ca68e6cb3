/** Finds an installed CLI, in the Pulumi home or on PATH. */
import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { run } from "./child.js";
import { binFolder, cliVersion } from "./paths.js";

/** The three files of a complete CLI: the CLI, its language host, and the script that starts dynamic providers. */
export const pieces = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

/** One of {@link pieces}. */
export type Piece = (typeof pieces)[number];

/** A usable CLI. */
export interface Cli {
    /** Path of `pulumi`; its other files are in the same folder. */
    bin: string;
    version: string;
}

/** The CLI of the Pulumi home, or on PATH; `undefined` means that `npm run engine` is needed first. */
export async function findCli(): Promise<Cli | undefined> {
    const folder = binFolder();
    if ((await missingPieces(folder)).length === 0)
        return { bin: join(folder, "pulumi"), version: cliVersion };
    return cliOnPath();
}

/** Which files of a folder are missing, empty, not executable, or, for the CLI, another version. */
export async function missingPieces(folder: string): Promise<Piece[]> {
    const missing: Piece[] = [];
    for (const piece of pieces) {
        const file = join(folder, piece);
        const ok =
            (await isExecutable(file)) && (piece !== "pulumi" || (await versionOf(file)) === cliVersion);
        if (!ok) missing.push(piece);
    }
    return missing;
}

/** The first complete CLI on a search path that is new enough to pass stack config to dynamic providers. */
async function cliOnPath(path = process.env.PATH ?? ""): Promise<Cli | undefined> {
    for (const folder of path.split(delimiter)) {
        const bin = join(folder, "pulumi");
        if (folder === "" || !(await isExecutable(bin))) continue;
        // npm puts node_modules/.bin on PATH; the `pulumi` in it is the downloader, not the CLI.
        const real = await realpath(bin);
        if (real.split(/[\\/]/).includes("node_modules")) continue;
        // A package manager may link only the CLI; its other files are beside the real file.
        for (const place of new Set([folder, dirname(real)])) {
            const version = await versionIfComplete(place);
            if (version !== undefined) return { bin: join(place, "pulumi"), version };
        }
    }
    return undefined;
}

/** The output of `pulumi version` without the leading `v`; `undefined` if the program does not run. */
async function versionOf(bin: string): Promise<string | undefined> {
    try {
        const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
        const { exitCode, stdout } = await run(bin, ["version"], { env, timeoutMs: 30_000 });
        return exitCode === 0 ? /^v?(\d+\.\d+\.\d+\S*)/.exec(stdout.trim())?.[1] : undefined;
    } catch {
        return undefined; // not a program for this machine
    }
}

async function versionIfComplete(folder: string): Promise<string | undefined> {
    for (const piece of pieces) {
        if (!(await isExecutable(join(folder, piece)))) return undefined;
    }
    const version = await versionOf(join(folder, "pulumi"));
    // Stack config reaches dynamic providers since 3.139; see the package's peer dependency.
    const [major, minor = 0] = version?.split(".").map(Number) ?? [];
    return major === 3 && minor >= 139 ? version : undefined;
}

async function isExecutable(file: string): Promise<boolean> {
    try {
        await access(file, constants.X_OK);
        const found = await stat(file);
        return found.isFile() && found.size > 0;
    } catch {
        return false;
    }
}
