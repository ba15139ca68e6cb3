/** Copies of this package, for a process that is to load it more than once, each time with a state of its own. */
import { linkSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { atExit } from "./cleanup.js";
import { removeFolder } from "./folders.js";
import { repositoryRoot } from "./paths.js";

/** A copy; Node takes it for a package of its own. */
export interface PackageCopy {
    /** The stub of the copy, to be required by its path; it loads the provider of the copy. */
    readonly stub: string;
    dispose(): void;
}

/**
 * Makes a copy of hard links: quick, and other paths than the original's, so that neither `require` nor `import()` has
 * them in its cache. Below `dist`, where it finds the packages that we depend on.
 */
export function copyPackage(): PackageCopy {
    const folder = mkdtempSync(join(repositoryRoot, "dist", "copy-"));
    const dispose = (): void => {
        removeFolder(folder);
    };
    const forget = atExit(dispose);
    const target = join(folder, "node_modules", "pulumi-digicert");
    for (const file of [
        "package.json",
        ...scripts(join("dist", "provider")),
        ...scripts(join("dist", "sdk")),
    ]) {
        const copy = join(target, file);
        mkdirSync(dirname(copy), { recursive: true });
        linkSync(join(repositoryRoot, file), copy);
    }
    return {
        stub: join(target, "dist", "sdk", "nodejs", "stub.js"),
        dispose: () => {
            forget();
            dispose();
        },
    };
}

function scripts(folder: string): string[] {
    return readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".js"))
        .map((file) => join(folder, file));
}
