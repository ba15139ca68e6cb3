/** The order in which a CLI is looked for, and made. The ways themselves are in the files that ways.ts names. */
import { cliVersion } from "./paths.js";

/** The three files a folder needs: the CLI, its language host, and the script that starts dynamic providers. */
export const pieces = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

/** One of {@link pieces}. */
export type Piece = (typeof pieces)[number];

/** A usable CLI. */
export interface Cli {
    /** Path of `pulumi`; what belongs to it is in the same folder. */
    bin: string;
    version: string;
}

/** What can be looked at and done; replaced in unit tests. */
export interface Ways {
    /** The CLI of the Pulumi home, whether it is there or not. */
    home: Cli;
    /** Which files of `home` are missing or do not run. */
    missing(): Promise<Piece[]>;
    /** A CLI on PATH that will do. */
    onPath(): Promise<Cli | undefined>;
    /** Copies the script from `@pulumi/pulumi`. */
    copyScript(): Promise<void>;
    /** Fetches what is missing, as the npm package does on first use; rejects with a one-line reason. */
    download(missing: readonly Piece[]): Promise<void>;
    /** `undefined` if the installed Go can build, else what is wrong with it. */
    goProblem(): Promise<string | undefined>;
    /** Builds one file from Go modules. */
    build(piece: "pulumi" | "pulumi-language-nodejs"): Promise<void>;
    /** Runs the work while no other process does the same in this home. */
    alone<T>(work: () => Promise<T>): Promise<T>;
    /** Tells the user. */
    say(line: string): void;
}

const script = "pulumi-resource-pulumi-nodejs";

/** Looks for a CLI without making one: in the Pulumi home, then on PATH. */
export async function find(ways: Ways): Promise<Cli | undefined> {
    return (await ways.missing()).length === 0 ? ways.home : await ways.onPath();
}

/** Finds a CLI, or else makes one: by download, or else by a build. Rejects with what to install. */
export async function obtain(ways: Ways): Promise<Cli> {
    const missing = await ways.missing();
    if (missing.length === 0) return there(ways);
    // A folder that lacks but the script is ours or a build's: cheaper to complete than to look further.
    if (!(missing.length === 1 && missing[0] === script)) {
        const found = await ways.onPath();
        if (found !== undefined) {
            ways.say(`Pulumi CLI ${found.version} is on PATH: ${found.bin}`);
            return found;
        }
    }
    return ways.alone(() => complete(ways));
}

async function complete(ways: Ways): Promise<Cli> {
    let missing = await ways.missing();
    if (missing.length === 0) return there(ways); // another setup was faster
    let downloadProblem = "";
    if (missing.some((piece) => piece !== script)) {
        downloadProblem = await tryDownload(ways, missing);
        missing = await ways.missing();
    }
    await buildBinaries(ways, missing, downloadProblem);
    if (missing.includes(script)) await ways.copyScript();

    const left = await ways.missing();
    if (left.length > 0) {
        const names = left.join(", ");
        throw new Error(
            `Setting up Pulumi CLI ${cliVersion} for ${ways.home.bin} ended without an error, but ${names} still does not run. Remove that folder and try again.`,
        );
    }
    ways.say(`Pulumi CLI ${ways.home.version} is ready: ${ways.home.bin}`);
    return ways.home;
}

function there(ways: Ways): Cli {
    ways.say(`Pulumi CLI ${ways.home.version} is already there: ${ways.home.bin}`);
    return ways.home;
}

/** Returns what went wrong, or nothing. */
async function tryDownload(ways: Ways, missing: readonly Piece[]): Promise<string> {
    ways.say(`Downloading Pulumi CLI ${cliVersion} …`);
    try {
        await ways.download(missing);
        return "";
    } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        ways.say(`The download did not work: ${problem}`);
        return problem;
    }
}

async function buildBinaries(ways: Ways, missing: readonly Piece[], downloadProblem: string): Promise<void> {
    const binaries = missing.filter((piece) => piece !== script);
    if (binaries.length === 0) return;
    const problem = await ways.goProblem();
    if (problem !== undefined) {
        throw new Error(
            `Getting Pulumi CLI ${cliVersion}, which tests and demo need, failed: it could not be downloaded (${downloadProblem}), and it cannot be built from Go modules (${problem}). Install the CLI so that "pulumi version" works (https://www.pulumi.com/docs/install/), or Go 1.25.11 or later, and run "npm run engine" again.`,
        );
    }
    ways.say(
        "Building it from Go modules instead. This takes some minutes the first time, and needs 5 GB of disk.",
    );
    for (const piece of binaries) await ways.build(piece);
}
