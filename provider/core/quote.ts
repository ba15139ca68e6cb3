/**
 * Makes a text of a server, a certificate or a program fit for one line of a message.
 *
 * @module
 */

/** Longest quoted text, in characters. */
const MAX_QUOTE = 300;
/** Number of characters that are cleaned: enough for a full quote after white space and invisible characters are removed. */
const MAX_CLEANED = 4 * MAX_QUOTE;
/** Escape sequences of a terminal, and invisible characters: control characters, bidi and zero-width marks. */
const INVISIBLE =
    /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\p{C}\p{Zl}\p{Zp}]/gu;

/** Shortens a text to one line of visible characters. */
export function quote(text: string): string {
    const line = text
        .slice(0, MAX_CLEANED)
        // A space takes the place of an invisible character, so that two halves of a text (or of an API key) are not joined.
        .replace(INVISIBLE, " ")
        .replace(/\s+/g, " ")
        .trim();
    const shown = Array.from(line).slice(0, MAX_QUOTE).join("");
    return shown.length < line.length || text.length > MAX_CLEANED ? `${shown}…` : line;
}
