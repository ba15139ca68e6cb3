/**
 * Part of `npm run build`: removes the declaration files that no public entry imports, and from the code that is published three
 * kinds of lines: those that name source maps, which the package does not hold; those with which TypeScript sets all exports
 * to `undefined` first, which only a circle of imports would see; and, except in the public entries, those that mark a module as
 * `__esModule`, which only an import of its default export would see.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { repositoryRoot } from "../../test/engine/paths.js";

/** What `files` in package.json names. */
const PUBLISHED = /^(?:provider|plugin|sdk|cli|simulator)[\\/]/;

interface Manifest {
    readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

function main(): void {
    const manifest = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as Manifest;
    const needed = new Set<string>();
    const entries = new Set<string>();
    for (const entry of Object.values(manifest.exports)) {
        if (typeof entry === "string") continue;
        follow(resolve(repositoryRoot, entry.types), needed);
        entries.add(resolve(repositoryRoot, entry.default));
    }
    const dist = join(repositoryRoot, "dist");
    for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
        const path = join(dist, file);
        if (path.endsWith(".d.ts") && !needed.has(path)) rmSync(path);
        else if (path.endsWith(".js") && PUBLISHED.test(file)) removeLines(path, entries.has(path));
    }
}

function removeLines(file: string, isEntry: boolean): void {
    const code = readFileSync(file, "utf8")
        .replace(/^(?:\/\/# sourceMappingURL=.*|exports\.\w+ = .*void 0;)\n?/gm, "")
        .replace(isEntry ? /$^/ : /^Object\.defineProperty\(exports, "__esModule".*\n/m, "");
    writeFileSync(file, code);
}

/** Adds a declaration and all that it imports. */
function follow(file: string, needed: Set<string>): void {
    if (needed.has(file)) return;
    needed.add(file);
    for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import\() ?"(\.[^"]+)\.js"/g))
        follow(resolve(dirname(file), `${path}.d.ts`), needed);
}

main();
