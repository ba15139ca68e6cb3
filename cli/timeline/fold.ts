/**
 * Folds equal rows of the timeline.
 *
 * @module
 */
import type { OrderRow } from "./model.js";
import { dayOf } from "./next.js";

/** Smallest number of equal rows that are folded; fewer rows need no more room than a folded row with its list. */
const FEWEST = 3;

/** Splits rows into runs: a row alone, or at least three rows with the same step, reason and end of the certificate. */
export function foldRows(rows: readonly OrderRow[]): (readonly OrderRow[])[] {
    const runs = new Map<string, OrderRow[]>();
    for (const row of rows) {
        const key = contentOf(row);
        const run = runs.get(key);
        if (run === undefined) runs.set(key, [row]);
        else run.push(row);
    }
    return [...runs.values()].flatMap((run) => (run.length < FEWEST ? run.map((row) => [row]) : [run]));
}

/** The content of a row apart from its order, as text to compare. */
function contentOf({ next, certificate, pending, failures }: OrderRow): string {
    const end = certificate && [dayOf(certificate.validTill), certificate.isRevoked];
    return JSON.stringify([next.action, next.why, end, pending?.since, failures]);
}

/** Describes the certificates of folded rows: "3 certificates expired on 2026-09-12". */
export function titleRun(run: readonly OrderRow[], now: string): string {
    const [row] = run;
    const certificate = row?.certificate;
    if (certificate === undefined) return `${run.length} orders without a certificate`;
    if (certificate.isRevoked) return `${run.length} certificates revoked`;
    const isPast = Date.parse(certificate.validTill) <= Date.parse(now);
    return `${run.length} certificates ${isPast ? "expired" : "end"} on ${dayOf(certificate.validTill)}`;
}
