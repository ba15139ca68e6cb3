/**
 * JSON that a server sent, read piece by piece (RFC 8259).
 *
 * `JSON.parse` reads a text in one go: 1 MB of nested lists stops the whole process for 200 ms, and with it every deadline and
 * every other request. This reader lets timers run after every few kilobytes, and bounds what it accepts.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";

/** So much is read between two turns of the event loop; a few milliseconds. */
const PIECE = 8192;
/** Far above any answer of DigiCert: a certificate takes 3 kB, 1,000 names take 30 kB. */
const MAX_TOKEN = 65_536;
const MAX_DEPTH = 64;
const MAX_ENTRIES = 10_000;
const MAX_MEMBERS = 1000;

const SPACE = /[ \t\n\r]{0,8192}/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** A list or an object whose end was not read yet. */
type Open =
    | { readonly list: unknown[] }
    | { readonly object: Record<string, unknown>; readonly name: string; readonly members: number };

/** Thrown inside of this module only. */
class NoJson extends Error {}

/**
 * The value that a text holds; undefined if it is no JSON, is nested too deeply, or holds a list or an object that is larger
 * than any of DigiCert's. A text that is larger is read as empty.
 *
 * @param onText - applied to every text and every member name
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
            let value: unknown;
            if (reader.take("[")) {
                if (!reader.take("]")) {
                    push(open, { list: [] });
                    continue;
                }
                value = [];
            } else if (reader.take("{")) {
                if (!reader.take("}")) {
                    push(open, { object: {}, name: reader.name(), members: 1 });
                    continue;
                }
                value = {};
            } else value = reader.scalar();
            // The value is complete, and with it perhaps what it stands in.
            for (let outer = open.pop(); ; outer = open.pop()) {
                if (!outer) return reader.isAtEnd() ? value : undefined;
                value = add(outer, value);
                if (reader.take(",")) {
                    open.push("list" in outer ? outer : next(outer, reader.name()));
                    break;
                }
                reader.expect("list" in outer ? "]" : "}");
            }
        }
    } catch (error) {
        if (error instanceof NoJson) return undefined;
        throw error;
    }
}

function push(open: Open[], outer: Open): void {
    if (open.length >= MAX_DEPTH) throw new NoJson();
    open.push(outer);
}

function next({ object, members }: Extract<Open, { object: object }>, name: string): Open {
    if (members >= MAX_MEMBERS) throw new NoJson();
    return { object, name, members: members + 1 };
}

function add(outer: Open, value: unknown): unknown {
    if ("list" in outer) {
        if (outer.list.push(value) > MAX_ENTRIES) throw new NoJson();
        return outer.list;
    }
    // An assignment to __proto__ would change what the object is.
    if (outer.name !== "__proto__") outer.object[outer.name] = value;
    return outer.object;
}

/** Tokens, one after the other. */
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
        if (!this.take(char)) throw new NoJson();
    }

    /** The name of a member, and the colon behind it. */
    name(): string {
        const name = this.scalar();
        if (typeof name !== "string") throw new NoJson();
        this.expect(":");
        return name;
    }

    /** A text, a number, true, false or null. */
    scalar(): unknown {
        this.#skipSpace();
        const end = this.#text[this.at] === '"' ? this.#endOfText() : this.#endOfWord();
        const token = this.#text.slice(this.at, end);
        this.at = end;
        // A text that is larger than any of DigiCert's is read as empty: the ids beside it must not be lost.
        if (token.length > MAX_TOKEN) return "";
        try {
            const value = JSON.parse(token) as unknown;
            return typeof value === "string" ? this.#onText(value) : value;
        } catch {
            throw new NoJson();
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
        if (word === undefined) throw new NoJson();
        return this.at + word.length;
    }

    /** Behind the quote that no backslash escapes. */
    #endOfText(): number {
        for (let from = this.at + 1; ;) {
            const quote = this.#text.indexOf('"', from);
            if (quote < 0) throw new NoJson();
            let backslashes = 0;
            while (this.#text[quote - 1 - backslashes] === "\\") backslashes++;
            from = quote + 1;
            if (backslashes % 2 === 0) return from;
        }
    }
}
