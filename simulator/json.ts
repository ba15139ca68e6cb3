/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** The members of `T` that may be undefined become optional ones. */
export type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
    [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy without the members that are undefined; the API leaves out members without a value. */
export function withoutUndefined<T extends object>(object: T): Compact<T> {
    return Object.fromEntries(
        Object.entries(object).filter(([, value]) => value !== undefined),
    ) as Compact<T>;
}

/** A copy without members of these names, at any depth. */
export function withoutMembers<T>(value: T, names: readonly string[]): T {
    if (names.length === 0) return value;
    return JSON.parse(
        JSON.stringify(value, (name, member: unknown) => (names.includes(name) ? undefined : member)),
    ) as T;
}

/** Whether it is an object, not an array or null. */
export function isObject(value: unknown): value is JsonObject {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
