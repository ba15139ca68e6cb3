/**
 * How long the certificate and its plan last, and whether a reissue is due under the default limits.
 *
 * @module
 */
import type { Order } from "../../provider/core/certcentral/answers.js";
import { daysUntil, planEnded } from "../../provider/core/reissue/plan/validity.js";
import { deadlineOf, duePlan, type DueState } from "../../provider/core/reissue/plan/due.js";
import { endOf } from "../../provider/core/reissue/preflight.js";
import type { Finding } from "./finding.js";

/** The end of the plan. */
export function planFinding({ order_valid_till: end }: Order, now: Date): Finding {
    const check = "plan";
    if (end === undefined) return { check, level: "unknown", text: "DigiCert tells no end of the plan" };
    if (planEnded(end, now)) return { check, level: "attention", text: `ended on ${end}` };
    return { check, level: "ok", text: `ends on ${end}, ${inDays(daysUntil(end, now))}` };
}

/** Days left, and what `pulumi up` would do because of the time alone, in the words in which it says so. */
export function validityFindings(
    order: Order,
    orderId: string,
    now: Date,
): { isDue: boolean; findings: Finding[] } {
    const { id, valid_from: validFrom, valid_till: validTill, status } = order.certificate;
    if (id === undefined || validFrom === undefined || validTill === undefined) {
        const text = "the order has no certificate whose dates DigiCert tells";
        return { isDue: false, findings: [{ check: "validity", level: "unknown", text }] };
    }
    const state: DueState = {
        status: status === "revoked" ? "revoked" : "issued",
        certificateId: id,
        issued: { certificateId: id, validFrom, validTill },
        orderValidTill: order.order_valid_till,
        orderEnd: endOf(order, now),
    };
    const left = daysUntil(validTill, now);
    const text =
        left < 0 ? `ended on ${validTill}` : `certificate ${id} ends on ${validTill}, ${inDays(left)}`;
    const validity: Finding = { check: "validity", level: left < 0 ? "attention" : "ok", text };
    const plan = duePlan(state, {}, now, `order ${orderId}`);
    const deadline = deadlineOf({ ...state, orderId }, {}, now);
    const late: Finding[] =
        deadline === undefined ? [] : [{ check: "due", level: "attention", text: deadline }];
    if (plan.kind === "reissue") {
        const due: Finding = { check: "due", level: "info", text: plan.reasons.join(" ") };
        return { isDue: true, findings: [validity, due, ...late] };
    }
    const warnings = plan.warnings.map((warning): Finding => ({
        check: "due",
        level: "attention",
        text: warning,
    }));
    const none: Finding = {
        check: "due",
        level: "ok",
        text: "no reissue is due under the default minDaysRemaining",
    };
    return { isDue: false, findings: [validity, ...(warnings.length > 0 ? warnings : [none]), ...late] };
}

function inDays(days: number): string {
    return days === 1 ? "in 1 day" : `in ${days} days`;
}
