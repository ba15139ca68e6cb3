/**
 * The orders of a fleet and what happens to each in a year, told as data: played by `play.ts`, foretold by
 * `forecast.ts`.
 *
 * @module
 */

export const DAY = 86_400_000;

/** What one fleet has in common. */
export interface Fleet {
    /** Days a certificate is valid for, as DigiCert issues it in these years. */
    readonly lifetime: number;
    /** Midnight of its first day. */
    readonly start: Date;
    /** Days that are played: the year of the plan, and some after it. */
    readonly days: number;
}

/** Length of a plan, in days. */
export const PLAN_DAYS = 365;
/** Every day's run is at this time. */
export const HOUR_OF_RUN = 10;

/** The lifetimes of public TLS certificates from 2026, 2027 and 2029 on. */
export const FLEETS: readonly Fleet[] = [
    { lifetime: 199, start: new Date("2026-03-02T00:00:00Z"), days: PLAN_DAYS + 3 },
    { lifetime: 99, start: new Date("2027-04-01T00:00:00Z"), days: PLAN_DAYS + 3 },
    { lifetime: 46, start: new Date("2029-04-02T00:00:00Z"), days: PLAN_DAYS + 3 },
];

/** What differs from the plain program; it stays until it is changed again. */
export interface Program {
    readonly trigger?: string;
    /** Names beside the common name. */
    readonly names?: readonly string[];
    /** Which of the stack's keys. */
    readonly key?: "first" | "second";
    /** 0, or 1 once the stack has moved to a new order. */
    readonly order?: 0 | 1;
    readonly comments?: string;
}

/** What happens on one day, before that day's run. */
export interface Happening {
    /** Somebody else, in the console. */
    readonly console?: "revokes" | "re-keys";
    /** `pulumi refresh` runs first. */
    readonly refresh?: true;
    readonly program?: Program;
}

/** One order's year. */
export interface Story {
    readonly title: string;
    readonly planDays?: number;
    /** A reissue waits so many days for a person: an approver, or the one who publishes the DCV token. */
    readonly person?: { readonly does: "approves" | "publishes"; readonly afterDays: number };
    /** DigiCert needs so many days to issue. */
    readonly issuanceDays?: number;
    /** The approver rejects this request, counted from 1; two days later the program asks again, by a trigger. */
    readonly rejects?: number;
    /** DigiCert's answer to this POST gets lost, counted from 1. */
    readonly losesAnswer?: number;
    readonly autoReissue?: true;
    /** The order has the wanted certificate already, and is brought under management by `adoptExisting`. */
    readonly isAdopted?: true;
    /** Each run spells names, key and numbers in another way. */
    readonly respelt?: true;
    readonly settings?: {
        readonly minDaysRemaining?: number;
        readonly failDaysRemaining?: number;
        readonly issuanceTimeoutSeconds?: number;
        readonly skipApproval?: boolean;
    };
    readonly days?: Readonly<Record<number, Happening>>;
}

/** Days from a rejection to the trigger that asks again. */
export const REPEATED_AFTER = 2;

export const STORIES: readonly Story[] = [
    { title: "approved by the account" },
    { title: "approval takes 3 days", person: { does: "approves", afterDays: 3 } },
    { title: "issuance takes 36 hours", issuanceDays: 1.5 },
    {
        title: "issuance takes 36 hours, not waited for",
        issuanceDays: 1.5,
        settings: { issuanceTimeoutSeconds: 0 },
    },
    { title: "DCV token published after 2 days", person: { does: "publishes", afterDays: 2 } },
    {
        title: "revoked by somebody else, refreshed next day",
        days: { 100: { console: "revokes" }, 101: { refresh: true } },
    },
    { title: "revoked by somebody else, never refreshed", days: { 100: { console: "revokes" } } },
    {
        title: "second request rejected, asked again",
        person: { does: "approves", afterDays: 1 },
        rejects: 2,
    },
    { title: "DigiCert's auto-reissue is on", autoReissue: true },
    {
        title: "re-keyed in the console, refreshed later",
        days: { 120: { console: "re-keys" }, 122: { refresh: true } },
    },
    { title: "re-keyed in the console, never refreshed", days: { 120: { console: "re-keys" } } },
    { title: "a name added in mid-year", days: { 150: { program: { names: ["api.shop.example"] } } } },
    { title: "minDaysRemaining 150", settings: { minDaysRemaining: 150 } },
    {
        title: "plan ends on day 150, moved to a new order",
        planDays: 150,
        days: { 147: { program: { order: 1 } } },
    },
    {
        title: "key rotated, approval takes 3 days",
        person: { does: "approves", afterDays: 3 },
        days: { 110: { program: { key: "second" } } },
    },
    {
        title: "changes its mind while approval is awaited",
        person: { does: "approves", afterDays: 3 },
        days: {
            40: { program: { trigger: "a" } },
            41: { program: { trigger: "b" } },
            60: { program: { trigger: "c" } },
            61: { program: { trigger: "b" } },
        },
    },
    {
        title: "answer to the second POST lost, comments unseen",
        losesAnswer: 2,
        settings: { skipApproval: true },
    },
    { title: "adopted as it was", isAdopted: true },
    {
        title: "spelt differently every day, comments change",
        respelt: true,
        days: { 200: { program: { comments: "for the shop" } } },
    },
    { title: "never reissued by time", settings: { minDaysRemaining: -1, failDaysRemaining: -1 } },
];

/** The program of a story on a day, without what a rejection makes it do. */
export function programOn(story: Story, day: number): Program {
    return Object.entries(story.days ?? {})
        .filter(([from]) => Number(from) <= day)
        .reduce<Program>((program, [, { program: change }]) => ({ ...program, ...change }), {});
}
