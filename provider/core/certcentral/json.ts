/**
 * Reads the JSON of a server piece by piece (RFC 8259).
 *
 * `JSON.parse` reads a text without a pause: with 1 MB of nested lists every timer and every other request in the process waits
 * for 200 ms. This reader lets them run after every few kilobytes, and limits depth and sizes.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";

/** Characters that are read between two turns of the event loop; reading them takes a few milliseconds. */
const PIECE = 8192;
/** Longest token that is read, far above those of DigiCert: a certificate takes 3 kB, 1,000 names take 30 kB. */
const MAX_TOKEN = 65_536;
const MAX_DEPTH = 64;
const MAX_ENTRIES = 10_000;
const MAX_MEMBERS = 1000;

const SPACE = /[ \t\n\r]{0,8192}/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** A list or an object whose end is not read yet. */
type Open =
    | { readonly list: unknown[] }
    | { readonly object: Record<string, unknown>; readonly name: string; readonly members: number };

/** Thrown inside of this module only. */
class InvalidJson extends Error {}

/**
 * Reads the value of a JSON text; undefined if the text is not JSON, is nested too deeply, or holds too long a list or too
 * large an object. A string that is too long is read as empty.
 *
 * @param onText - applied to every string and every member name
 */
export async function parseJson(text: string, onText: (text: string) => string): Promise<unknown> {
    const reader = new Reader(text, onText);
    const open: Open[] = [];
    let yieldAt = PIECE;
    try {
        for (;;) {
            if (reader.at > yieldAt) {
                await setImmediate();
                yieldAt = reader.at + PIECE;
            }
            const value = readOrOpen(reader, open);
            if (value === OPENED) continue;
            const whole = close(reader, open, value);
            if (whole) return reader.isAtEnd() ? whole.value : undefined;
        }
    } catch (error) {
        if (error instanceof InvalidJson) return undefined;
        throw error;
    }
}

/** Stands for a list or an object that was opened, and whose end is not read yet. */
const OPENED = Symbol();

/** Reads a scalar or an empty list or object; any other list or object is opened. */
function readOrOpen(reader: Reader, open: Open[]): unknown {
    if (reader.take("[")) {
        if (reader.take("]")) return [];
        push(open, { list: [] });
        return OPENED;
    }
    if (reader.take("{")) {
        if (reader.take("}")) return {};
        push(open, { object: {}, name: reader.name(), members: 1 });
        return OPENED;
    }
    return reader.scalar();
}

/**
 * Adds a value to the list or object around it, which may be complete then, too.
 *
 * @returns the value of the whole text; undefined if the text goes on
 */
function close(reader: Reader, open: Open[], value: unknown): { readonly value: unknown } | undefined {
    let complete = value;
    for (let outer = open.pop(); outer; outer = open.pop()) {
        complete = add(outer, complete);
        if (reader.take(",")) {
            open.push("list" in outer ? outer : next(outer, reader.name()));
            return undefined;
        }
        reader.expect("list" in outer ? "]" : "}");
    }
    return { value: complete };
}

function push(open: Open[], outer: Open): void {
    if (open.length >= MAX_DEPTH) throw new InvalidJson();
    open.push(outer);
}

function next({ object, members }: Extract<Open, { object: object }>, name: string): Open {
    if (members >= MAX_MEMBERS) throw new InvalidJson();
    return { object, name, members: members + 1 };
}

function add(outer: Open, value: unknown): unknown {
    if ("list" in outer) {
        if (outer.list.push(value) > MAX_ENTRIES) throw new InvalidJson();
        return outer.list;
    }
    // The member __proto__ is dropped, because an assignment to it would change the object's prototype.
    if (outer.name !== "__proto__") outer.object[outer.name] = value;
    return outer.object;
}

/** Reads one token after the other. */
class Reader {
    at = 0;
    readonly #text: string;
    readonly #onText: (text: string) => string;

    constructor(text: string, onText: (text: string) => string) {
        this.#text = text;
        this.#onText = onText;
    }

    /** Steps over a character, if it is the next one. */
    take(char: string): boolean {
        this.#skipSpace();
        if (this.#text[this.at] !== char) return false;
        this.at++;
        return true;
    }

    expect(char: string): void {
        if (!this.take(char)) throw new InvalidJson();
    }

    /** Reads the name of a member, and the colon behind it. */
    name(): string {
        const name = this.scalar();
        if (typeof name !== "string") throw new InvalidJson();
        this.expect(":");
        return name;
    }

    /** Reads a string, a number, true, false or null. */
    scalar(): unknown {
        this.#skipSpace();
        const end = this.#text[this.at] === '"' ? this.#endOfText() : this.#endOfWord();
        const token = this.#text.slice(this.at, end);
        this.at = end;
        // Too long a string is read as empty, so that the ids in the same answer are not lost.
        if (token.length > MAX_TOKEN) return "";
        try {
            const value = JSON.parse(token) as unknown;
            return typeof value === "string" ? this.#onText(value) : value;
        } catch {
            throw new InvalidJson();
        }
    }

    isAtEnd(): boolean {
        this.#skipSpace();
        return this.at === this.#text.length;
    }

    #skipSpace(): void {
        SPACE.lastIndex = this.at;
        this.at += SPACE.exec(this.#text)?.[0].length ?? 0;
    }

    #endOfWord(): number {
        SCALAR.lastIndex = this.at;
        const word = SCALAR.exec(this.#text)?.[0];
        if (word === undefined) throw new InvalidJson();
        return this.at + word.length;
    }

    /** Finds the position behind the closing quote: the first quote that no backslash escapes. */
    #endOfText(): number {
        for (let from = this.at + 1; ;) {
            const quote = this.#text.indexOf('"', from);
            if (quote < 0) throw new InvalidJson();
            let backslashes = 0;
            while (this.#text[quote - 1 - backslashes] === "\\") backslashes++;
            from = quote + 1;
            if (backslashes % 2 === 0) return from;
        }
    }
}
