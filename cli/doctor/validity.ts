/**
 * Checks when the certificate and the plan end, and whether a reissue is due with the default limits.
 *
 * @module
 */
import type { Order } from "../../provider/core/certcentral/answers.js";
import { closedReasonOf } from "../../provider/core/order/status.js";
import { quote } from "../../provider/core/quote.js";
import {
    daysUntil,
    failLimit,
    hasFewerDays,
    hasPlanEnded,
    planOutlives,
    reissueLimit,
    roundDays,
} from "../../provider/core/reissue/plan/validity.js";
import type { Finding, Level } from "./finding.js";
import { describeNewOrder } from "./reissue.js";

/** Checks the end of the plan. */
export function checkPlan({ order_valid_till: end }: Order, now: Date): Finding {
    const check = "plan";
    if (end === undefined) return { check, level: "unknown", text: "DigiCert reports no end of the plan" };
    // The status says the same, and what to do.
    if (hasPlanEnded(end, now)) return { check, level: "info", text: `ended on ${end}` };
    return { check, level: "ok", text: `ends on ${end}, ${describeDays(daysUntil(end, now))}` };
}

/** The result of {@link checkValidity}. */
export interface ValidityCheck {
    /** Whether `pulumi up` would reissue the certificate because of its age alone. */
    readonly isDue: boolean;
    readonly findings: readonly Finding[];
}

/** Checks the days left, and what `pulumi up` does because of them. */
export function checkValidity(order: Order, now: Date): ValidityCheck {
    const { id, valid_from: validFrom, valid_till: validTill } = order.certificate;
    if (id === undefined || !isDate(validFrom) || !isDate(validTill)) {
        const text = "DigiCert reports no certificate with its dates";
        return { isDue: false, findings: [{ check: "validity", level: "unknown", text }] };
    }
    const days = daysUntil(validTill, now);
    const validity: Finding =
        days < 0
            ? {
                  check: "validity",
                  level: "attention",
                  text: `certificate ${id} expired on ${quote(validTill)}`,
              }
            : {
                  check: "validity",
                  level: "ok",
                  text: `certificate ${id} ends on ${quote(validTill)}, ${describeDays(days)}`,
              };
    const { isDue, finding } = checkDue(order, { validFrom, validTill }, now);
    const limit = failLimit({}, { validFrom, validTill });
    const deadline: Finding[] = hasFewerDays(limit, validTill, now)
        ? [
              {
                  check: "deadline",
                  level: "attention",
                  text: `fewer than ${roundDays(limit)} days are left (failDaysRemaining): pulumi up fails until a new certificate is issued`,
              },
          ]
        : [];
    return { isDue, findings: [validity, finding, ...deadline] };
}

function checkDue(
    order: Order,
    dates: { readonly validFrom: string; readonly validTill: string },
    now: Date,
): { isDue: boolean; finding: Finding } {
    const finding = (level: Level, text: string): Finding => ({ check: "due", level, text });
    const limit = reissueLimit({}, dates).days;
    // An order that has ended is reported by the check of the status.
    if (closedReasonOf(order, now) !== undefined || !hasFewerDays(limit, dates.validTill, now)) {
        return {
            isDue: false,
            finding: finding("ok", `no reissue is due (minDaysRemaining ${roundDays(limit)})`),
        };
    }
    const days = daysUntil(dates.validTill, now);
    const what = days < 0 ? "the certificate expired" : `${days} days are left (limit ${roundDays(limit)})`;
    if (planOutlives({ orderValidTill: order.order_valid_till }, dates.validTill)) {
        return {
            isDue: true,
            finding: finding("info", `${what}: the next pulumi up reissues the certificate`),
        };
    }
    const why =
        order.order_valid_till === undefined
            ? "the end of the plan is unknown"
            : "the plan ends with the certificate";
    return {
        isDue: false,
        finding: finding(
            "attention",
            `${what}, and ${why}, so no reissue lasts longer. ${describeNewOrder(order)}`,
        ),
    };
}

function isDate(text: string | undefined): text is string {
    return text !== undefined && !Number.isNaN(Date.parse(text));
}

function describeDays(days: number): string {
    return days === 1 ? "in 1 day" : `in ${days} days`;
}
