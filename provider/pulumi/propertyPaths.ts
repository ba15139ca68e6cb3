/**
 * Keeps Pulumi's engine from printing the values of inputs.
 *
 * @module
 */

/**
 * Returns the path under which a failure is reported. The engine prints the value that it finds under the path of a failing
 * top-level property. It finds no value under the same path in brackets, so texts (which may be secret) and objects are
 * reported in brackets.
 */
export function pathWithoutEcho(property: string, given: Readonly<Record<string, unknown>>): string {
    const value = Object.hasOwn(given, property) ? given[property] : undefined;
    return typeof value === "string" || typeof value === "object"
        ? `[${JSON.stringify(property)}]`
        : property;
}
