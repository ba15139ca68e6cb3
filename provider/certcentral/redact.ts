/**
 * Keeps the API key, and what could upset a terminal, out of everything that is written.
 *
 * @module
 */

/** Shorter keys than any real one are left alone: replacing "test" everywhere would garble certificates. */
const SHORTEST_KEY = 8;
const MAX_QUOTE = 300;

/** Replaces every echo of a key: as it is, URL-encoded, and in base64. */
export function redactor(key: string): (text: string) => string {
    if (key.length < SHORTEST_KEY) return (text) => text;
    const echoes = [key, encodeURIComponent(key), Buffer.from(key).toString("base64")];
    return (text) => echoes.reduce((redacted, echo) => redacted.replaceAll(echo, "[redacted]"), text);
}

/** A server's words, fit for one line of a message: no control characters, not endless. */
export function quote(text: string): string {
    const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
    return line.length > MAX_QUOTE ? `${line.slice(0, MAX_QUOTE)}…` : line;
}
