/**
 * Prints what an operation waits for: a line for each change, and a line per minute.
 *
 * @module
 */
import { progress } from "../message.js";
import type { Session } from "../session.js";

/** Time after which a line is printed again although nothing has changed. */
export const TELL_EVERY_MS = 60_000;

/** What an order waits for. */
export interface Waiting {
    /** Words that follow "waiting for". */
    readonly waitsFor: string;
    /** Further words; a change of them is printed. */
    readonly details?: string;
    /** Why the last request failed. Another reason alone is no change, and prints no line. */
    readonly outage?: string | undefined;
}

/** Prints what an order waits for, if that has changed or if the last line is a minute old. */
export type ProgressTeller = (waiting: Waiting) => void;

/** Makes the function that prints what an order waits for. */
export function progressTeller(session: Session, orderId: string): ProgressTeller {
    const begun = session.elapsed();
    let last: { key: string; at: number } | undefined;
    return ({ waitsFor, details = "", outage }) => {
        const now = session.elapsed();
        const key = `${waitsFor}${details}${outage === undefined ? "" : " despite an outage"}`;
        if (last?.key === key && now - last.at < TELL_EVERY_MS) return;
        last = { key, at: now };
        const seconds = Math.round((now - begun) / 1000);
        const why = outage === undefined ? "" : `; ${outage}`;
        const text = `order ${orderId}: waiting for ${waitsFor}, ${seconds} s so far${details}${why}`;
        session.tell(progress(text));
    };
}

/** Pauses for `ms` milliseconds, and calls `tell` at once and after each minute. */
export async function pauseTelling(session: Session, ms: number, tell: () => void): Promise<void> {
    for (let left = ms; left > 0 && !session.signal.aborted; left -= TELL_EVERY_MS) {
        tell();
        await session.sleep(Math.min(left, TELL_EVERY_MS));
    }
}
