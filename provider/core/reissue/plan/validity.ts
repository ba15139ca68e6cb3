/**
 * When an unchanged certificate has to be reissued: day arithmetic without a clock of its own.
 *
 * @module
 */
import type { Issued, ReissueInputs, ReissueState } from "../state.js";

const DAY = 86_400_000;
const DEFAULT_MIN_DAYS = 30;
const DEFAULT_FAIL_DAYS = 7;

/** Whole days until an ISO date; negative when it has passed. */
export function daysUntil(date: string, now: Date): number {
    return Math.floor((Date.parse(date) - now.getTime()) / DAY);
}

function lifetimeDays({ validFrom, validTill }: Pick<Issued, "validFrom" | "validTill">): number {
    return (Date.parse(validTill) - Date.parse(validFrom)) / DAY;
}

/** The days below which a certificate is reissued, never more than half its lifetime, so that no setting loops. */
export function reissueLimit(
    { minDaysRemaining }: Pick<ReissueInputs, "minDaysRemaining">,
    issued: Pick<Issued, "validFrom" | "validTill">,
): { days: number; clampedFrom?: number } {
    const lifetime = lifetimeDays(issued);
    if (minDaysRemaining === undefined) return { days: Math.min(DEFAULT_MIN_DAYS, lifetime / 3) };
    const half = lifetime / 2;
    return minDaysRemaining > half
        ? { days: half, clampedFrom: minDaysRemaining }
        : { days: minDaysRemaining };
}

/** The days below which `up` fails because no successor is issued. */
export function failLimit(
    { failDaysRemaining }: Pick<ReissueInputs, "failDaysRemaining">,
    issued: Pick<Issued, "validFrom" | "validTill">,
): number {
    return failDaysRemaining ?? Math.min(DEFAULT_FAIL_DAYS, lifetimeDays(issued) / 10);
}

/** Whether fewer than `limit` days are left; a negative limit means never. */
export function isWithin(limit: number, validTill: string, now: Date): boolean {
    return limit >= 0 && Date.parse(validTill) - now.getTime() < limit * DAY;
}

/** Whether a certificate is so old that it would be reissued at once, and so is not worth taking over. */
export function isDue(
    inputs: Pick<ReissueInputs, "minDaysRemaining">,
    certificate: Pick<Issued, "validFrom" | "validTill">,
    now: Date,
): boolean {
    return (
        isWithin(reissueLimit(inputs, certificate).days, certificate.validTill, now) ||
        Date.parse(certificate.validTill) <= now.getTime()
    );
}

/** Whether a new certificate would be valid for longer: the plan outlives this one by more than a day. */
export function reissueExtends(
    { orderValidTill }: Pick<ReissueState, "orderValidTill">,
    validTill: string,
): boolean {
    return orderValidTill !== undefined && Date.parse(orderValidTill) - Date.parse(validTill) > DAY;
}

/** Whether the plan of the order has ended: its last day has passed. */
export function planEnded(orderValidTill: string | undefined, now: Date): boolean {
    return orderValidTill !== undefined && Date.parse(orderValidTill) + DAY <= now.getTime();
}
