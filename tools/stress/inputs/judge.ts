/** The conditions for the answer to every input. */
import { inspect, isDeepStrictEqual } from "node:util";
import { makeProviders, type Providers } from "../../../provider/dynamic/provider.js";
import { properties, type Bag } from "../../../test/fixtures/inputs.js";
import type { Row } from "./row.js";

/** A failure at one property. */
export interface Failure {
    readonly property: string;
    readonly reason: string;
}

/** The answer to `check`. */
export interface Answer {
    readonly inputs?: Bag;
    readonly failures: readonly Failure[];
}

/** Shorter texts may occur by chance. */
const SHORTEST_ECHO = 8;
/** Lines that a terminal shows as they are. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u;

/** Calls `check` of a new provider process. */
export async function checkAlone(bag: Bag): Promise<Answer> {
    const checked = await newProvider().check({}, { ...bag, __provider: "text" });
    return { inputs: checked.inputs as Bag, failures: checked.failures ?? [] };
}

/** A provider that may not use the network. */
export function newProvider(): Providers["reissue"] {
    return makeProviders({
        now: () => new Date("2026-03-01T12:00:00Z"),
        elapsed: () => 0,
        sleep: () => Promise.reject(new Error("nothing waits")),
        env: {},
        log: () => undefined,
        connect: () => Promise.reject(new Error("no network")),
    }).reissue;
}

/** Lists the problems of an answer to an input. */
export function faultsOf(bag: Bag, { inputs, failures }: Answer): string[] {
    const faults: string[] = [];
    for (const { property, reason } of failures) {
        if (property === "" || reason === "") faults.push(`a failure says nothing: ${property}: ${reason}`);
        if (!PRINTABLE.test(`${property}${reason}`))
            faults.push(`unfit for a terminal: ${inspect(property)}`);
        if (property.length > 1000 || reason.length > 1000) faults.push("a failure has no end");
    }
    faults.push(...echoes(bag, failures));
    if (failures.length === 0 && !isDeepStrictEqual(JSON.parse(JSON.stringify(inputs)), inputs))
        faults.push("JSON changes the inputs");
    if ({}.constructor !== Object || "polluted" in {}) faults.push("an object of everybody was changed");
    return faults;
}

/** Lists the differences between a row and its answer. */
export function deviations({ bag, outcome }: Row, answer: Answer): string[] {
    const { failures } = answer;
    if ("because" in outcome) {
        return failures.map(({ property, reason }) => `refused at ${property}: ${reason}`);
    }
    const at = properties(failures);
    return [
        ...(isDeepStrictEqual(at, outcome.at)
            ? []
            : [`refused at ${at.slice(0, 5).join(", ") || "nothing"}`]),
        ...(failures.some(({ reason }) => outcome.says.test(reason)) || failures.length === 0
            ? []
            : [`says: ${failures[0]?.reason ?? ""}`]),
        ...(failures.length > 0 || Object.keys(bag()).length === 0 ? [] : ["accepted"]),
    ];
}

/** Values that can be read in what the engine prints: the failures, and the value of a property that has one. */
export function echoes(bag: Bag, failures: readonly Failure[]): string[] {
    const printed = failures
        .map(({ property, reason }) => {
            const value = Object.hasOwn(bag, property) ? bag[property] : undefined;
            return `${property} ${reason} ${inspect(value, { depth: 9 })}`;
        })
        .join("\n");
    const { texts, names } = partsOf(bag);
    return texts
        .filter((text) => text.length >= SHORTEST_ECHO && !names.has(text))
        .flatMap((text) => [text.slice(0, 40), text.slice(-20)])
        .filter((piece) => piece.trim().length >= SHORTEST_ECHO && printed.includes(piece))
        .map((piece) => `echoes ${inspect(piece)}`);
}

/** All texts among the values of a bag, and the names of all its members. */
function partsOf(bag: Bag): { texts: string[]; names: Set<string> } {
    const texts: string[] = [];
    const names = new Set<string>();
    const open: unknown[] = [bag];
    while (open.length > 0) {
        const value = open.pop();
        if (typeof value === "string") texts.push(value);
        if (typeof value !== "object" || value === null) continue;
        for (const [name, member] of Object.entries(value)) {
            names.add(name);
            open.push(member);
        }
    }
    return { texts, names };
}
