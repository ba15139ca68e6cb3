/**
 * Keeps the API key out of everything that is written.
 *
 * @module
 */
import { replacePemBlocks, type PemBlock } from "../x509/pem.js";

/** Shorter keys than any real one are left alone: replacing "test" everywhere would garble certificates. */
const SHORTEST_KEY = 8;

const BASE64 = "[A-Za-z0-9+/_-]";
const ENTITIES: Readonly<Record<string, string>> = {
    "&": "amp",
    "<": "lt",
    ">": "gt",
    '"': "quot",
    "'": "apos",
};

const REDACTED = "[redacted]";

/**
 * Replaces every echo of a key, in whatever case: as it is, escaped for a URL, for JSON or for HTML, in hex, and in
 * base64 or base64url, also where it is only a part of what was encoded. A PEM block with an echo in it goes as a
 * whole: the names in a certificate are read from there, and some of them are recorded.
 */
export function redactor(key: string): (text: string) => string {
    if (key.length < SHORTEST_KEY) return (text) => text;
    const echoes = [escaped(key), hex(key), ...[0, 1, 2].map((offset) => base64(key, offset))];
    const pattern = new RegExp(echoes.join("|"), "gi");
    const cut = (text: string) => text.replace(pattern, REDACTED);
    const isEcho = ({ base64: encoded }: PemBlock) => {
        // Without the zeros, by which a BMPString differs.
        const content = Buffer.from(encoded, "base64").toString("latin1").replaceAll("\0", "");
        return cut(content) !== content;
    };
    return (text) => cut(replacePemBlocks(text, isEcho, REDACTED));
}

/** Each character in an escape, or as it is; escapes first, because some begin with the character itself. */
function escaped(key: string): string {
    return Array.from(key, (char) => {
        const code = char.charCodeAt(0);
        const digits = code.toString(16).padStart(2, "0");
        const entity = ENTITIES[char];
        const forms = [
            `%(?:25)*${digits}`,
            String.raw`\\+u00${digits}`,
            `&#0*${code};`,
            `&#x0*${digits};`,
            ...(entity === undefined ? [] : [`&${entity};`]),
            String.raw`\\*${literal(char)}`,
        ];
        return `(?:${forms.join("|")})`;
    }).join("");
}

function hex(key: string): string {
    return Array.from(Buffer.from(key), (byte) => byte.toString(16).padStart(2, "0")).join("[ :]?");
}

/** The key at an offset into what was encoded; the characters at its ends also depend on its neighbours. */
function base64(key: string, offset: number): string {
    const encoded = Buffer.from("\0".repeat(offset) + key)
        .toString("base64")
        .replace(/=+$/, "");
    const bits = 8 * (offset + key.length);
    const own = encoded.slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
    const core = Array.from(own, (char) =>
        char === "+" ? "(?:[+-]|%2b)" : char === "/" ? "(?:[/_]|%2f)" : char,
    ).join("");
    return `${offset === 0 ? "" : `${BASE64}?`}${core}${bits % 6 === 0 ? "" : `${BASE64}?`}(?:=|%3d)*`;
}

function literal(char: string): string {
    return char.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
}
