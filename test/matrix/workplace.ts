/** Installs the packed package for a program, in each of the ways that the matrix has. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { run } from "../engine/child.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { developedAgainst, npmInstall, pnpmInstall } from "../engine/npm.js";
import { writeFiles } from "../engine/program.js";
import { tarball } from "../engine/tarball.js";
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
                ...companions(cell),
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

function companions({ language, sdk, typescript }: Cell): Record<string, string> {
    const pulumi = { oldest: OLDEST_SDK, pinned: developedAgainst("@pulumi/pulumi"), newest: "latest" }[sdk];
    const ownTypescript =
        typescript ?? (language === "JavaScript" ? undefined : developedAgainst("typescript"));
    return {
        "@pulumi/pulumi": pulumi,
        "@types/node": developedAgainst("@types/node"),
        ...(ownTypescript === undefined ? {} : { typescript: ownTypescript }),
        // With it Pulumi compiles ES modules by itself.
        ...(language === "TypeScript ESM" ? { "ts-node": "10.9.2" } : {}),
    };
}

async function unpack(archive: string, folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    const { exitCode, output } = await run("tar", ["-xzf", archive, "--strip-components=1", "-C", folder]);
    if (exitCode !== 0)
        throw new Error(`Unpacking ${archive}: tar ended with code ${String(exitCode)}: ${output}`);
}
