/**
 * How results are printed: colours and width of a terminal, JSON for programs.
 *
 * @module
 */
import { styleText } from "node:util";
import type { Output, ProcessContext } from "./command.js";

/** The colours in use. */
export type Colour = "green" | "yellow" | "red" | "dim" | "bold";

/** Colours a text. */
export type Paint = (colour: Colour, text: string) => string;

/** Width in characters if the stream is not a terminal. */
const DEFAULT_WIDTH = 80;
/** Limits of the width: longer lines are hard to read, and shorter lines have no room for a text beside its label. */
const WIDEST = 120;
const NARROWEST = 40;

/** Chooses the colours of a stream: none if it is not a terminal, or if `NO_COLOR` (no-color.org) has any value. */
export function paintFor(stream: Output, env: ProcessContext["env"]): Paint {
    const isColoured = stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
    // Without validateStream: false, Node 22 and later judge process.stdout instead of this stream.
    return (colour, text) => (isColoured ? styleText(colour, text, { validateStream: false }) : text);
}

/** Width of a stream in characters: the width of the terminal, or else 80. */
export function widthOf({ isTTY, columns }: Output): number {
    if (isTTY !== true || columns === undefined) return DEFAULT_WIDTH;
    return Math.min(WIDEST, Math.max(NARROWEST, columns));
}

/** Breaks a text into lines at its spaces; a longer word keeps a line of its own. */
export function wrapText(text: string, width: number): string[] {
    const lines: string[] = [];
    for (const word of text.split(" ")) {
        const last = lines.at(-1);
        if (last !== undefined && last.length + 1 + word.length <= width)
            lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(word);
    }
    return lines;
}

/** Cuts lines to a number; if lines are cut off, the last line ends with an ellipsis. */
export function cutLines(lines: readonly string[], most: number, width: number): readonly string[] {
    if (lines.length <= most) return lines;
    const last = lines[most - 1] ?? "";
    return [...lines.slice(0, most - 1), `${last.slice(0, width - 2).trimEnd()} …`];
}

/** Writes a value as JSON, for programs: indented, with a line break at the end. */
export function writeJson(stream: Output, value: unknown): void {
    stream.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
