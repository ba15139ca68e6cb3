/**
 * JSON values.
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

/** `base` with the members of `extra`; where both hold an object, these are merged. */
export function mergeDeep(base: JsonObject, extra: JsonObject): JsonObject {
    const merged = { ...base };
    for (const [member, value] of Object.entries(extra)) {
        const present = merged[member];
        merged[member] = isObject(present) && isObject(value) ? mergeDeep(present, value) : value;
    }
    return merged;
}

/**
 * Plain JSON without absent keys: the host cannot store `undefined`, and fails after the POST if it meets one.
 */
export function compact<T extends object>(value: T): T {
    return JSON.parse(JSON.stringify(value)) as T;
}
