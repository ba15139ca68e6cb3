/**
 * Determines the next step for an order, and whether a person or the next `pulumi up` takes it.
 *
 * @module
 */
import { recordedClosedReason } from "../../provider/core/reissue/plan/due.js";
import { plan, type ReissuePlan } from "../../provider/core/reissue/plan/plan.js";
import {
    failLimit,
    isDue,
    hasFewerDays,
    planOutlives,
    reissueLimit,
} from "../../provider/core/reissue/plan/validity.js";
import {
    inputsOf,
    type LastIssued,
    type PendingRequest,
    type ReissueState,
} from "../../provider/core/reissue/state.js";

const DAY = 86_400_000;
/** Days before a step in which it is announced. */
const AHEAD_DAYS = 30;
/** Days for which a certificate counts as new; the state does not show whether it is deployed. */
const NEW_DAYS = 7;

/**
 * How urgent the next step is, the most urgent first.
 *
 * - `critical`: a certificate is revoked, expired or rejected, or about to expire without a new one
 * - `person`: `pulumi up` cannot take the step
 * - `up`: the next `pulumi up` takes it
 * - `soon`: it comes within 30 days
 * - `quiet`: nothing to do yet
 */
export const URGENCIES = ["critical", "person", "up", "soon", "quiet"] as const;

/** One of {@link URGENCIES}. */
export type Urgency = (typeof URGENCIES)[number];

/** The kind of a step. */
export type StepKind = "approve" | "publish" | "renew" | "change" | "up" | "deploy" | "wait" | "repair";

/** The next step. */
export interface Step {
    readonly kind: StepKind;
    readonly urgency: Urgency;
    /** The step, short, without a full stop. */
    readonly action: string;
    /** The reason of the step, and what follows it; sentences. */
    readonly why: string;
    /** ISO 8601: the last day for the step; for a step in the future, its first day. */
    readonly date?: string | undefined;
    /** The lines that the next `pulumi up` of an unchanged program would print. */
    readonly up: readonly string[];
}

/** The days on which the next step for a certificate changes, ISO 8601. */
export interface CertificateDeadlines {
    /** First day on which `pulumi up` requests a reissue, if the plan lasts longer; absent if never. */
    readonly due?: string | undefined;
    /** First day on which `pulumi up` fails unless a new certificate is issued; absent if never. */
    readonly fail?: string | undefined;
}

/** Computes when the reissue of a certificate is due, and when `pulumi up` begins to fail without it. */
export function computeDeadlines(state: ReissueState, issued: LastIssued): CertificateDeadlines {
    const before = (days: number): string | undefined =>
        days < 0 ? undefined : new Date(Date.parse(issued.validTill) - days * DAY).toISOString();
    return { due: before(reissueLimit(state, issued).days), fail: before(failLimit(state, issued)) };
}

/**
 * Determines the next step for an unchanged program.
 *
 * @param isManaged - whether the stack manages the order; false if it only reads the order
 */
export function nextStep(state: ReissueState, isManaged: boolean, now: Date): Step {
    if (!isManaged) return { ...stepOutsideStack(state, now), up: [] };
    const next = plan(state, inputsOf(state), now);
    const step = state.asked
        ? stepForPending(state, state.asked, next)
        : stepForCertificate(state, next, now);
    return {
        ...step,
        urgency: next.deadline === undefined ? step.urgency : "critical",
        date: step.date ?? state.issued?.validTill,
        up: [...next.reasons, ...next.warnings],
    };
}

type PlainStep = Omit<Step, "up">;
type Action = Pick<PlainStep, "kind" | "urgency" | "action">;

const RUN_UP: Action = { kind: "up", urgency: "up", action: "Run pulumi up" };

/** Determines the next step of a pending reissue. */
function stepForPending(
    { status, requestIds, dcvRandomValue }: ReissueState,
    asked: PendingRequest,
    next: ReissuePlan,
): PlainStep {
    const day = dayOf(asked.at);
    switch (status) {
        case "rejected":
            return {
                kind: "change",
                urgency: "critical",
                action: "Change the program, or set a trigger",
                why: `The reissue of ${day} was rejected. pulumi up fails until the program requests another one.`,
            };
        case "pending_approval":
            return {
                kind: "approve",
                urgency: "person",
                action: `Approve ${requestIds.length > 0 ? `request ${requestIds.join(", ")}` : "the reissue"} in CertCentral`,
                why: `Requested on ${day}. Then run pulumi up.`,
            };
        case "pending_issuance":
            if (dcvRandomValue === undefined) {
                return { ...RUN_UP, why: `DigiCert validates the reissue of ${day}; pulumi up collects it.` };
            }
            return {
                kind: "publish",
                urgency: "person",
                action: "Publish the domain validation token",
                why: `DigiCert waits for ${dcvRandomValue} since ${day}. Then run pulumi up.`,
            };
        case "unknown":
            return {
                ...RUN_UP,
                why: `The answer to the reissue of ${day} was lost; pulumi up searches the order for the reissue.`,
            };
        case "issued":
        case "revoked":
        case "expired":
            return { ...RUN_UP, why: next.reasons.join(" ") };
    }
}

