/**
 * What Pulumi's engine echoes of a failing property.
 *
 * @module
 */

/**
 * The engine prints the value of a failing top-level property, whatever it holds. It finds none under the same path in
 * brackets, so texts, which may be a secret, and whole objects are reported that way.
 */
export function pathWithoutEcho(property: string, given: Readonly<Record<string, unknown>>): string {
    const value = Object.hasOwn(given, property) ? given[property] : undefined;
    return typeof value === "string" || typeof value === "object"
        ? `[${JSON.stringify(property)}]`
        : property;
}
