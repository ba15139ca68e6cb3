/**
 * Values that are unknown in a preview.
 *
 * @module
 */

/** The text that the engine sends in place of an unknown value (`pulumi.runtime.unknownValue`). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is unknown, or holds an unknown at any depth. */
export function containsUnknown(value: unknown): boolean {
    if (value === UNKNOWN) return true;
    if (typeof value !== "object" || value === null) return false;
    return Object.values(value).some(containsUnknown);
}
