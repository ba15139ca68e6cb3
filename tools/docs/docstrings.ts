/**
 * Reads the docstrings in a TypeScript source; the compiler does not copy them to `dist/`.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../test/engine/paths.js";

/** A declaration with a docstring. */
export interface Documented {
    /** The first line of the declaration. */
    readonly declaration: string;
    /** The docstring on one line, up to its first tag; links are written as code. */
    readonly text: string;
}

/** Lists the declarations of a source that have a docstring. */
export function readDocstrings(file: string): Documented[] {
    const source = readFileSync(join(repositoryRoot, file), "utf8");
    const found = source.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*\n\s*(?!\/\*\*)(\S.*)/g);
    return [...found].map(([, comment = "", declaration = ""]) => ({ declaration, text: proseOf(comment) }));
}

function proseOf(comment: string): string {
    const [prose = ""] = comment.replace(/^\s*\* ?/gm, "").split(/^@/m);
    return prose
        .replace(/\{@link ([^}]+)\}/g, "`$1`")
        .replace(/\s+/g, " ")
        .trim();
}
