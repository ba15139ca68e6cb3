/** One hostile input, and what becomes of it. */
import { given, type Bag } from "../../../test/fixtures/given.js";

/** A row of the table. */
export interface Row {
    /** What is hostile about it. */
    readonly title: string;
    readonly bag: () => Bag;
    /** What becomes of it: refused at these properties with this sentence, or accepted for this reason. */
    readonly outcome: Refused | Accepted;
}

export interface Refused {
    readonly at: readonly string[];
    readonly says: RegExp;
}

export interface Accepted {
    readonly because: string;
}

/** Inputs that are refused at the property or properties `at`, with a sentence. */
export function refused(title: string, bag: Bag | (() => Bag), at: string | string[], says: RegExp): Row {
    return { title, bag: later(bag), outcome: { at: [at].flat().sort(), says } };
}

/** Inputs that are accepted, and why that does no harm. */
export function accepted(title: string, bag: Bag | (() => Bag), because: string): Row {
    return { title, bag: later(bag), outcome: { because } };
}

/** More of `certificate`. */
export function cert(more: Bag): Bag {
    return given({ certificate: more });
}

/** A program with these `additionalParameters`. */
export function extra(additionalParameters: unknown): Bag {
    return given({ additionalParameters });
}

/** What a text in JSON says: a way to members that JavaScript has no literals for. */
export function json(text: string): unknown {
    return JSON.parse(text) as unknown;
}

/** `{"a":{"a":…}}`, so deep. */
export function nested(levels: number): unknown {
    let value: unknown = "x";
    for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? { a: value } : [value];
    return value;
}

function later(bag: Bag | (() => Bag)): () => Bag {
    return typeof bag === "function" ? bag : () => bag;
}
