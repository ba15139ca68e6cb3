/**
 * Suggests an existing name in place of a misspelt one.
 *
 * @module
 */
import { distance } from "fastest-levenshtein";

/** Longer words are not compared: they are not misspelt names, and comparing them takes time. */
const MAX_LENGTH = 64;

/**
 * Returns "did you mean …? ", or an empty text if no name is similar. Case and underscores are ignored, because people
 * write names as DigiCert's API does.
 *
 * @param here - names that exist at the place of `key`
 * @param elsewhere - names that exist at another place, and how they are written
 */
export function suggestName(
    key: string,
    here: readonly string[],
    elsewhere: readonly (readonly [name: string, written: string])[] = [],
): string {
    if (key.length > MAX_LENGTH) return "";
    const candidates = [
        ...here.map((name) => ({ name, distance: compare(key, name) })),
        ...elsewhere.map(([name, written]) => ({ name: written, distance: compare(key, name) })),
    ];
    const [nearest] = candidates.sort((a, b) => a.distance - b.distance);
    return nearest && nearest.distance <= Math.max(2, key.length / 2) ? `did you mean ${nearest.name}? ` : "";
}

function compare(a: string, b: string): number {
    return distance(normalize(a), normalize(b));
}

function normalize(name: string): string {
    return name.replaceAll("_", "").toLowerCase();
}
