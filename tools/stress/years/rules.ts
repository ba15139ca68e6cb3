/**
 * The arithmetic of docs/reference.md, in days, and of how DigiCert dates a certificate; none of it from the provider.
 *
 * @module
 */
import { DAY, type Fleet, type Program, type Story } from "./stories.js";

/** A certificate that was issued for a story's order. */
export interface Certificate {
    readonly from: number;
    readonly till: number;
    /** What it was made for; a foreign one for nothing of ours. */
    readonly wanted: string;
    readonly key: Program["key"] | "foreign";
    isRevoked?: boolean;
}

/** Valid from the midnight before, through its last day, and never beyond the last midnight of the plan. */
export function datesOf(at: number, planEnd: number, { lifetime }: Fleet) {
    const from = Math.floor(at / DAY) * DAY;
    return { from, till: Math.min(from + lifetime * DAY, planEnd) + DAY - 1000 };
}

/** Whether fewer days are left than the limit: 30, or a third of the lifetime; never more than half of it. */
export function isDue(certificate: Certificate, { settings }: Story, now: number): boolean {
    const lifetime = lifetimeOf(certificate);
    const { minDaysRemaining: given } = settings ?? {};
    if (given !== undefined && given < 0) return false;
    const limit = given === undefined ? Math.min(30, lifetime / 3) : Math.min(given, lifetime / 2);
    return daysLeft(certificate, now) < limit;
}

/** Whether a larger limit was set than half the lifetime. */
export function isClamped(certificate: Certificate, { settings }: Story): boolean {
    return (settings?.minDaysRemaining ?? 0) > lifetimeOf(certificate) / 2;
}

/** Whether fewer days are left than 7, or a tenth of the lifetime. */
export function isLate(certificate: Certificate, { settings }: Story, now: number): boolean {
    const { failDaysRemaining: given } = settings ?? {};
    if (given !== undefined && given < 0) return false;
    return daysLeft(certificate, now) < (given ?? Math.min(7, lifetimeOf(certificate) / 10));
}

/** Whether a reissue would be valid for longer. */
export function isExtensible({ till }: Certificate, planEnd: number): boolean {
    return planEnd - till > DAY;
}

function daysLeft({ till }: Certificate, now: number): number {
    return (till - now) / DAY;
}

function lifetimeOf({ from, till }: Certificate): number {
    return (till - from) / DAY;
}
