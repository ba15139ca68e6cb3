/** Milliseconds of one day. */
export const DAY = 86_400_000;

/** DigiCert's time stamps: `2026-03-02T08:00:00+00:00`, always UTC, whole seconds. */
export function isoTime(date: Date): string {
    return `${date.toISOString().slice(0, 19)}+00:00`;
}

/** DigiCert's dates: `yyyy-MM-dd`, in UTC. */
export function isoDate(date: Date): string {
    return date.toISOString().slice(0, 10);
}

/** First second of that day, UTC. */
export function startOfDay(date: Date | string): Date {
    return new Date(`${typeof date === "string" ? date : isoDate(date)}T00:00:00Z`);
}

/** Last second of that day, UTC: a certificate or an order is valid through its last day. */
export function endOfDay(date: Date | string): Date {
    return new Date(`${typeof date === "string" ? date : isoDate(date)}T23:59:59Z`);
}

/** Adds days to a time. */
export function addDays(date: Date, days: number): Date {
    return new Date(date.getTime() + days * DAY);
}

/** Adds years to a date; the day of the month stays. */
export function addYears(date: Date, years: number): Date {
    const later = new Date(date);
    later.setUTCFullYear(date.getUTCFullYear() + years);
    return later;
}

/** Whole days from `now` to `date`, negative once it has passed. */
export function daysBetween(now: Date, date: Date): number {
    return Math.floor((date.getTime() - now.getTime()) / DAY);
}

/** The earliest of some dates. */
export function earliest(...dates: Date[]): Date {
    return new Date(Math.min(...dates.map((date) => date.getTime())));
}

/** Reads a date in a form that the API accepts, `2026-09-16` or `16 SEP 2026`; undefined for any other text. */
export function parseDate(text: string): Date | undefined {
    if (!/^\d{4}-\d{2}-\d{2}$|^\d{1,2} [A-Za-z]{3} \d{4}$/.test(text)) return undefined;
    const date = new Date(text.includes("-") ? `${text}T00:00:00Z` : `${text} UTC`);
    return Number.isNaN(date.getTime()) ? undefined : date;
}
