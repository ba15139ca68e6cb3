/**
 * Day arithmetic of certificates and plans; the time is an argument.
 *
 * @module
 */
import type { LastIssued, ReissueInputs, ReissueState } from "../state.js";

const DAY = 86_400_000;
const DEFAULT_MIN_DAYS = 30;
const DEFAULT_FAIL_DAYS = 7;

/** Begin and end of a certificate. */
export type Validity = Pick<LastIssued, "validFrom" | "validTill">;

/** Whole days until an ISO date; negative when it has passed. */
export function daysUntil(date: string, now: Date): number {
    return Math.floor((Date.parse(date) - now.getTime()) / DAY);
}

function lifetimeDays({ validFrom, validTill }: Validity): number {
    return (Date.parse(validTill) - Date.parse(validFrom)) / DAY;
}

/** The limit in days below which a certificate is reissued; at most half its lifetime, so that no setting causes a loop. */
export function reissueLimit(
    { minDaysRemaining }: Pick<ReissueInputs, "minDaysRemaining">,
    certificate: Validity & Pick<LastIssued, "endsNoLater">,
): { days: number; clampedFrom?: number } {
    // A certificate that ends no later than its predecessor is not reissued again; the limit only decides about a warning.
    if (certificate.endsNoLater === true) return { days: minDaysRemaining ?? DEFAULT_MIN_DAYS };
    const lifetime = lifetimeDays(certificate);
    if (minDaysRemaining === undefined) return { days: Math.min(DEFAULT_MIN_DAYS, lifetime / 3) };
    const half = lifetime / 2;
    return minDaysRemaining > half
        ? { days: half, clampedFrom: minDaysRemaining }
        : { days: minDaysRemaining };
}

/**
 * The limit in days below which `up` fails because no successor is issued. The default is a tenth of the lifetime, at most 7
 * days. If a reissue did not prolong the certificate, the default is 7 days, because the lifetime shrinks with every reissue.
 */
export function failLimit(
    { failDaysRemaining }: Pick<ReissueInputs, "failDaysRemaining">,
    certificate: Validity & Pick<LastIssued, "endsNoLater">,
): number {
    if (failDaysRemaining !== undefined) return failDaysRemaining;
    if (certificate.endsNoLater === true) return DEFAULT_FAIL_DAYS;
    return Math.min(DEFAULT_FAIL_DAYS, lifetimeDays(certificate) / 10);
}

/** Whether fewer than `limit` days are left; a negative limit means never. */
export function hasFewerDays(limit: number, validTill: string, now: Date): boolean {
    return limit >= 0 && Date.parse(validTill) - now.getTime() < limit * DAY;
}

/** Whether a certificate has expired, or is so old that it would be reissued at once. */
export function isDue(
    inputs: Pick<ReissueInputs, "minDaysRemaining">,
    certificate: Validity,
    now: Date,
): boolean {
    return (
        hasFewerDays(reissueLimit(inputs, certificate).days, certificate.validTill, now) ||
        Date.parse(certificate.validTill) <= now.getTime()
    );
}

/** Whether a new certificate would be valid for longer: the plan outlives this one by more than a day. */
export function planOutlives(
    { orderValidTill }: Pick<ReissueState, "orderValidTill">,
    validTill: string,
): boolean {
    return orderValidTill !== undefined && Date.parse(orderValidTill) - Date.parse(validTill) > DAY;
}

/** Whether the plan of the order has ended: its last day has passed. */
export function hasPlanEnded(orderValidTill: string | undefined, now: Date): boolean {
    return orderValidTill !== undefined && Date.parse(orderValidTill) + DAY <= now.getTime();
}

/** Rounds days to one decimal, for a message. */
export function roundDays(days: number): number {
    return Math.round(days * 10) / 10;
}
