/**
 * The inputs that a read records: as a person would write them, because `pulumi import` prints them as a program.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../core/json.js";
import type { Bag } from "./values.js";

type Check = (given: Bag) => Promise<object | undefined>;

/**
 * Removes the inputs that `check` would add by itself. Inputs that `check` refuses stay as they are: the engine prints why.
 *
 * @param check - returns the checked inputs; undefined if they are invalid
 */
export async function withoutDefaults(inputs: Bag, check: Check): Promise<Bag> {
    const full = await check(inputs);
    if (full === undefined) return inputs;
    let shorter = inputs;
    for (const path of pathsIn(inputs)) {
        const candidate = without(shorter, path);
        if (isDeepStrictEqual(await check(candidate), full)) shorter = candidate;
    }
    return shorter;
}

/** Returns the recorded inputs, with the changes between the state before and after a refresh. */
export function withDrift(recorded: unknown, before: unknown, after: unknown): unknown {
    if (isDeepStrictEqual(before, after)) return recorded;
    if (!isObject(recorded) || !isObject(before) || !isObject(after)) return after;
    const names = Object.keys({ ...recorded, ...before, ...after });
    const members = names.map((name): [string, unknown] => [
        name,
        withDrift(recorded[name], before[name], after[name]),
    ]);
    return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function pathsIn(inputs: Bag): string[][] {
    return Object.entries(inputs).flatMap(([name, value]) => [
        ...(isObject(value) ? Object.keys(value).map((member) => [name, member]) : []),
        [name],
    ]);
}

function without(inputs: Bag, [name = "", member]: readonly string[]): Bag {
    const { [name]: value, ...others } = inputs;
    if (member === undefined || !isObject(value)) return others;
    const rest = Object.entries(value).filter(([inner]) => inner !== member);
    return { ...inputs, [name]: Object.fromEntries(rest) };
}
