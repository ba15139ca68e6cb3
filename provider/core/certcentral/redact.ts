/**
 * Removes the API key from the texts of a server.
 *
 * Servers, proxies and frameworks may send a request back with the key in it: as it is, escaped for JSON, for a URL or for
 * HTML, in hex or in base64. All these forms are found. Every repetition in the pattern has a limit, so the time that a search
 * takes is proportional to the length of the text.
 *
 * @module
 */
import { replacePemBlocks, type PemBlock } from "../x509/pem.js";

/** Shorter keys are not removed. Real keys are longer, and a short key such as "test" may be part of any text. */
const SHORTEST_KEY = 8;
const REDACTED = "[redacted]";
const NAMED_ENTITIES: Readonly<Record<string, string>> = {
    "&": "amp",
    "<": "lt",
    ">": "gt",
    '"': "quot",
    "'": "apos",
};

type Redactor = (text: string) => string;

/** Number of functions that are kept: a process has few keys. */
const MOST_REDACTORS = 8;
const redactors = new Map<string, Redactor>();

/**
 * Returns the function that replaces every occurrence of a key, in upper and lower case. A PEM block with the key in it is
 * replaced as a whole, because the names in a certificate are recorded. The functions of the last keys are kept: each operation
 * asks for one, and Node takes milliseconds to compile its pattern.
 */
export function redactor(key: string): Redactor {
    if (key.length < SHORTEST_KEY) return (text) => text;
    const redact = redactors.get(key) ?? makeRedactor(key);
    redactors.delete(key);
    redactors.set(key, redact);
    const [oldest = key] = redactors.keys();
    if (redactors.size > MOST_REDACTORS) redactors.delete(oldest);
    return redact;
}

function makeRedactor(key: string): Redactor {
    const forms = [escaped(key), hex(key), ...[0, 1, 2].map((offset) => base64(key, offset))];
    const pattern = new RegExp(forms.join("|"), "g");
    const cut = (text: string) => text.replace(pattern, REDACTED);
    const holdsEcho = ({ base64: encoded }: PemBlock) => {
        // A BMPString has a zero byte before each character; without the zeros the key in it is found.
        const content = Buffer.from(encoded, "base64").toString("latin1").replaceAll("\0", "");
        return cut(content) !== content;
    };
    return (text) => (text.length < key.length ? text : cut(replacePemBlocks(text, holdsEcho, REDACTED)));
}

/** Matches each character as it is or escaped. Escapes come first, because some begin with the character itself. */
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

/** Matches the key in base64 that begins `offset` bytes before it; the outermost characters also depend on the bytes around it. */
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

/** Matches letters in both cases. With the flag `i` instead, the pattern would take three times as long to compile. */
function anyCase(pattern: string): string {
    return pattern.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

function literal(char: string): string {
    return char.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
}
