/**
 * Checks whether the order allows a reissue, and what it would wait for.
 *
 * @module
 */
import type { Order } from "../../provider/core/certcentral/answers.js";
import { closedReasonOf, REISSUE_PENDING, REISSUABLE, UNISSUED } from "../../provider/core/order/status.js";
import { quote } from "../../provider/core/quote.js";
import type { MayApprove } from "./account.js";
import type { NeedsValidation } from "./domains.js";
import type { Finding, Level } from "./finding.js";

/** Advice for an order that allows no further reissue, or whose plan ends with the certificate. */
export function describeNewOrder({ renewed_order_id: renewal }: Order): string {
    return renewal === undefined
        ? "Place a new order in CertCentral, and use its id as orderId."
        : `It was renewed as order ${renewal}: use that as orderId.`;
}

/** Checks the status of the order. */
export function checkStatus(order: Order, now: Date): Finding {
    const status = quote(order.status);
    const closed = closedReasonOf(order, now);
    const finding = (level: Level, text: string): Finding => ({ check: "status", level, text });
    if (closed !== undefined) {
        return finding("attention", `the order ${closed}, and allows no reissue. ${describeNewOrder(order)}`);
    }
    if (order.certificate.status === "revoked") {
        return finding(
            "attention",
            `${status}, but its certificate is revoked. Run pulumi refresh and pulumi up to reissue it.`,
        );
    }
    if (order.status === REISSUE_PENDING) return finding("ok", `${status}: a reissue is not issued yet`);
    if (REISSUABLE.has(order.status)) return finding("ok", status);
    if (UNISSUED.has(order.status)) {
        return finding(
            "attention",
            `${status}: no certificate was issued yet. CertCentral shows what the order waits for.`,
        );
    }
    return finding(
        "attention",
        `"${status}" is unknown to this version, which requests no reissue in this status. Check the order in CertCentral.`,
    );
}

/** Reports a renewal of an order that still allows a reissue. */
export function checkRenewal(order: Order, now: Date): Finding[] {
    if (order.renewed_order_id === undefined || closedReasonOf(order, now) !== undefined) return [];
    const text = `the order was renewed as order ${order.renewed_order_id}. Use that as orderId before the plan ends.`;
    return [{ check: "renewal", level: "info", text }];
}

/** Reports what a reissue needs, as far as the API exposes it. */
export function forecastReissue(
    order: Order,
    {
        mayApprove,
        needsValidation,
        now,
    }: { mayApprove: MayApprove; needsValidation: NeedsValidation; now: Date },
): Finding {
    const check = "reissue";
    if (order.status === REISSUE_PENDING) {
        return { check, level: "info", text: "not possible while another reissue is pending" };
    }
    if (closedReasonOf(order, now) !== undefined || !REISSUABLE.has(order.status)) {
        return { check, level: "info", text: "not possible in this status" };
    }
    const isDv = order.product?.validation_type?.toLowerCase() === "dv";
    const parts = [
        `approval: ${describeApproval(mayApprove)}`,
        `domain validation: ${needsValidation === undefined ? "unknown" : needsValidation ? "needed" : "not needed"}`,
        ...(isDv ? [] : ["organization validation: unknown"]),
    ];
    return { check, level: "info", text: parts.join("; ") };
}

function describeApproval(mayApprove: MayApprove): string {
    if (mayApprove === undefined) return "unknown";
    return mayApprove ? "not needed with skipApproval: true" : "needed";
}
