/**
 * JSON values: types, test, merge.
 *
 * @module
 */

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = Record<string, Json>;

/** Whether a JSON value is an object, not an array or null. */
export function isObject(value: unknown): value is JsonObject {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Adds the members of `extra` to `base`. Where both hold an object under the same name, the objects are merged. */
export function mergeDeep(base: JsonObject, extra: JsonObject): JsonObject {
    const merged = { ...base };
    for (const [member, value] of Object.entries(extra)) {
        const present = merged[member];
        merged[member] = isObject(present) && isObject(value) ? mergeDeep(present, value) : value;
    }
    return merged;
}

/** Returns the members that are named and present. */
export function pick(values: object, names: readonly string[]): Record<string, unknown> {
    const members = values as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
        names.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])),
    );
}

/**
 * Removes members whose value is `undefined`. Pulumi's host cannot store `undefined`, and would fail with it after the POST.
 */
export function compact<T extends object>(value: T): T {
    return JSON.parse(JSON.stringify(value)) as T;
}
