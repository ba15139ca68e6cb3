/**
 * The nearest name to one that does not exist.
 *
 * @module
 */
import { distance } from "fastest-levenshtein";

/** Longer words are no slip of the pen, and comparing them takes time. */
const LONGEST = 64;

/**
 * "did you mean …? ", or nothing where no name comes near. Case and underscores do not count, because people
 * write names as DigiCert's API has them.
 *
 * @param elsewhere - names that exist inside `certificate`
 */
export function suggestion(key: string, here: readonly string[], elsewhere: readonly string[]): string {
    if (key.length > LONGEST) return "";
    const candidates = [
        ...here.map((name) => ({ name, away: apart(key, name) })),
        ...elsewhere.map((name) => ({ name: `certificate.${name}`, away: apart(key, name) })),
    ];
    const [nearest] = candidates.sort((a, b) => a.away - b.away);
    return nearest && nearest.away <= Math.max(2, key.length / 2) ? `did you mean ${nearest.name}? ` : "";
}

function apart(a: string, b: string): number {
    return distance(plain(a), plain(b));
}

function plain(name: string): string {
    return name.replaceAll("_", "").toLowerCase();
}
