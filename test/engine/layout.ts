/** The ways in which a program finds this package and Pulumi's SDK. */
import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "./folders.js";
import { companions, copyInstallation, installation } from "./installation.js";
import { repositoryRoot } from "./paths.js";

/** What the package publishes of `dist`. */
const parts = ["cli", "plugin", "provider", "sdk", "simulator"];
let ownPackage: string | undefined;

/**
 * - `symlink`: `node_modules/pulumi-digicert` leads by symbolic links to this repository, as in a workspace. This layout is
 *   quick; Pulumi records the provider by value.
 * - `installed`: the packed package, installed by npm into a real folder. Pulumi records the provider by reference.
 * - `installed-namesake`: the same below a folder `pulumi-digicert-stacks`. Pulumi searches for the package's package.json at the
 *   first place in the path where the package's name occurs, and does not find it. A reference recorded there would name a
 *   path that is not in the package's `exports`.
 * - a folder: one of the test's own, with a `node_modules` already.
 */
export type Layout = "symlink" | "installed" | "installed-namesake" | { readonly folder: string };

/** The folder for a program: an empty one, or the test's own. */
export async function programFolder(layout: Layout): Promise<string> {
    if (typeof layout === "object") return layout.folder;
    if (layout === "symlink") {
        const folder = temporaryFolder("program");
        linkPackages(folder);
        return folder;
    }
    // Below the installation: both Node and Pulumi's provider host look for packages in the folders above.
    const namesake = join(temporaryFolder("namesake"), "pulumi-digicert-stacks");
    if (layout === "installed-namesake") await copyInstallation(namesake);
    const above = layout === "installed" ? (await installation()).folder : namesake;
    return mkdtempSync(join(above, "program-"));
}

function linkPackages(folder: string): void {
    const link = (name: string, target: string): void => {
        const path = join(folder, "node_modules", name);
        mkdirSync(dirname(path), { recursive: true });
        symlinkSync(target, path, "dir");
    };
    link("pulumi-digicert", packageFolder());
    for (const name of companions) link(name, join(repositoryRoot, "node_modules", name));
}

/**
 * A folder with links to the files of the package. In each run Pulumi's language host reads every folder below the program's,
 * through links: of this repository those would be ten times as many.
 */
function packageFolder(): string {
    if (ownPackage !== undefined) return ownPackage;
    const folder = temporaryFolder("package");
    const link = (path: string): void => {
        symlinkSync(join(repositoryRoot, path), join(folder, path));
    };
    mkdirSync(join(folder, "dist"));
    link("package.json");
    for (const part of parts) link(join("dist", part));
    return (ownPackage = folder);
}
