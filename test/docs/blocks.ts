/** The fenced code blocks of the documents. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../engine/paths.js";

/** One block. */
export interface Block {
    /** The document, or the source of a docstring, relative to the repository. */
    readonly document: string;
    /** Line of the first line of code, from 1. */
    readonly line: number;
    /** As it stands after the fence: `ts`, `sh`. Empty if there is none. */
    readonly language: string;
    readonly code: string;
}

/** Every Markdown file that people read. */
export function documents(): string[] {
    const inDocs = readdirSync(join(repositoryRoot, "docs")).map((name) => `docs/${name}`);
    const examples = readdirSync(join(repositoryRoot, "examples")).map(
        (name) => `examples/${name}/README.md`,
    );
    return [...readdirSync(repositoryRoot), ...inDocs, ...examples, "tools/bench/REPORT.md"]
        .filter((path) => path.endsWith(".md") && existsSync(join(repositoryRoot, path)))
        .sort();
}

/** The text of a document. */
export function textOf(document: string): string {
    return readFileSync(join(repositoryRoot, document), "utf8");
}

/** The blocks of a document; those inside lists lose their indentation. */
export function blocksOf(document: string, text = textOf(document)): Block[] {
    const blocks: Block[] = [];
    let open: { indent: string; fence: string; language: string; line: number; code: string[] } | undefined;
    text.split("\n").forEach((content, index) => {
        const [, indent = "", fence = "", info = ""] = /^(\s*)(`{3,})\s*(\S*)/.exec(content) ?? [];
        if (!open) {
            if (fence !== "") open = { indent, fence, language: info, line: index + 2, code: [] };
            return;
        }
        if (fence === open.fence && info === "") {
            const { language, line, code } = open;
            blocks.push({ document, line, language, code: code.join("\n") });
            open = undefined;
        } else open.code.push(content.startsWith(open.indent) ? content.slice(open.indent.length) : content);
    });
    if (open) throw new Error(`${document}:${open.line}: this block does not end`);
    return blocks;
}

/** All blocks in these languages. */
export function blocksIn(...languages: readonly string[]): Block[] {
    return documents()
        .flatMap((document) => blocksOf(document))
        .filter(({ language }) => languages.includes(language));
}

/** What differs from day to day, and the columns of a table, made alike. */
function withoutDates(line: string): string {
    return line
        .replace(/\d{4}-\d\d-\d\d/g, "yyyy-MM-dd")
        .replace(/\bin \d+ days/g, "in n days")
        .replace(/\s+/g, " ")
        .trim();
}

/** Those lines that were not printed, or not in this order. */
export function missingLines(said: readonly string[], printed: string): string[] {
    const lines = printed.split("\n").map(withoutDates);
    let from = 0;
    return said.filter((line) => {
        const at = lines.indexOf(withoutDates(line), from);
        if (at >= 0) from = at + 1;
        return at < 0;
    });
}
