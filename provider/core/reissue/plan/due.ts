/**
 * What the time alone asks for: a reissue, a warning, or a failure.
 *
 * @module
 */
import type { Issued, ReissueInputs, ReissueState } from "../state.js";
import { daysUntil, failLimit, isWithin, planEnded, reissueExtends, reissueLimit } from "./validity.js";

/** What to do about a certificate that was revoked, or has few days left. */
export type DuePlan =
    | { kind: "nothing"; warnings: string[] }
    | { kind: "reissue"; cause: "due" | "revoked"; reasons: string[] };

/** What of a certificate the time is about. */
type Dated = Pick<Issued, "certificateId" | "validFrom" | "validTill">;

/** What of a state decides. */
export type DueState = Pick<ReissueState, "status" | "certificateId" | "orderValidTill" | "orderEnd"> & {
    issued?: Dated | undefined;
};

/** Whether an unchanged program needs a reissue: the certificate was revoked, or has few days left. */
export function duePlan(
    old: DueState,
    wanted: Pick<ReissueInputs, "minDaysRemaining">,
    now: Date,
    order: string,
): DuePlan {
    const need = needOf(old, wanted, now);
    const end =
        old.orderEnd ?? (planEnded(old.orderValidTill, now) ? `ended on ${old.orderValidTill}` : undefined);
    const renew = "Renew it: place a new order in CertCentral and set its id as orderId.";
    if (end !== undefined) {
        const what = need ? `${need.what}, but ` : "";
        return {
            kind: "nothing",
            warnings: [`${order}: ${what}the order ${end}, so it allows no reissue. ${renew}`],
        };
    }
    if (!need) return { kind: "nothing", warnings: [] };
    if (need.cause === "revoked" || (old.issued && reissueExtends(old, old.issued.validTill))) {
        return { kind: "reissue", cause: need.cause, reasons: [`${order}: reissue, ${need.what}`] };
    }
    const plan =
        old.orderValidTill === undefined ? "tells no end of its plan" : `ends on ${old.orderValidTill}`;
    const why = `the order ${plan}, so a reissue would not be valid for longer`;
    return { kind: "nothing", warnings: [`${order}: ${need.what}, but ${why}. ${renew}`] };
}

/** What is wrong with the certificate in use, in words that follow "reissue,". */
function needOf(
    { issued, status, certificateId }: DueState,
    wanted: Pick<ReissueInputs, "minDaysRemaining">,
    now: Date,
): { cause: "due" | "revoked"; what: string } | undefined {
    if (status === "revoked") {
        return {
            cause: "revoked",
            what: `certificate ${issued?.certificateId ?? certificateId} was revoked`,
        };
    }
    if (!issued) return undefined;
    const { certificateId: id, validTill } = issued;
    const limit = reissueLimit(wanted, issued).days;
    if (!isWithin(limit, validTill, now)) return undefined;
    const what =
        Date.parse(validTill) <= now.getTime()
            ? `certificate ${id} expired on ${validTill}`
            : `certificate expires in ${daysUntil(validTill, now)} days (limit ${round(limit)})`;
    return { cause: "due", what };
}

/** A sentence when the certificate in use is about to expire without a successor. */
export function deadlineOf(
    { issued, orderId }: Pick<ReissueState, "orderId"> & Pick<DueState, "issued">,
    wanted: Pick<ReissueInputs, "failDaysRemaining">,
    now: Date,
): string | undefined {
    if (!issued) return undefined;
    const limit = failLimit(wanted, issued);
    if (!isWithin(limit, issued.validTill, now)) return undefined;
    return (
        `order ${orderId}: certificate ${issued.certificateId} expires on ${issued.validTill}, fewer than ` +
        `${round(limit)} days (failDaysRemaining) are left, and its successor is not issued`
    );
}

/** A warning each time when `minDaysRemaining` is more than the certificate allows. */
export function clampWarning(old: ReissueState, wanted: ReissueInputs, order: string): string[] {
    if (!old.issued) return [];
    const { days, clampedFrom } = reissueLimit(wanted, old.issued);
    if (clampedFrom === undefined) return [];
    return [
        `${order}: minDaysRemaining ${clampedFrom} is more than half the certificate's lifetime; ${round(days)} is used`,
    ];
}

function round(days: number): number {
    return Math.round(days * 10) / 10;
}
