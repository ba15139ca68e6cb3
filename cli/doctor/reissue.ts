/**
 * Whether the order allows a reissue, and what one would wait for.
 *
 * @module
 */
import type { Order } from "../../provider/core/certcentral/answers.js";
import { quote } from "../../provider/core/quote.js";
import { PENDING, REISSUABLE, UNISSUED } from "../../provider/core/order/status.js";
import { endOf } from "../../provider/core/reissue/preflight.js";
import type { MayApprove } from "./account.js";
import type { NeedsDcv } from "./domains.js";
import type { Finding, Level } from "./finding.js";

/** The state of the order. */
export function stateFinding(order: Order, now: Date): Finding {
    const status = quote(order.status);
    const end = endOf(order, now);
    const judged = (level: Level, text: string): Finding => ({ check: "state", level, text });
    if (end !== undefined) {
        return judged(
            "attention",
            `the order ${end}: it allows no reissue. Place a new order in CertCentral and set its id as orderId.`,
        );
    }
    if (order.certificate.status === "revoked") {
        return judged(
            "attention",
            `${status}, but its certificate is revoked: the first pulumi up that sees it (pulumi refresh) reissues it`,
        );
    }
    if (order.status === PENDING) return judged("ok", `${status}: a reissue is not issued yet`);
    if (REISSUABLE.has(order.status)) return judged("ok", status);
    if (UNISSUED.has(order.status)) {
        return judged(
            "attention",
            `${status}: it was not issued yet, so there is nothing to reissue. Settle that in CertCentral.`,
        );
    }
    return judged(
        "attention",
        `"${status}", which this version does not know: it asks for no reissue. Look at the order in CertCentral, and upgrade pulumi-digicert.`,
    );
}

interface Known {
    readonly mayApprove: MayApprove;
    readonly needsDcv: NeedsDcv;
    readonly now: Date;
}

/** What would become of a reissue that is asked for now, as far as reads can tell. */
export function forecastFinding(order: Order, { mayApprove, needsDcv, now }: Known): Finding {
    const check = "reissue";
    if (order.status === PENDING) {
        return { check, level: "info", text: "none can be asked for while one is pending" };
    }
    if (endOf(order, now) !== undefined || !REISSUABLE.has(order.status)) {
        return { check, level: "info", text: "none can be asked for in this state" };
    }
    const isKnown = mayApprove !== undefined && needsDcv !== undefined;
    const text = `${approval(mayApprove)}; ${validation(needsDcv)}${organization(order)}`;
    return { check, level: isKnown ? "info" : "unknown", text };
}

function approval(mayApprove: MayApprove): string {
    switch (mayApprove) {
        case true:
            return "needs no approval with skipApproval: true; without it a setting of the account decides, which cannot be read";
        case false:
            return "waits for an approver";
        case undefined:
            return "whether it waits for an approver is not known";
    }
}

function validation(needsDcv: NeedsDcv): string {
    switch (needsDcv) {
        case true:
            return "asks for a proof of control over domains (DCV)";
        case false:
            return "needs no proof of control over domains";
        case undefined:
            return "whether it asks for a proof of control over domains (DCV) is not known";
    }
}

/** Of what is not a DV order. */
function organization({ product }: Order): string {
    return product?.validation_type?.toLowerCase() === "dv"
        ? ""
        : "; whether the validation of the organization is current is not read";
}
