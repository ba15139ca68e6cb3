/**
 * Texts that a server, a certificate or a program supplied, made fit for one line of a message.
 *
 * @module
 */

/** Longest quoted text, in characters. */
const MAX_QUOTE = 300;
/** More than enough for a quote, and little enough to look through. */
const MAX_LOOKED_THROUGH = 4 * MAX_QUOTE;
/** Escape sequences of a terminal, and everything else that is not seen: controls, bidi and zero-width marks. */
const UNSEEN =
    /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\p{C}\p{Zl}\p{Zp}]/gu;

/** The words of a server or of the network, fit for one line of a message: only what is seen, and not endless. */
export function quote(text: string): string {
    const line = text
        .slice(0, MAX_LOOKED_THROUGH)
        // A space, not nothing: what was split by something unseen must not be joined, least of all a key.
        .replace(UNSEEN, " ")
        .replace(/\s+/g, " ")
        .trim();
    const shown = Array.from(line).slice(0, MAX_QUOTE).join("");
    return shown.length < line.length || text.length > MAX_LOOKED_THROUGH ? `${shown}…` : line;
}
