/**
 * What has to happen next with an order, and who does it: the plan of the next `up`, told for a person.
 *
 * @module
 */
import {
    failLimit,
    isDue,
    isWithin,
    planEnded,
    reissueExtends,
    reissueLimit,
} from "../../provider/core/reissue/plan/validity.js";
import { plan, type Plan } from "../../provider/core/reissue/plan/plan.js";
import { inputsOf, type Asked, type Issued, type ReissueState } from "../../provider/core/reissue/state.js";

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
    /** What to do, as a sentence without its full stop. */
    readonly action: string;
    /** Why, and what comes after it; sentences. */
    readonly why: string;
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
    const step = state.asked ? open(state, state.asked, decided) : settled(state, decided, now);
    return {
        ...step,
        urgency: decided.deadline === undefined ? step.urgency : "critical",
        date: step.date ?? state.issued?.validTill,
        up: [...decided.reasons, ...decided.warnings],
    };
}

type Told = Omit<Step, "up">;

/** A reissue was asked for and is not settled. */
function open({ status, requestIds, dcvRandomValue }: ReissueState, asked: Asked, { reasons }: Plan): Told {
    const since = dayOf(asked.at);
    const again: Pick<Told, "kind" | "urgency" | "action"> = {
        kind: "up",
        urgency: "up",
        action: "Run pulumi up",
    };
    switch (status) {
        case "rejected":
            return {
                kind: "change",
                urgency: "critical",
                action: "Change the program, or set a trigger to ask again",
                why: `The reissue of ${since} was rejected; pulumi up fails until then.`,
            };
        case "pending_approval":
            return {
                kind: "approve",
                urgency: "person",
                action: `Approve ${requestIds.length > 0 ? `request ${requestIds.join(", ")}` : "the reissue"} in CertCentral`,
                why: `Open since ${since}. Then run pulumi up.`,
            };
        case "pending_issuance":
            if (dcvRandomValue === undefined) {
                return { ...again, why: `DigiCert validates the reissue of ${since}; this looks again.` };
            }
            return {
                kind: "publish",
                urgency: "person",
                action: `Publish ${dcvRandomValue} for domain validation`,
                why: `DigiCert waits for this token since ${since}. Then run pulumi up.`,
            };
        case "unknown":
            return {
                ...again,
                why: `The answer to the reissue of ${since} was lost; this looks what became of it.`,
            };
        case "issued":
        case "revoked":
        case "expired":
            return { ...again, why: reasons.join(" ") };
    }
}

function settled(state: ReissueState, { kind, cause }: Plan, now: Date): Told {
    const { issued, orderEnd, orderValidTill } = state;
    const isBroken = isUseless(state, now);
    const end = orderEnd ?? (planEnded(orderValidTill, now) ? `ended on ${orderValidTill}` : undefined);
    if (end !== undefined) {
        const why = `The order ${end}, so it allows no reissue.`;
        return { kind: "renew", urgency: isBroken ? "critical" : "person", action: NEW_ORDER, why };
    }
    if (kind === "reissue") {
        const urgency = cause !== "program" && isBroken ? "critical" : "up";
        return { kind: "up", urgency, action: "Run pulumi up", why: whyReissue(state, cause, now) };
    }
    if (!issued) {
        return { kind: "up", urgency: "up", action: "Run pulumi up", why: "There is no certificate yet." };
    }
    if (!isDue(state, issued, now) && kind !== "fail") return ahead(state, issued, now);
    const urgency = isBroken ? "critical" : "person";
    if (!reissueExtends(state, issued.validTill)) {
        const why = `The plan ${endOfPlan(state)}, so no reissue lasts longer.`;
        return { kind: "renew", urgency, action: NEW_ORDER, why };
    }
    const why = "minDaysRemaining keeps pulumi up from a reissue.";
    return { kind: "change", urgency, action: "Set a trigger to reissue it, or raise minDaysRemaining", why };
}

const NEW_ORDER = "Place a new order and set its id as orderId";

function whyReissue(state: ReissueState, cause: Plan["cause"], now: Date): string {
    const { issued, certificateId } = state;
    if (cause === "revoked") {
        return `Certificate ${issued?.certificateId ?? certificateId ?? ""} was revoked; this asks for another.`;
    }
    if (cause !== "due" || !issued) return "DigiCert did not accept the last reissue; this asks again.";
    if (isUseless(state, now))
        return `The certificate expired on ${dayOf(issued.validTill)}; this asks for another.`;
    return `The reissue is due since ${dayOf(windowOf(state, issued).due ?? issued.validTill)}.`;
}

/** Nothing is due: what comes, and when. */
function ahead(state: ReissueState, issued: Issued, now: Date): Told {
    const { due } = windowOf(state, issued);
    const date = due ?? issued.validTill;
    const then =
        due === undefined
            ? "the certificate ends; minDaysRemaining keeps pulumi up from a reissue"
            : reissueExtends(state, issued.validTill)
              ? "pulumi up reissues it"
              : `a new order is needed: the plan ${endOfPlan(state)}`;
    const isSoon = isWithin(AHEAD_DAYS, date, now);
    const age = now.getTime() - Date.parse(issued.validFrom);
    if (!isSoon && age >= 0 && age < NEW_DAYS * DAY) {
        return {
            kind: "deploy",
            urgency: "soon",
            action: `Check that certificate ${issued.certificateId} is deployed`,
            why: `It is new since ${dayOf(issued.validFrom)}. On ${dayOf(date)} ${then}.`,
            date: issued.validFrom,
        };
    }
    return {
        kind: "wait",
        urgency: isSoon ? "soon" : "quiet",
        action: `Nothing until ${dayOf(date)}`,
        why: `Then ${then}.`,
        date,
    };
}

/** Read by `DigiCertReissue.get`: the stack does nothing about it. */
function watched(state: ReissueState, now: Date): Told {
    const { issued } = state;
    const why = "This stack only reads the order; see to it where it is managed.";
    if (!issued || isUseless(state, now)) {
        return { kind: "repair", urgency: "critical", action: "Get a new certificate", why };
    }
    const date = windowOf(state, issued).due ?? issued.validTill;
    if (isDue(state, issued, now)) {
        const action = `Reissue it: due since ${dayOf(date)}`;
        return { kind: "repair", urgency: "person", action, why, date: issued.validTill };
    }
    const urgency = isWithin(AHEAD_DAYS, date, now) ? "soon" : "quiet";
    return { kind: "wait", urgency, action: `Nothing until ${dayOf(date)}`, why, date };
}

/** Revoked, expired or absent: what is deployed does not work. */
function isUseless({ status, issued }: ReissueState, now: Date): boolean {
    return status === "revoked" || !issued || Date.parse(issued.validTill) <= now.getTime();
}

function endOfPlan({ orderValidTill }: ReissueState): string {
    return orderValidTill === undefined ? "tells no end" : `ends on ${dayOf(orderValidTill)}`;
}

/** The day of an instant, UTC, as `2026-03-01`. */
export function dayOf(instant: string): string {
    return new Date(instant).toISOString().slice(0, 10);
}
