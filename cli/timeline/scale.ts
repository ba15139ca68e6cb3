/**
 * The time axis: its months, and the position of a day. All times are UTC, like those of certificates.
 *
 * @module
 */
import type { OrderRow, Timeline } from "./model.js";

/** Highest number of months on the axis, so that they are legible; certificates and plans may be longer. */
const MONTHS_BACK = 7;
const MONTHS_AHEAD = 13;

/** A month that begins on the axis. */
export interface Month {
    /** `Jan` … `Dec`. */
    readonly label: string;
    readonly year: number;
    /** 0 … 11. */
    readonly number: number;
    /** Position of its first day, in percent of the axis. */
    readonly at: number;
}

/** The axis. */
export interface Scale {
    readonly months: readonly Month[];
    /** Position of an instant, in percent; an instant outside of the axis is placed on its edge. */
    at(instant: string): number;
    /** Whether an instant lies beyond the right edge. */
    isBeyond(instant: string): boolean;
}

/** Builds an axis around today that holds all certificates and plans. */
export function buildScale({ now, orders }: Pick<Timeline, "now" | "orders">): Scale {
    const today = new Date(now);
    const begins = orders.flatMap(({ certificate, pending }) =>
        [certificate?.validFrom, pending?.since].flatMap(parseTime),
    );
    const ends = orders.flatMap(({ certificate, planEnds }) =>
        [certificate?.validTill, planEnds].flatMap(parseTime),
    );
    const from = Math.max(Math.min(...begins, monthStart(today, -1)), monthStart(today, -MONTHS_BACK));
    const till = Math.min(Math.max(...ends, monthStart(today, 2)), monthStart(today, MONTHS_AHEAD));
    const left = monthStart(new Date(from), 0);
    const right = monthStart(new Date(till), 1);
    const percent = (time: number): number => (100 * (time - left)) / (right - left);
    return {
        months: monthsBetween(left, right).map((start) => ({
            label: start.toLocaleString("en", { month: "short", timeZone: "UTC" }),
            year: start.getUTCFullYear(),
            number: start.getUTCMonth(),
            at: round(percent(start.getTime())),
        })),
        at: (instant) => round(Math.min(100, Math.max(0, percent(Date.parse(instant))))),
        isBeyond: (instant) => Date.parse(instant) > right,
    };
}

/** The first day that is certainly in an order's plan; the state holds only the end of the plan. */
export function planStart({ certificate, pending }: OrderRow, now: string): string {
    return [now, certificate?.validFrom ?? now, pending?.since ?? now].reduce((a, b) =>
        Date.parse(a) <= Date.parse(b) ? a : b,
    );
}

function parseTime(instant: string | undefined): number[] {
    return instant === undefined ? [] : [Date.parse(instant)];
}

function monthStart(date: Date, ahead: number): number {
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1);
}

function monthsBetween(left: number, right: number): Date[] {
    const months: Date[] = [];
    for (let start = left; start < right; start = monthStart(new Date(start), 1))
        months.push(new Date(start));
    return months;
}

function round(percent: number): number {
    return Math.round(percent * 100) / 100;
}
