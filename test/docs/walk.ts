/** The README's "Ten minutes", as steps to take. */
import { type Block, blocksOf, textOf } from "./blocks.js";

/** Heading of the section. */
const section = "Ten minutes";

/** A block of commands with the program that is to be saved before, and what it is said to print. */
export interface Step {
    readonly commands: string;
    readonly program?: string;
    readonly prints: readonly string[];
}

/** The blocks of the section, in their order. */
function walkBlocks(): Block[] {
    const lines = textOf("README.md").split("\n");
    const from = lines.indexOf(`## ${section}`) + 1;
    if (from === 0) throw new Error(`README.md: there is no section "${section}"`);
    const next = lines.findIndex((line, index) => index >= from && line.startsWith("## "));
    return blocksOf("README.md").filter(({ line }) => line > from && line <= next);
}

/** The steps; `ts` belongs to the commands after it, `text` to those before. */
export function walkSteps(): Step[] {
    const steps: Step[] = [];
    let program: string | undefined;
    for (const { language, code, line } of walkBlocks()) {
        const last = steps.at(-1);
        if (language === "ts") program = code;
        else if (language === "sh") {
            steps.push({ commands: code, prints: [], ...(program !== undefined && { program }) });
            program = undefined;
        } else if (language === "text" && last)
            steps[steps.length - 1] = { ...last, prints: code.split("\n") };
        else throw new Error(`README.md:${line}: "${section}" cannot have a block of ${language} here`);
    }
    return steps;
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
