/**
 * What has to happen next with an order, and who does it: the plan of the next `up`, told for a person.
 *
 * @module
 */
import {
    daysUntil,
    failLimit,
    isDue,
    isWithin,
    planEnded,
    reissueExtends,
    reissueLimit,
} from "../../../provider/plan/due.js";
import { plan, type Plan } from "../../../provider/plan/plan.js";
import { inputsOf, type Issued, type ReissueState } from "../../../provider/state.js";

const DAY = 86_400_000;
/** So many days ahead a step is announced. */
const AHEAD_DAYS = 30;
/** So many days a certificate counts as new: nobody knows from the state whether it is deployed. */
const NEW_DAYS = 7;

/**
 * How urgent it is, the most urgent first.
 *
 * - `critical`: a certificate is revoked, expired, refused, or about to end without a successor
 * - `person`: `pulumi up` cannot do it
 * - `up`: the next `pulumi up` does it
 * - `soon`: it comes within 30 days
 * - `quiet`: nothing to do yet
 */
export const URGENCIES = ["critical", "person", "up", "soon", "quiet"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** What the next step is. */
export type StepKind = "approve" | "publish" | "renew" | "change" | "up" | "deploy" | "wait" | "repair";

/** The next step. */
export interface Step {
    readonly kind: StepKind;
    readonly urgency: Urgency;
    /** What to do, in sentences. */
    readonly sentence: string;
    /** ISO 8601: when it is too late, or for what lies ahead when it begins. */
    readonly date?: string | undefined;
    /** What the next `pulumi up` of an unchanged program would say. */
    readonly up: readonly string[];
}

/** Days on which a certificate changes what it needs, ISO 8601. */
export interface Window {
    /** From here on `up` reissues it, if its plan goes on. Absent: never. */
    readonly due?: string | undefined;
    /** From here on `up` fails without a successor. Absent: never. */
    readonly fail?: string | undefined;
}

/** When the reissue of a certificate is due, and when `up` begins to fail without it. */
export function windowOf(state: ReissueState, issued: Issued): Window {
    const before = (days: number): string | undefined =>
        days < 0 ? undefined : new Date(Date.parse(issued.validTill) - days * DAY).toISOString();
    return { due: before(reissueLimit(state, issued).days), fail: before(failLimit(state, issued)) };
}

/** The next step for an order whose program stays as it is. */
export function nextStep(state: ReissueState, isManaged: boolean, now: Date): Step {
    if (!isManaged) return { ...watched(state, now), up: [] };
    const decided = plan(state, inputsOf(state), now);
    const step = state.asked ? open(state, decided) : settled(state, decided, now);
    const isLate = decided.deadline !== undefined;
    return {
        ...step,
        urgency: isLate ? "critical" : step.urgency,
        date: step.date ?? state.issued?.validTill,
        up: [...decided.reasons, ...decided.warnings],
    };
}

type Told = Omit<Step, "up">;

/** A reissue was asked for and is not settled. */
function open(state: ReissueState, { reasons }: Plan): Told {
    const { status, asked, requestIds, dcvRandomValue, issued } = state;
    const since = dayOf(asked?.at ?? "");
    const stays = issued ? ` The certificate in use ends on ${dayOf(issued.validTill)}.` : "";
    switch (status) {
        case "rejected":
            return {
                kind: "change",
                urgency: "critical",
                sentence: `Change the program, or set a trigger to ask again: the reissue of ${since} was rejected, and pulumi up fails until then.${stays}`,
            };
        case "pending_approval": {
            const requests = requestIds.length > 0 ? `request ${requestIds.join(", ")}` : "the reissue";
            return {
                kind: "approve",
                urgency: "person",
                sentence: `Approve ${requests} in CertCentral, open since ${since}; then run pulumi up.${stays}`,
            };
        }
        case "pending_issuance":
            if (dcvRandomValue !== undefined) {
                return {
                    kind: "publish",
                    urgency: "person",
                    sentence: `Publish the token ${dcvRandomValue} for domain validation, asked for on ${since}; then run pulumi up.${stays}`,
                };
            }
            return {
                kind: "up",
                urgency: "up",
                sentence: `Run pulumi up to look again: DigiCert validates the reissue of ${since}.${stays}`,
            };
        case "unknown":
            return {
                kind: "up",
                urgency: "up",
                sentence: `Run pulumi up: the answer to the reissue of ${since} was lost, and it looks what became of it.${stays}`,
            };
        case "issued":
        case "revoked":
        case "expired":
            return { kind: "up", urgency: "up", sentence: `Run pulumi up: ${reasons.join(" ")}` };
    }
}

function settled(state: ReissueState, { kind, cause }: Plan, now: Date): Told {
    const { issued, orderEnd, orderValidTill, status } = state;
    const end = orderEnd ?? (planEnded(orderValidTill, now) ? `ended on ${orderValidTill}` : undefined);
    const isBroken = status === "revoked" || !issued || Date.parse(issued.validTill) <= now.getTime();
    if (end !== undefined) {
        const until = issued && !isBroken ? ` Its certificate ends on ${dayOf(issued.validTill)}.` : "";
        return {
            kind: "renew",
            urgency: isBroken ? "critical" : "person",
            sentence: `Place a new order in CertCentral and set its id as orderId: the order ${end}.${until}`,
        };
    }
    if (kind === "reissue") {
        const since = issued ? windowOf(state, issued).due : undefined;
        const sentence =
            cause === "revoked"
                ? `Run pulumi up now: certificate ${issued?.certificateId ?? ""} was revoked, and it asks for another.`
                : cause === "due"
                  ? `Run pulumi up: the reissue is due since ${dayOf(since ?? "")}. ${ending(issued, now)}`
                  : `Run pulumi up: DigiCert did not accept the last reissue, and it asks again.`;
        const isCritical = cause === "revoked" || (cause === "due" && isBroken);
        return { kind: "up", urgency: isCritical ? "critical" : "up", sentence };
    }
    if (!issued)
        return { kind: "up", urgency: "up", sentence: "Run pulumi up: there is no certificate yet." };
    if (isDue(state, issued, now) || kind === "fail") {
        return { ...dueInVain(state, issued, now), urgency: isBroken ? "critical" : "person" };
    }
    return ahead(state, issued, now);
}

/** Few days are left, and `up` asks for nothing. */
function dueInVain(state: ReissueState, issued: Issued, now: Date): Pick<Told, "kind" | "sentence"> {
    if (!reissueExtends(state, issued.validTill)) {
        const plan = state.orderValidTill ?? "an unknown day";
        return {
            kind: "renew",
            sentence: `Renew the order: place a new one in CertCentral and set its id as orderId. The plan ends on ${plan}. ${ending(issued, now)}`,
        };
    }
    return {
        kind: "change",
        sentence: `Set a trigger to reissue it, or raise minDaysRemaining, which keeps pulumi up from it. ${ending(issued, now)}`,
    };
}

/** Nothing is due: what comes, and when. */
function ahead(state: ReissueState, issued: Issued, now: Date): Told {
    const { due } = windowOf(state, issued);
    const date = due ?? issued.validTill;
    const what =
        due === undefined
            ? `its certificate ends; minDaysRemaining keeps pulumi up from a reissue`
            : reissueExtends(state, issued.validTill)
              ? "pulumi up reissues it"
              : `renew the order, whose plan ends on ${state.orderValidTill ?? "an unknown day"}`;
    const isSoon = isWithin(AHEAD_DAYS, date, now);
    const isNew = isWithin(0, issued.validFrom, now) && daysUntil(issued.validFrom, now) >= -NEW_DAYS;
    if (isNew && !isSoon) {
        return {
            kind: "deploy",
            urgency: "soon",
            sentence: `Check that certificate ${issued.certificateId}, new since ${dayOf(issued.validFrom)}, is deployed. Nothing more until ${dayOf(date)}, when ${what}.`,
            date,
        };
    }
    return {
        kind: "wait",
        urgency: isSoon ? "soon" : "quiet",
        sentence: `Nothing until ${dayOf(date)}, when ${what}.`,
        date,
    };
}

/** Read by `DigiCertReissue.get`: the stack does nothing about it. */
function watched(state: ReissueState, now: Date): Told {
    const { issued, status } = state;
    const elsewhere = "where the order is managed; this stack only reads it";
    if (status === "revoked" || !issued || Date.parse(issued.validTill) <= now.getTime()) {
        return { kind: "repair", urgency: "critical", sentence: `Get a new certificate ${elsewhere}.` };
    }
    const date = windowOf(state, issued).due ?? issued.validTill;
    if (isDue(state, issued, now)) {
        const sentence = `See to its reissue ${elsewhere}. ${ending(issued, now)}`;
        return { kind: "repair", urgency: "person", sentence, date: issued.validTill };
    }
    return {
        kind: "wait",
        urgency: isWithin(AHEAD_DAYS, date, now) ? "soon" : "quiet",
        sentence: `Nothing until ${dayOf(date)}, when its reissue is due ${elsewhere}.`,
        date,
    };
}

function ending(issued: Issued | undefined, now: Date): string {
    if (!issued) return "";
    const day = dayOf(issued.validTill);
    const left = daysUntil(issued.validTill, now);
    if (Date.parse(issued.validTill) <= now.getTime()) return `The certificate expired on ${day}.`;
    return `The certificate ends on ${day}, in ${left === 1 ? "1 day" : `${left} days`}.`;
}

/** The day of an instant, UTC, as `2026-03-01`. */
export function dayOf(instant: string): string {
    return new Date(instant).toISOString().slice(0, 10);
}
