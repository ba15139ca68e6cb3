/** What must hold for every input, whatever it is. */
import { inspect, isDeepStrictEqual } from "node:util";
import { DynamicProvider } from "../../../provider/dynamic/provider.js";
import { plan } from "../../../provider/core/reissue/plan/plan.js";
import { makeMarker } from "../../../provider/core/reissue/marker.js";
import { makeReissueBody } from "../../../provider/core/reissue/body.js";
import { containsUnknown } from "../../../provider/core/unknown.js";
import type { CheckFailure } from "../../../provider/core/resource.js";
import type { ReissueInputs } from "../../../provider/core/reissue/state.js";
import { ISSUED_AT, inputs as plainInputs, issuedState } from "../../../test/fixtures/inputs.js";
import { properties, type Bag } from "../../../test/fixtures/given.js";
import type { Row } from "./row.js";

/** The answer to `check`. */
export interface Answer {
    readonly inputs?: Bag;
    readonly failures: readonly CheckFailure[];
}

/** Shorter texts turn up by chance. */
const SHORTEST_ECHO = 8;
/** Lines that a terminal shows as they are. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u;

/** `check` of a provider process of its own. */
export async function checkAlone(bag: Bag): Promise<Answer> {
    const checked = await lifecycle().check({}, { ...bag, __provider: "text" });
    return { inputs: checked.inputs as Bag, failures: checked.failures ?? [] };
}

/** A lifecycle that may not use the network. */
export function lifecycle(): DynamicProvider {
    return new DynamicProvider({
        now: () => ISSUED_AT,
        elapsed: () => 0,
        sleep: () => Promise.reject(new Error("nothing waits")),
        env: {},
        log: () => undefined,
        connect: () => Promise.reject(new Error("no network")),
    });
}

/** What is wrong with an answer to any input; nothing, if all is well. */
export function faultsOf(bag: Bag, { inputs, failures }: Answer): string[] {
    const faults: string[] = [];
    for (const { property, reason } of failures) {
        if (property === "" || reason === "") faults.push(`a failure says nothing: ${property}: ${reason}`);
        if (!PRINTABLE.test(`${property}${reason}`))
            faults.push(`unfit for a terminal: ${inspect(property)}`);
        if (property.length > 1000 || reason.length > 1000) faults.push("a failure has no end");
    }
    faults.push(...echoes(bag, failures));
    if (failures.length === 0 && inputs !== undefined) faults.push(...troubleWith(inputs));
    if ({}.constructor !== Object || "polluted" in {}) faults.push("an object of everybody was changed");
    return faults;
}

/** What a row does not say of its answer. */
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
export function echoes(bag: Bag, failures: readonly CheckFailure[]): string[] {
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

/** What goes wrong behind `check` with inputs that it accepted. */
function troubleWith(checked: Bag): string[] {
    try {
        if (containsUnknown(checked)) return [];
        const inputs = checked as unknown as ReissueInputs;
        const again = JSON.parse(JSON.stringify(inputs)) as unknown;
        const body: unknown = JSON.parse(JSON.stringify(makeReissueBody(inputs, makeMarker(inputs, "project/stack/shop"))));
        const same = plan(issuedState(inputs), inputs, ISSUED_AT);
        plan(issuedState(plainInputs()), inputs, ISSUED_AT);
        return [
            ...(isDeepStrictEqual(again, inputs) ? [] : ["JSON changes the inputs"]),
            ...(typeof body === "object" ? [] : ["there is no body"]),
            ...(same.changed.length === 0 ? [] : [`unchanged inputs differ in ${same.changed.join(", ")}`]),
        ];
    } catch (error) {
        return [`accepted, but then: ${(error as Error).message}`];
    }
}
