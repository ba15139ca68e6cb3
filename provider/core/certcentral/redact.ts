/**
 * Keeps the API key out of everything that is written.
 *
 * The key is looked for in the forms in which servers, proxies and frameworks send a request back: as it is, escaped for JSON,
 * for a URL or for HTML, in hex and in base64. The pattern repeats nothing without a bound, so the time is proportional to the
 * length of the text, whatever it holds.
 *
 * @module
 */
import { replacePemBlocks, type PemBlock } from "../x509/pem.js";

/** Shorter keys than any real one are left alone: replacing "test" everywhere would garble certificates. */
const SHORTEST_KEY = 8;
const REDACTED = "[redacted]";
const NAMED_ENTITIES: Readonly<Record<string, string>> = {
    "&": "amp",
    "<": "lt",
    ">": "gt",
    '"': "quot",
    "'": "apos",
};

/**
 * Replaces every echo of a key, in whatever case. A PEM block with an echo in it goes as a whole: the names in a certificate
 * are read from there, and some of them are recorded.
 */
export function redactor(key: string): (text: string) => string {
    if (key.length < SHORTEST_KEY) return (text) => text;
    const forms = [escaped(key), hex(key), ...[0, 1, 2].map((offset) => base64(key, offset))];
    const pattern = new RegExp(forms.join("|"), "g");
    const cut = (text: string) => text.replace(pattern, REDACTED);
    const holdsEcho = ({ base64: encoded }: PemBlock) => {
        // Without the zeros, by which a BMPString differs.
        const content = Buffer.from(encoded, "base64").toString("latin1").replaceAll("\0", "");
        return cut(content) !== content;
    };
    return (text) => (text.length < key.length ? text : cut(replacePemBlocks(text, holdsEcho, REDACTED)));
}

/** Each character as it is or in an escape; escapes first, because some begin with the character itself. */
function escaped(key: string): string {
    return Array.from(key, (char) => {
        const code = char.charCodeAt(0);
        const digits = code.toString(16).padStart(2, "0");
        const entity = NAMED_ENTITIES[char];
        const forms = [
            `%(?:25)?${anyCase(digits)}`,
            String.raw`\\{1,2}u00${anyCase(digits)}`,
            `&#(?:0{0,5}${code}|[xX]0{0,4}${anyCase(digits)});`,
            ...(entity === undefined ? [] : [`&${anyCase(entity)};`]),
            String.raw`\\{0,2}${anyCase(literal(char))}`,
        ];
        return `(?:${forms.join("|")})`;
    }).join("");
}

function hex(key: string): string {
    return Array.from(Buffer.from(key), (byte) => anyCase(byte.toString(16).padStart(2, "0"))).join("[ :]?");
}

/** The key at an offset into what was encoded; the characters at its ends also depend on its neighbours. */
function base64(key: string, offset: number): string {
    const encoded = Buffer.from("\0".repeat(offset) + key).toString("base64");
    const bits = 8 * (offset + key.length);
    const own = encoded.slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
    const core = anyCase(own).replace(/[+/]/g, (char) =>
        char === "+" ? "(?:[+-]|%2[bB])" : "(?:[/_]|%2[fF])",
    );
    const neighbour = "[A-Za-z0-9+/_-]?";
    return `${offset === 0 ? "" : neighbour}${core}${bits % 6 === 0 ? "" : neighbour}(?:=|%3[dD]){0,2}`;
}

/** Letters in both cases. The flag for that would make the pattern take three times as long to compile. */
function anyCase(pattern: string): string {
    return pattern.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

function literal(char: string): string {
    return char.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
}
