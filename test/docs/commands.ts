/** The commands that the documents show. */
import { parse } from "yaml";
import { type Block, blocksOf, documents, textOf } from "./blocks.js";

/** A command as it stands in a document, without its comment. */
export interface Command {
    readonly document: string;
    readonly line: number;
    /** `sh`: a line of such a block, or a whole loop. `yaml`: a line that a job runs. `inline`: in the text, between backticks. */
    readonly shown: "sh" | "yaml" | "inline";
    readonly command: string;
}

/** Languages of blocks in which nothing is looked for. */
export const noCommands: readonly string[] = ["ts", "text", "json", "nginx", "mermaid"];

/** All of a document, in the order in which one reads them. */
export function commandsOf(document: string, text = textOf(document)): Command[] {
    const blocks = blocksOf(document, text);
    const found = [
        ...blocks.filter(({ language }) => language === "sh").flatMap(linesOf),
        ...blocks.filter(({ language }) => language === "yaml").flatMap(jobLinesOf),
        ...inlineOf(document, withoutBlocks(text, blocks)),
    ];
    return found.sort((one, other) => one.line - other.line);
}

/** All of all documents. */
export function allCommands(): Command[] {
    return documents().flatMap((document) => commandsOf(document));
}

function linesOf({ document, line, code }: Block): Command[] {
    return code
        .replace(/^for .*?^done$/gms, (loop) => loop.replaceAll("\n", "\u0000"))
        .split("\n")
        .map((text, index) => ({
            document,
            line: line + index,
            shown: "sh" as const,
            command: text
                .replaceAll("\u0000", "\n")
                .replace(/\s+#\s.*$/, "")
                .trim(),
        }))
        .filter(({ command }) => command !== "");
}

/** What GitHub's `run`, and GitLab's `before_script` and `script` hold, at any depth. */
function jobLinesOf({ document, line, code }: Block): Command[] {
    const lines = code.split("\n");
    const look = (value: unknown): string[] => {
        if (typeof value !== "object" || value === null) return [];
        return Object.entries(value).flatMap(([key, below]: [string, unknown]) =>
            ["run", "before_script", "script"].includes(key)
                ? [below].flat().flatMap((entry) => String(entry).trim().split("\n"))
                : look(below),
        );
    };
    return look(parse(code)).map((command) => {
        const index = lines.findIndex((text) => text.includes(command));
        if (index < 0) throw new Error(`${document}:${line}: write this command on one line: ${command}`);
        return { document, line: line + index, shown: "yaml", command };
    });
}

/** A program with at least one word. `npm` and `npx pulumi-digicert` alone are names of programs. */
function inlineOf(document: string, text: string): Command[] {
    const code =
        /`((?:npm|npx pulumi-digicert|npx(?! pulumi-digicert)|pulumi|gh|git|openssl|curl|node|nginx|bash)\s[^`]+)`/g;
    return [...text.matchAll(code)].map(({ 1: command = "", index }) => ({
        document,
        line: text.slice(0, index).split("\n").length,
        shown: "inline",
        command: command.replace(/\s+/g, " "),
    }));
}

function withoutBlocks(text: string, blocks: readonly Block[]): string {
    const lines = text.split("\n");
    for (const { line, code } of blocks) {
        const length = code.split("\n").length + 2;
        lines.fill("", line - 2, line - 2 + length);
    }
    return lines.join("\n");
}
