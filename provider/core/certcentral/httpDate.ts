/**
 * Reads the headers of an answer that hold a time (RFC 9110).
 *
 * @module
 */

/** Headers as undici hands them over. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Reads `Date` (section 6.6.1): the server's clock. */
export function serverDate(headers: Headers): Date | undefined {
    return httpDate(textOf(headers.date));
}

/**
 * Reads `Retry-After` (section 10.2.3): the pause that the server asks for, in milliseconds. The header holds a number of
 * seconds, or a date. A date is compared with the `Date` header of the same answer, because the clocks of server and client
 * may differ; without that header it is compared with `now`.
 */
export function retryAfterMs(headers: Headers, now: () => number = Date.now): number | undefined {
    const text = textOf(headers["retry-after"])?.trim() ?? "";
    if (/^\d+$/.test(text)) return Number(text) * 1000;
    const until = httpDate(text);
    if (until === undefined) return undefined;
    return Math.max(0, until.getTime() - (serverDate(headers)?.getTime() ?? now()));
}

/** Reads a date that begins with a day of the week, as HTTP dates do; `Date.parse` alone would also read "-5" as a date. */
function httpDate(text = ""): Date | undefined {
    const date = /^[A-Za-z]{3,9},? /.test(text) ? new Date(text) : undefined;
    return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** The text of a header; undefined if the header was sent twice, because the two may contradict each other. */
function textOf(header: string | string[] | undefined): string | undefined {
    return typeof header === "string" ? header : undefined;
}
