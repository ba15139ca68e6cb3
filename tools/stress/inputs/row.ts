/** A hostile input and the expected answer. */
import { given, type Bag } from "../../../test/fixtures/inputs.js";

/** A row of the table. */
export interface Row {
    /** Description of the input. */
    readonly title: string;
    readonly bag: () => Bag;
    /** The expected answer: refused at these properties with this sentence, or accepted for this reason. */
    readonly outcome: Refused | Accepted;
}

export interface Refused {
    readonly at: readonly string[];
    readonly says: RegExp;
}

export interface Accepted {
    readonly because: string;
}

/** Makes a row of inputs that are refused at the property or properties `at`, with a sentence. */
export function refused(title: string, bag: Bag | (() => Bag), at: string | string[], says: RegExp): Row {
    return { title, bag: later(bag), outcome: { at: [at].flat().sort(), says } };
}

/** Makes a row of accepted inputs, with the reason why they do no harm. */
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
