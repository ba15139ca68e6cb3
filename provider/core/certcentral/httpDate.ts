/**
 * The headers of an answer that tell a time (RFC 9110).
 *
 * @module
 */

/** Headers as undici hands them over. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** `Date` (section 6.6.1): the server's clock. */
export function serverDate(headers: Headers): Date | undefined {
    return httpDate(textOf(headers.date));
}

/**
 * `Retry-After` (section 10.2.3): the pause that an answer asks for, in milliseconds; from a number of seconds, or from a
 * date, which is compared with the server's own clock where it tells it, because ours may differ.
 */
export function retryAfterMs(headers: Headers, now: () => number = Date.now): number | undefined {
    const text = textOf(headers["retry-after"])?.trim() ?? "";
    if (/^\d+$/.test(text)) return Number(text) * 1000;
    const until = httpDate(text);
    if (until === undefined) return undefined;
    return Math.max(0, until.getTime() - (serverDate(headers)?.getTime() ?? now()));
}

/** Only what looks like an HTTP date: `Date.parse` takes "-5" and "1.5" for one. */
function httpDate(text = ""): Date | undefined {
    const date = /^[A-Za-z]{3,9},? /.test(text) ? new Date(text) : undefined;
    return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** A header that was sent twice says nothing certain. */
function textOf(header: string | string[] | undefined): string | undefined {
    return typeof header === "string" ? header : undefined;
}
