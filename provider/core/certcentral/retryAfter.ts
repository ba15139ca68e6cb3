/**
 * `Retry-After` (RFC 9110, section 10.2.3).
 *
 * @module
 */

/** Headers as undici hands them over. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The pause that an answer asks for, in milliseconds; from a number of seconds, or from a date. */
export function retryAfterMs(headers: Headers, now: () => number = Date.now): number | undefined {
    const wish = textOf(headers["retry-after"])?.trim() ?? "";
    if (/^\d+$/.test(wish)) return Number(wish) * 1000;
    // Only what looks like an HTTP date: Date.parse takes "-5" and "1.5" for one.
    if (!/^[A-Za-z]{3,9},? /.test(wish)) return undefined;
    // By the server's own clock where it tells the time, because ours may differ.
    const told = Date.parse(textOf(headers.date) ?? "");
    const pause = Date.parse(wish) - (Number.isNaN(told) ? now() : told);
    return Number.isNaN(pause) ? undefined : Math.max(0, pause);
}

/** A header that was sent twice says nothing certain. */
function textOf(header: string | string[] | undefined): string | undefined {
    return typeof header === "string" ? header : undefined;
}
