/**
 * Prints the report for people: the most serious findings first, and the findings without a problem in one line.
 *
 * @module
 */
import type { Output } from "../command.js";
import { cutLines, widthOf, wrapText, type Colour, type Paint } from "../output.js";
import { LEVELS, type Finding, type Level } from "./finding.js";

/** A part of the report: the account, or an order. */
export interface ReportPart {
    readonly heading: string;
    readonly findings: readonly Finding[];
}

const LABELS: Readonly<Record<Level, { word: string; colour: Colour }>> = {
    ok: { word: "ok", colour: "green" },
    info: { word: "info", colour: "dim" },
    unknown: { word: "unknown", colour: "dim" },
    attention: { word: "ATTENTION", colour: "yellow" },
    failed: { word: "FAILED", colour: "red" },
};
const LABEL_WIDTH = 9;
const CHECK_WIDTH = 8;
const INDENT = 2 + LABEL_WIDTH + 1 + CHECK_WIDTH + 1;
/** Longest finding, unless `--verbose` is given. */
const MAX_LINES = 2;
/** Levels that need no text: the names of their checks are enough. */
const FOLDED: ReadonlySet<Level> = new Set(["unknown", "ok"]);

/**
 * Prints a part of the report.
 *
 * @param isVerbose - print every finding, and each of them whole
 */
export function printPart(stream: Output, paint: Paint, part: ReportPart, isVerbose: boolean): void {
    const width = widthOf(stream);
    const heading = wrapText(part.heading, width);
    stream.write(`${paint("bold", (isVerbose ? heading : cutLines(heading, 1, width)).join("\n"))}\n`);
    for (const level of LEVELS) {
        const findings = part.findings.filter((finding) => finding.level === level);
        if (FOLDED.has(level) && !isVerbose) printFolded(stream, paint, level, findings);
        else for (const finding of findings) printFinding(stream, paint, finding, isVerbose);
    }
    stream.write("\n");
}

function printFinding(
    stream: Output,
    paint: Paint,
    { check, level, text }: Finding,
    isVerbose: boolean,
): void {
    const width = widthOf(stream) - INDENT;
    const all = wrapText(text, width);
    // An error is not shortened, because it ends with the remedy and the code.
    const lines = isVerbose || level === "failed" ? all : cutLines(all, MAX_LINES, width);
    const margin = `\n${" ".repeat(INDENT)}`;
    stream.write(`  ${label(paint, level)} ${check.padEnd(CHECK_WIDTH)} ${lines.join(margin)}\n`);
}

function printFolded(stream: Output, paint: Paint, level: Level, findings: readonly Finding[]): void {
    if (findings.length === 0) return;
    const checks = [...new Set(findings.map(({ check }) => check))].join(", ");
    stream.write(`  ${label(paint, level)} ${checks}\n`);
}

function label(paint: Paint, level: Level): string {
    const { word, colour } = LABELS[level];
    return paint(colour, word.padEnd(LABEL_WIDTH));
}

/** The last line of the report. */
export function summarize(findings: readonly Finding[]): string {
    const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
    const attention = count("attention");
    const failed = count("failed");
    if (attention + failed === 0) return "Nothing needs a person.";
    const parts = [
        ...(attention > 0
            ? [`${attention} ${attention === 1 ? "finding needs" : "findings need"} a person`]
            : []),
        ...(failed > 0 ? [`${failed} could not be checked`] : []),
    ];
    return `${parts.join(", ")}.`;
}

/** Sorts parts by their most serious finding; equal parts stay in their order. */
export function sortBySeverity<T extends { readonly findings: readonly Finding[] }>(
    parts: readonly T[],
): T[] {
    const severity = ({ findings }: T): number =>
        Math.min(...findings.map(({ level }) => LEVELS.indexOf(level)), LEVELS.indexOf("info"));
    return [...parts].sort((a, b) => severity(a) - severity(b));
}
