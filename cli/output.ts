/**
 * What is printed: results on stdout, everything else on stderr, colours on a terminal only.
 *
 * @module
 */
import { styleText } from "node:util";
import type { Around, Output } from "./cli.js";

/** The colours in use. */
export type Colour = "green" | "yellow" | "red" | "dim" | "bold";

/** Colours a text. */
export type Paint = (colour: Colour, text: string) => string;

/** Colours for a stream; none if it is no terminal, or `NO_COLOR` is set (no-color.org) to anything. */
export function paintFor(stream: Output, env: Around["env"]): Paint {
    const isColoured = stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
    // That Node looks at its own stdout, as it does from 22 on, would be about another stream.
    return (colour, text) => (isColoured ? styleText(colour, text, { validateStream: false }) : text);
}

/** Writes a value as JSON, for programs: indented, with a line break at the end. */
export function writeJson(stream: Output, value: unknown): void {
    stream.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
