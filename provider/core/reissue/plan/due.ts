/**
 * Decides whether a reissue is due: because the certificate expires or was revoked, while the program is unchanged.
 *
 * @module
 */
import type { LastIssued, ReissueInputs, ReissueState } from "../state.js";
import {
    daysUntil,
    failLimit,
    hasPlanEnded,
    hasFewerDays,
    planOutlives,
    reissueLimit,
    roundDays,
} from "./validity.js";

/** The decision about a certificate that was revoked, has expired, or has few days left. */
export type DuePlan =
    | { kind: "nothing"; warnings: string[] }
    | { kind: "reissue"; cause: "due" | "revoked"; reasons: string[] };

/** The members of a certificate that its expiry depends on. */
type Dated = Pick<LastIssued, "certificateId" | "validFrom" | "validTill" | "endsNoLater">;

/** The members of a state that {@link duePlan} depends on. */
export type DueState = Pick<
    ReissueState,
    "status" | "certificateId" | "orderValidTill" | "orderEnd" | "renewedOrderId"
> & {
    issued?: Dated | undefined;
};

/** Whether an unchanged program needs a reissue: the certificate was revoked, has expired, or has few days left. */
export function duePlan(
    old: DueState,
    inputs: Pick<ReissueInputs, "minDaysRemaining">,
    now: Date,
    order: string,
): DuePlan {
    const need = findNeed(old, inputs, now);
    const closed = recordedClosedReason(old, now);
    const nothing = (what: string): DuePlan => ({
        kind: "nothing",
        warnings: [`${order}: ${what}. ${renewalAdvice(old)}`],
    });
    if (closed !== undefined) {
        return nothing(`${need ? `${need.what}, but ` : ""}the order ${closed}, so it allows no reissue`);
    }
    if (!need) return { kind: "nothing", warnings: [] };
    const reissue: DuePlan = {
        kind: "reissue",
        cause: need.cause,
        reasons: [`${order}: reissue, ${need.what}`],
    };
    if (need.cause === "revoked" || !old.issued) return reissue;
    if (old.issued.endsNoLater === true) {
        return nothing(
            `${need.what}, but it was reissued for that reason before and ends no later than the certificate before it, ` +
                "so another reissue would not prolong it either",
        );
    }
    if (old.status === "expired" || planOutlives(old, old.issued.validTill)) return reissue;
    const plan =
        old.orderValidTill === undefined ? "tells no end of its plan" : `ends on ${old.orderValidTill}`;
    return nothing(`${need.what}, but the order ${plan}, so a reissue would not be valid for longer`);
}

/** The reason why the order allows no further reissue, in words that follow "the order"; undefined if it allows one. */
export function recordedClosedReason(
    { orderEnd, orderValidTill }: Pick<ReissueState, "orderEnd" | "orderValidTill">,
    now: Date,
): string | undefined {
    return orderEnd ?? (hasPlanEnded(orderValidTill, now) ? `ended on ${orderValidTill}` : undefined);
}

/** Makes the advice about an order that has ended; names the order that renewed it, if there is one. */
export function renewalAdvice({ renewedOrderId }: Pick<ReissueState, "renewedOrderId">): string {
    return renewedOrderId === undefined
        ? "A new order is needed: renew it in CertCentral and set the new order's id as orderId."
        : `A new order is needed, and there is one: order ${renewedOrderId} renewed it; set that id as orderId.`;
}

/** Describes why the certificate in use must be replaced, in words that follow "reissue,". */
function findNeed(
    { issued, status, certificateId }: DueState,
    inputs: Pick<ReissueInputs, "minDaysRemaining">,
    now: Date,
): { cause: "due" | "revoked"; what: string } | undefined {
    const id = issued?.certificateId ?? certificateId;
    if (status === "revoked") return { cause: "revoked", what: `certificate ${id} was revoked` };
    if (status === "expired") {
        const when = issued ? ` on ${issued.validTill}` : "";
        return { cause: "due", what: `certificate ${id} expired${when}` };
    }
    if (!issued) return undefined;
    const { validTill } = issued;
    const limit = reissueLimit(inputs, issued).days;
    if (!hasFewerDays(limit, validTill, now)) return undefined;
    const what =
        Date.parse(validTill) <= now.getTime()
            ? `certificate ${id} expired on ${validTill}`
            : `certificate expires in ${daysUntil(validTill, now)} days (limit ${roundDays(limit)})`;
    return { cause: "due", what };
}

/** The certificate in use: the last certificate issued for the stack, or else the order's certificate before the POST. */
export function certificateInUse({
    issued,
    asked,
}: Pick<ReissueState, "issued" | "asked">): Dated | undefined {
    const { certificateId, validFrom, validTill } = asked?.inUse ?? {};
    const isKnown = certificateId !== undefined && validFrom !== undefined && validTill !== undefined;
    return issued ?? (isKnown ? { certificateId, validFrom, validTill } : undefined);
}

/**
 * Makes the text of the error if the certificate in use has expired, or has fewer days left than `failDaysRemaining`, and its
 * successor is not issued; undefined otherwise.
 *
 * @param order - the beginning of the sentence, such as "order 112233"
 */
export function expiryFailure(
    certificate: Dated | undefined,
    inputs: Pick<ReissueInputs, "failDaysRemaining" | "minDaysRemaining">,
    now: Date,
    order: string,
): string | undefined {
    if (!certificate) return undefined;
    const limit = failLimit(inputs, certificate);
    const { certificateId, validTill } = certificate;
    if (!hasFewerDays(limit, validTill, now)) return undefined;
    const when = Date.parse(validTill) <= now.getTime() ? "expired" : "expires";
    const { days, clampedFrom } = reissueLimit(inputs, certificate);
    const late =
        days < limit && clampedFrom === undefined && certificate.endsNoLater !== true
            ? `; minDaysRemaining requests a reissue ${days < 0 ? "never" : `only below ${roundDays(days)} days`}, so raise it`
            : "";
    return (
        `${order}: certificate ${certificateId} ${when} on ${validTill}, fewer than ${roundDays(limit)} days ` +
        `(failDaysRemaining) are left, and its successor is not issued${late}`
    );
}

/** Makes the warning if `minDaysRemaining` is more than half the certificate's lifetime. */
export function clampWarning(
    { issued }: Pick<ReissueState, "issued">,
    inputs: Pick<ReissueInputs, "minDaysRemaining">,
    order: string,
): string[] {
    if (!issued) return [];
    const { days, clampedFrom } = reissueLimit(inputs, issued);
    if (clampedFrom === undefined) return [];
    return [
        `${order}: minDaysRemaining ${clampedFrom} is more than half the certificate's lifetime; ${roundDays(days)} is used`,
    ];
}
