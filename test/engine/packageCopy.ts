/** Copies of this package, for a process that loads it several times, each time with separate module state. */
import { linkSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { atExit } from "./cleanup.js";
import { removeFolder } from "./folders.js";
import { repositoryRoot } from "./paths.js";

/** A copy, which Node treats as another package. */
export interface PackageCopy {
    /** Path of the stub of the copy; the stub loads the provider of the copy. */
    readonly stub: string;
    dispose(): void;
}

/**
 * Makes a copy of hard links, which is quick. Its paths differ from the original's, so that neither `require` nor `import()` has
 * them in its cache. The copy is below `dist`, where it finds the dependencies.
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
