/** Copies of this package, for a process that loads it several times, each time with separate module state. */
import { linkSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { removeFolder, temporaryFolder } from "./folders.js";
import { repositoryRoot } from "./paths.js";

/**
 * Makes a copy of hard links, which is quick. Its paths differ from the original's, so that neither `require` nor `import()` has
 * them in its cache. The copy is below `dist`, where it finds the dependencies. Its stub loads its provider.
 */
export function copyPackage(): { readonly stub: string; dispose(): void } {
    const folder = temporaryFolder("copy", join(repositoryRoot, "dist"));
    const target = join(folder, "node_modules", "pulumi-digicert");
    for (const file of ["package.json", ...scripts("provider"), ...scripts("sdk")]) {
        const copy = join(target, file);
        mkdirSync(dirname(copy), { recursive: true });
        linkSync(join(repositoryRoot, file), copy);
    }
    return {
        stub: join(target, "dist", "sdk", "nodejs", "stub.js"),
        dispose: () => {
            removeFolder(folder);
        },
    };
}

function scripts(part: string): string[] {
    const folder = join("dist", part);
    return readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".js"))
        .map((file) => join(folder, file));
}
