import { type Account } from "./account.js";
import { accessDenied, badRequest } from "./apiError.js";
import { advance } from "./issuance.js";
import {
    type CertificateRecord,
    dcvMethodOf,
    type OrderRecord,
    type Origin,
    pendingReissue,
    type RequestRecord,
    requestOf,
    type RequestedCertificate,
} from "./model.js";
import { type DcvMethod } from "./policy.js";
import { outstandingDomains } from "./validation.js";

/** Options of a reissue. */
export interface Submission {
    origin: Exclude<Origin, "order">;
    requested: RequestedCertificate;
    comments: string | undefined;
    skipApproval: boolean;
    dcvMethod?: DcvMethod | undefined;
}

/** Makes the record of a certificate that is not issued and not added to its order yet. */
export function newCertificate(
    account: Account,
    order: Pick<OrderRecord, "id">,
    origin: Origin,
    requested: RequestedCertificate,
    dateCreated = account.now(),
): CertificateRecord {
    const certificate: CertificateRecord = {
        id: account.nextId("certificate"),
        orderId: order.id,
        origin,
        requested,
        dateCreated,
        status: "pending",
        awaitsApproval: false,
        validatedDomains: new Set(),
        validationRequestedAt: undefined,
        polledAt: undefined,
        validatedAt: undefined,
        dateIssued: undefined,
        leaf: undefined,
        revocationDueAt: undefined,
        revokedAt: undefined,
    };
    account.certificates.set(certificate.id, certificate);
    return certificate;
}

/** Adds a pending request to an order. */
export function addRequest(
    account: Account,
    order: OrderRecord,
    made: Pick<RequestRecord, "type" | "certificateIds"> & Partial<RequestRecord>,
): RequestRecord {
    const request: RequestRecord = {
        comments: undefined,
        commentsVisible: true,
        skipped: false,
        wholeOrder: false,
        status: "pending",
        dateProcessed: undefined,
        processorComment: undefined,
        ...made,
        id: account.nextId("request"),
        orderId: order.id,
        date: account.now(),
    };
    order.requests.push(request);
    account.requests.set(request.id, request);
    return request;
}

/** Marks a request as processed. */
export function processRequest(
    account: Account,
    request: RequestRecord,
    status: "approved" | "rejected",
    comment: string | undefined,
): void {
    request.status = status;
    request.dateProcessed = account.now();
    request.processorComment = comment;
}

// Throws if the order allows no reissue now; returns the pending reissue if the new reissue replaces it.
function reissueToReplace(account: Account, order: OrderRecord): CertificateRecord | undefined {
    const pending = pendingReissue(order);
    // [?] The codes for a second reissue and for a wrong state are not documented.
    if (pending && account.settings.secondReissue === "reject") {
        throw badRequest("reissue_pending", `Order ${order.id} already has a pending reissue.`);
    }
    const status = account.statusWithoutReissue(order);
    if (status !== "issued" && status !== "approved") {
        throw badRequest("invalid_order_status", `Order ${order.id} is ${status} and cannot be reissued.`);
    }
    return pending;
}

/** Accepts a reissue, and issues it if it needs neither approval nor validation. */
export function submitReissue(
    account: Account,
    order: OrderRecord,
    submission: Submission,
): CertificateRecord {
    const { origin, requested, comments } = submission;
    const { policy } = order;
    if (origin === "api" && submission.skipApproval && !policy.skipApprovalAllowed) {
        throw accessDenied("missing_permission");
    }
    const pending = reissueToReplace(account, order);
    if (pending) rejectReissue(account, order, pending, "Replaced by a newer reissue request.");
    order.dcvMethod = submission.dcvMethod ?? order.dcvMethod;

    const certificate = newCertificate(account, order, origin, requested);
    order.certificates.push(certificate);
    const skipped = submission.skipApproval && policy.skipApprovalObeyed;
    certificate.awaitsApproval = !skipped && policy.approval === "required";
    if (policy.approval !== "none") {
        const request = addRequest(account, order, {
            type: "reissue",
            comments,
            commentsVisible: skipped ? policy.showCommentsOnSkipApproval : policy.showComments,
            skipped,
            status: policy.requestStatus,
            certificateIds: [certificate.id],
        });
        if (!certificate.awaitsApproval) processRequest(account, request, "approved", undefined);
    }
    prepareToken(account, order, certificate);
    account.reportChange(order);
    advance(account, order, certificate);
    return certificate;
}

// The token to publish, if the reissue needs a validation by token.
function prepareToken(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    if (dcvMethodOf(order) === "email" || outstandingDomains(account, order, certificate).length === 0)
        return;
    const hasDoneItsWork = order.dcvToken?.used === true || order.dcvToken?.publishedAt !== undefined;
    if (hasDoneItsWork && order.policy.newDcvToken) order.dcvToken = undefined;
    account.dcvToken(order);
}

/** Rejects a pending reissue; the order is `issued` again. */
export function rejectReissue(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
    comment: string | undefined,
): void {
    certificate.status = "rejected";
    const request = requestOf(order, certificate);
    if (request) processRequest(account, request, "rejected", comment);
    account.reportChange(order);
}
