/**
 * Reads the docstrings of a TypeScript source, which the compiler leaves out of `dist/`.
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
    /** The docstring on one line, up to its first tag, with links as code. */
    readonly text: string;
}

/** The declarations of a source that have a docstring, in their order. */
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
