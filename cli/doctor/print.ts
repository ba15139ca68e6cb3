/**
 * The report for people.
 *
 * @module
 */
import type { Output } from "../cli.js";
import type { Colour, Paint } from "../output.js";
import type { Finding, Level } from "./finding.js";

const WORDS: Readonly<Record<Level, { word: string; colour: Colour }>> = {
    ok: { word: "ok", colour: "green" },
    info: { word: "info", colour: "dim" },
    unknown: { word: "unknown", colour: "dim" },
    attention: { word: "ATTENTION", colour: "yellow" },
    failed: { word: "FAILED", colour: "red" },
};
const WIDTH = { word: 9, check: 8 };

/** Prints one part: a heading, and a line for each finding. */
export function printFindings(
    stream: Output,
    paint: Paint,
    heading: string,
    findings: readonly Finding[],
): void {
    stream.write(`${paint("bold", heading)}\n`);
    for (const { check, level, text } of findings) {
        const { word, colour } = WORDS[level];
        stream.write(`  ${paint(colour, word.padEnd(WIDTH.word))} ${check.padEnd(WIDTH.check)} ${text}\n`);
    }
    stream.write("\n");
}

/** The last line. */
export function summaryOf(findings: readonly Finding[]): string {
    const count = (level: Level) => findings.filter((one) => one.level === level).length;
    const [attention, failed] = [count("attention"), count("failed")];
    if (attention + failed === 0) return "Nothing needs a person.";
    const parts = [
        ...(attention > 0
            ? [`${attention} ${attention === 1 ? "finding needs" : "findings need"} a person`]
            : []),
        ...(failed > 0 ? [`${failed} could not be checked`] : []),
    ];
    return `${parts.join(", ")}.`;
}