/** Determines the next step if no reissue is pending. */
function stepForCertificate(state: ReissueState, { kind, cause }: ReissuePlan, now: Date): PlainStep {
    const { issued } = state;
    const isBroken = isUnusable(state, now);
    const closed = recordedClosedReason(state, now);
    if (closed !== undefined) {
        const why = `The order ${closed}, and allows no reissue.`;
        return {
            kind: "renew",
            urgency: isBroken ? "critical" : "person",
            action: newOrderAction(state),
            why,
        };
    }
    if (kind === "reissue") {
        const urgency = cause !== "program" && isBroken ? "critical" : "up";
        return { ...RUN_UP, urgency, why: whyReissue(state, cause, now) };
    }
    if (kind === "refuse") {
        return {
            kind: "change",
            urgency: isBroken ? "critical" : "person",
            action: "List the names that would disappear, or permit it",
            why: "DigiCert did not accept the last reissue, and pulumi up refuses another one, because it removes names.",
        };
    }
    if (!issued) return { ...RUN_UP, why: "There is no certificate yet." };
    if (!isDue(state, issued, now) && kind !== "fail") return stepAhead(state, issued, now);
    const urgency = isBroken ? "critical" : "person";
    if (issued.endsNoLater === true || !planOutlives(state, issued.validTill)) {
        return { kind: "renew", urgency, action: newOrderAction(state), why: whyNoReissue(state) };
    }
    const action = "Set a trigger, or raise minDaysRemaining";
    return { kind: "change", urgency, action, why: "minDaysRemaining keeps pulumi up from a reissue." };
}

function newOrderAction({ renewedOrderId }: ReissueState): string {
    return renewedOrderId === undefined
        ? "Place a new order, and use its id"
        : `Use order ${renewedOrderId}, which renewed this one`;
}

function whyNoReissue({ orderValidTill, issued }: ReissueState): string {
    if (issued?.endsNoLater === true)
        return "The last reissue did not prolong the certificate, so another one would not.";
    return orderValidTill === undefined
        ? "The end of the plan is unknown, so pulumi up requests no reissue."
        : `The plan ends on ${dayOf(orderValidTill)}, so no reissue lasts longer.`;
}

function whyReissue(state: ReissueState, cause: ReissuePlan["cause"], now: Date): string {
    const { issued, certificateId } = state;
    if (cause === "revoked")
        return `Certificate ${issued?.certificateId ?? certificateId ?? ""} was revoked.`;
    if (state.status === "unknown" || cause !== "due" || !issued)
        return "DigiCert did not accept the last reissue; pulumi up requests it again.";
    if (isUnusable(state, now)) return `The certificate expired on ${dayOf(issued.validTill)}.`;
    return `Reissue due since ${dayOf(computeDeadlines(state, issued).due ?? issued.validTill)}.`;
}

/** Determines the next step if nothing is due. */
function stepAhead(state: ReissueState, issued: LastIssued, now: Date): PlainStep {
    const { due } = computeDeadlines(state, issued);
    const date = due ?? issued.validTill;
    const coming = stepOn(date, due !== undefined, state, issued);
    const isSoon = hasFewerDays(AHEAD_DAYS, date, now);
    const age = now.getTime() - Date.parse(issued.validFrom);
    if (!isSoon && age >= 0 && age < NEW_DAYS * DAY) {
        return {
            kind: "deploy",
            urgency: "soon",
            action: `Certificate ${issued.certificateId} is new`,
            why: `Issued on ${dayOf(issued.validFrom)}; check that it is deployed. ${coming.action}.`,
            date: issued.validFrom,
        };
    }
    return { kind: "wait", urgency: isSoon ? "soon" : "quiet", ...coming, date };
}

function stepOn(
    date: string,
    isReissue: boolean,
    state: ReissueState,
    issued: LastIssued,
): { readonly action: string; readonly why: string } {
    const day = dayOf(date);
    if (!isReissue) {
        return {
            action: `Certificate ends on ${day}`,
            why: "minDaysRemaining keeps pulumi up from a reissue.",
        };
    }
    if (issued.endsNoLater !== true && planOutlives(state, issued.validTill)) {
        return { action: `Reissue due on ${day}`, why: "From then on pulumi up requests it." };
    }
    const { renewedOrderId } = state;
    const renewal = renewedOrderId === undefined ? "" : ` Order ${renewedOrderId} renewed it.`;
    return { action: `New order needed by ${day}`, why: `${whyNoReissue(state)}${renewal}` };
}

/** Determines the next step for an order that `DigiCertReissue.get` reads; the stack does not change it. */
function stepOutsideStack(state: ReissueState, now: Date): PlainStep {
    const { issued } = state;
    const why = "This stack only reads the order; another stack or a person manages it.";
    if (!issued || isUnusable(state, now)) {
        return { kind: "repair", urgency: "critical", action: "Get a new certificate", why };
    }
    const date = computeDeadlines(state, issued).due ?? issued.validTill;
    if (isDue(state, issued, now)) {
        const action = `Reissue it, due since ${dayOf(date)}`;
        return { kind: "repair", urgency: "person", action, why, date: issued.validTill };
    }
    const urgency = hasFewerDays(AHEAD_DAYS, date, now) ? "soon" : "quiet";
    return { kind: "wait", urgency, action: `Reissue due on ${dayOf(date)}`, why, date };
}

/** Whether the certificate is revoked, expired or absent. */
function isUnusable({ status, issued }: ReissueState, now: Date): boolean {
    return status === "revoked" || !issued || Date.parse(issued.validTill) <= now.getTime();
}

/** The day of an instant, UTC, as `2026-03-01`. */
export function dayOf(instant: string): string {
    return new Date(instant).toISOString().slice(0, 10);
}
