/** Finds the Pulumi CLI that tests use. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "./child.js";
import { binFolder, cliVersion } from "./paths.js";

/** The three files of a complete CLI: the CLI, its language host, and the script that starts dynamic providers. */
const pieces = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

/** One of the files of the CLI. */
export type Piece = (typeof pieces)[number];

/** A usable CLI. */
export interface Cli {
    /** Path of `pulumi`; its other files are in the same folder. */
    bin: string;
}

/** The CLI of the Pulumi home; `undefined` means that `npm run engine` is needed first. */
export async function findCli(): Promise<Cli | undefined> {
    const folder = binFolder();
    const isComplete = (await missingPieces(folder)).length === 0;
    return isComplete ? { bin: join(folder, "pulumi") } : undefined;
}

/** Which files of a folder are missing, or, for the CLI, do not run on this machine. */
export async function missingPieces(folder: string): Promise<Piece[]> {
    const runs = await isCli(join(folder, "pulumi"));
    return pieces.filter((piece) => !existsSync(join(folder, piece)) || (piece === "pulumi" && !runs));
}

async function isCli(bin: string): Promise<boolean> {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const result = await run(bin, ["version"], { env, timeoutMs: 30_000 }).catch(() => undefined);
    return result?.stdout.trim().replace(/^v/, "") === cliVersion;
}
