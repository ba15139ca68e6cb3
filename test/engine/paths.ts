/** Paths of the repository, and of the folder in which Pulumi's npm package stores the CLI. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The CLI version that tests are developed against, that of the devDependency `pulumi`. */
export const cliVersion = "3.259.0";

/** The repository: this file runs as `dist/test/engine/paths.js`. */
export const repositoryRoot = resolve(__dirname, "..", "..", "..");

/**
 * Folder of the CLI's files below a Pulumi home, the same one that the npm package `pulumi` uses.
 *
 * @param home - `PULUMI_HOME`, or `.pulumi` in the user's home folder
 */
export function binFolder(home = pulumiHome()): string {
    return join(home, "versions", cliVersion, "bin");
}

/** `PULUMI_HOME`, or its default. */
export function pulumiHome(): string {
    const named = process.env.PULUMI_HOME;
    return named === undefined || named === "" ? join(homedir(), ".pulumi") : resolve(named);
}

const pythonFolder = join(binFolder(), "..", "python");

/** Python with Pulumi's SDK, which `npm run engine` installs beside the CLI. */
export const PYTHON = {
    folder: pythonFolder,
    pip: join(pythonFolder, "bin", "pip"),
    python: join(pythonFolder, "bin", "python"),
    /** Made last: it is there only where the installation is whole. */
    executable: join(pythonFolder, "bin", "python-with-pulumi"),
} as const;
