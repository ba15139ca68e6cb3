import { type Account } from "./account.js";
import { badRequest } from "./apiError.js";
import { issueDuplicate, advance, revoke } from "./issuance.js";
import { addRequest, processRequest, rejectReissue } from "./lifecycle.js";
import { type CertificateRecord, type OrderRecord, pendingReissue, type RequestRecord } from "./model.js";

function pendingRequest(request: RequestRecord): RequestRecord {
    // [?] The code for a request that was processed before is not documented.
    if (isOpen(request)) return request;
    throw badRequest("request_already_processed", `Request ${request.id} is already ${request.status}.`);
}

/** Whether a request waits for an approver. */
export function isOpen({ status }: RequestRecord): boolean {
    return status === "pending" || status === "submitted";
}

function certificatesOf(order: OrderRecord, request: RequestRecord): CertificateRecord[] {
    return [...order.certificates, ...order.duplicates].filter((one) =>
        request.certificateIds.includes(one.id),
    );
}

/** Approves a request: the reissue goes on, or the certificates are revoked. */
export function approveRequest(account: Account, request: RequestRecord, comment?: string): void {
    const order = account.order(request.orderId);
    if (pendingRequest(request).type === "revoke") refuseWhilePending(order);
    processRequest(account, request, "approved", comment);
    for (const certificate of certificatesOf(order, request)) {
        if (request.type === "revoke") revokeOnce(account, order, certificate);
        else if (request.type === "duplicate") issueDuplicate(account, order, certificate);
        else {
            certificate.awaitsApproval = false;
            advance(account, order, certificate);
        }
    }
    // Revoking a whole order ends it, revoking one certificate does not.
    if (request.wholeOrder) endOrder(account, order, "revoked");
}

/** Rejects a request. */
export function rejectRequest(account: Account, request: RequestRecord, comment?: string): void {
    const order = account.order(request.orderId);
    pendingRequest(request);
    if (request.type === "revoke") {
        processRequest(account, request, "rejected", comment);
        return;
    }
    if (request.type === "new_request") order.baseStatus = "rejected";
    for (const certificate of certificatesOf(order, request)) {
        rejectReissue(account, order, certificate, comment);
    }
}

function revokeOnce(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    if (certificate.status === "issued") revoke(account, order, certificate);
}

function refuseWhilePending(order: OrderRecord): void {
    if (!pendingReissue(order)) return;
    // [?] That it is refused is documented, the code is not.
    throw badRequest(
        "reissue_pending",
        `Order ${order.id} has a pending reissue: cancel it before revoking.`,
    );
}

/** Ends an order; if the order is revoked, so are its certificates. */
export function endOrder(account: Account, order: OrderRecord, status: "revoked" | "canceled"): void {
    order.baseStatus = status;
    for (const request of order.requests) {
        if (isOpen(request)) processRequest(account, request, "rejected", undefined);
    }
    for (const certificate of [...order.certificates, ...order.duplicates]) {
        if (certificate.status === "pending") certificate.status = "rejected";
        if (status === "revoked") revokeOnce(account, order, certificate);
    }
    account.reportChange(order);
}

/** Requests the revocation of one certificate or of the whole order; it is carried out at once if approval is skipped. */
export function requestRevocation(
    account: Account,
    order: OrderRecord,
    target: CertificateRecord | "order",
    comments: string | undefined,
    skipApproval: boolean,
): RequestRecord {
    refuseWhilePending(order);
    const issued = [...order.certificates, ...order.duplicates].filter((one) => one.status === "issued");
    const certificates = target === "order" ? issued : issued.filter((one) => one === target);
    if (target === "order" ? order.baseStatus !== "issued" : certificates.length === 0) {
        // [?] The code is not documented.
        throw badRequest("invalid_status", `There is nothing to revoke on order ${order.id}.`);
    }
    const request = addRequest(account, order, {
        type: "revoke",
        comments,
        status: order.policy.revocationStatus,
        wholeOrder: target === "order",
        certificateIds: certificates.map((one) => one.id),
    });
    if (skipApproval || order.policy.approval !== "required") approveRequest(account, request);
    return request;
}
