/**
 * Keeps Pulumi's engine from printing the values of inputs.
 *
 * @module
 */

/**
 * Returns the path under which a failure is reported: in brackets for texts (which may be secret) and objects. The engine prints the
 * value that it finds under the path of a failing top-level property, and finds none under the same path in brackets.
 */
export function pathWithoutEcho(property: string, given: Readonly<Record<string, unknown>>): string {
    const value = Object.hasOwn(given, property) ? given[property] : undefined;
    return typeof value === "string" || typeof value === "object"
        ? `[${JSON.stringify(property)}]`
        : property;
}
