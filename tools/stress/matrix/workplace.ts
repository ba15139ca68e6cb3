/** Installs the packed package for a program, in each of the ways that the matrix has. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { execute } from "../../../test/engine/child.js";
import { installEnvironment } from "../../../test/engine/environment.js";
import { removeFolder, temporaryFolder } from "../../../test/engine/folders.js";
import { developedAgainst, npm, npmInstall } from "../../../test/engine/npm.js";
import { repositoryRoot } from "../../../test/engine/paths.js";
import { writeFiles } from "../../../test/engine/program.js";
import { tarball } from "../../../test/engine/installation.js";
import type { Cell } from "./cell.js";

/** Where a program is to be written. */
export interface Workplace {
    readonly program: string;
    /** The version of a package that the program finds. */
    versionOf(name: string): string;
    dispose(): void;
}

/** The version that README and `peerDependencies` promise. */
const OLDEST_SDK = "3.139.0";

/** Makes the folders and installs. */
export async function workplaceFor(cell: Cell): Promise<Workplace> {
    const root = temporaryFolder("matrix");
    const inWorkspace = cell.installer.startsWith("npm workspace");
    const program = inWorkspace ? join(root, "stacks", "shop") : root;
    const linked = cell.installer === "npm workspace, linked";
    writeFiles(program, {
        "package.json": JSON.stringify({
            name: "shop",
            private: true,
            ...(cell.language.startsWith("TypeScript ESM") ? { type: "module" } : {}),
            dependencies: {
                "pulumi-digicert": linked ? "*" : `file:${await tarball()}`,
                ...companions(cell, await newestSdk()),
            },
        }),
    });
    if (inWorkspace) {
        const workspace = { private: true, workspaces: ["stacks/*", "packages/*"] };
        writeFiles(root, { "package.json": JSON.stringify(workspace) });
    }
    if (linked) await unpack(await tarball(), join(root, "packages", "pulumi-digicert"));
    await (cell.installer === "pnpm" ? pnpmInstall(root) : npmInstall(root));
    return {
        program,
        versionOf: (name) => {
            const require = createRequire(join(program, "package.json"));
            const manifest = readFileSync(require.resolve(`${name}/package.json`), "utf8");
            return (JSON.parse(manifest) as { version: string }).version;
        },
        dispose: () => {
            removeFolder(root);
        },
    };
}

function companions({ language, sdk, typescript }: Cell, newest: string): Record<string, string> {
    const pulumi = { oldest: OLDEST_SDK, pinned: developedAgainst("@pulumi/pulumi"), newest }[sdk];
    const ownTypescript =
        typescript ?? (language === "JavaScript" ? undefined : developedAgainst("typescript"));
    return {
        "@pulumi/pulumi": pulumi,
        "@types/node": developedAgainst("@types/node"),
        ...(ownTypescript === undefined ? {} : { typescript: ownTypescript }),
        // With its own ts-node a program has ES modules compiled by Pulumi.
        ...(language === "TypeScript ESM" ? { "ts-node": "10.9.2" } : {}),
        ...(language === "TypeScript ESM, tsx" ? { tsx: "4" } : {}),
    };
}

/** In whose node_modules a package finds only its own dependencies. */
async function pnpmInstall(cwd: string): Promise<void> {
    const pnpm = join(repositoryRoot, "node_modules", "pnpm", "bin", "pnpm.cjs");
    const args = [pnpm, "install", "--prefer-offline", "--ignore-scripts", "--loglevel=warn"];
    await execute(process.execPath, args, { cwd, env: installEnvironment(), timeoutMs: 300_000 });
}

let newest: Promise<string> | undefined;

/** By number: npm takes any version that is there already for a tag such as `latest`. */
function newestSdk(): Promise<string> {
    newest ??= npm(["view", "@pulumi/pulumi", "version"], repositoryRoot).then((text) => text.trim());
    return newest;
}

/** As a member of a workspace; npm would install what it is developed with, too. */
async function unpack(archive: string, folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    await execute("tar", ["-xzf", archive, "--strip-components=1", "-C", folder]);
    const manifest = join(folder, "package.json");
    const content = JSON.parse(readFileSync(manifest, "utf8")) as object;
    writeFileSync(manifest, JSON.stringify({ ...content, devDependencies: undefined }));
}
