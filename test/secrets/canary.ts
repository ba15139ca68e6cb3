/** Searches for a key in any form. The search is independent of the code of the package that removes keys. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { DigiCertError } from "../../provider/core/errors.js";

/** A key in the forms in which a server may send it back, which are searched for. */
export function echoesOf(key: string): Readonly<Record<string, string>> {
    const bytes = Buffer.from(key);
    const hex = bytes.toString("hex");
    const codes = Array.from(bytes);
    return {
        "as it is": key,
        "in another case": swapCase(key),
        "in hex": hex,
        "in upper-case hex with colons": hex.toUpperCase().replace(/..(?=.)/g, "$&:"),
        "in base64": bytes.toString("base64"),
        "in base64, behind one character": Buffer.from(`:${key}`).toString("base64"),
        "in base64, behind two characters": Buffer.from(`::${key}`).toString("base64"),
        "in base64url": bytes.toString("base64url"),
        "escaped for a URL": hex.replace(/../g, "%$&"),
        "escaped for a URL twice": hex.replace(/../g, "%25$&"),
        "in JSON escapes": codes.map((code) => `\\u${code.toString(16).padStart(4, "0")}`).join(""),
        "in HTML entities": codes.map((code) => `&#${code};`).join(""),
        "in hexadecimal HTML entities": codes.map((code) => `&#x${code.toString(16)};`).join(""),
    };
}

/** Finds a key in a text, in any case and form; returns the characters around it, for a message, or an empty text. */
export function leaksIn(text: string, key: string): string[] {
    const wanted = key.toLowerCase();
    return views(text).flatMap((view) => {
        const at = view.toLowerCase().indexOf(wanted);
        return at < 0 ? [] : [view.slice(Math.max(0, at - 120), at + key.length + 20)];
    });
}

/** All visible texts of a value: hidden properties, getters, causes, and its JSON. */
export function dumpOf(value: unknown): string {
    const everything = { showHidden: true, depth: Infinity, maxArrayLength: null, maxStringLength: null };
    return `${inspect(value, { getters: true, ...everything })}\n${jsonOf(value)}`;
}

/** The error of a call that must fail; none of the keys is in it. */
export async function failureOf(call: Promise<unknown>, keys: readonly string[]): Promise<DigiCertError> {
    const error: unknown = await call.then(
        () => assert.fail("it did not fail"),
        (one: unknown) => one,
    );
    assert.ok(error instanceof DigiCertError, String(error));
    for (const key of keys) assert.deepEqual(leaksIn(dumpOf(error), key), []);
    return error;
}

function jsonOf(value: unknown): string {
    try {
        return JSON.stringify(value);
    } catch {
        return ""; // circular: it was inspected
    }
}

/** The text as it is and in each decoding; a text that was encoded twice is decoded twice. */
function views(text: string): string[] {
    const decoders = [fromUrl, fromJson, fromHtml, fromHex, ...[0, 1, 2, 3].map(fromBase64)];
    const once = decoders.map((decode) => decode(text)).filter((view) => view !== text);
    return [text, ...once, ...once.map(fromUrl)];
}

const character = (_all: string, hex: string) => String.fromCharCode(parseInt(hex, 16));
const fromUrl = (text: string) => text.replace(/%([0-9a-f]{2})/gi, character);
const fromJson = (text: string) => text.replace(/\\+u([0-9a-f]{4})/gi, character);
const fromHtml = (text: string) =>
    text
        .replace(/&#x([0-9a-f]+);/gi, character)
        .replace(/&#(\d+);/g, (_all, digits: string) => String.fromCharCode(Number(digits)));
/** Every run of hex digits, from its first and from its second digit. */
const fromHex = (text: string) =>
    (text.replace(/([0-9a-f]{2}):/gi, "$1").match(/[0-9a-f]{16,}/gi) ?? [])
        .flatMap((run) => [run, run.slice(1)])
        .map((run) => Buffer.from(run, "hex").toString("latin1"))
        .join("\n");
/** Every run of base64, line breaks left out, at one of the four places where a group may begin. */
const fromBase64 = (skip: number) => (text: string) =>
    (text.replace(/(?<=[\w+/-])(?:\r|\n|\\r|\\n)+(?=[\w+/-])/g, "").match(/[\w+/-]{16,}/g) ?? [])
        .map((run) => Buffer.from(run.slice(skip), "base64").toString("latin1").replaceAll("\0", ""))
        .join("\n");

function swapCase(text: string): string {
    return Array.from(text, (char) =>
        char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase(),
    ).join("");
}
