import { type Account } from "./account.js";
import { accessDenied, badRequest } from "./apiError.js";
import { proceed } from "./issuance.js";
import {
    type CertificateRecord,
    dcvMethodOf,
    type OrderRecord,
    type Origin,
    pendingReissue,
    type RequestRecord,
    requestOf,
    type WantedCertificate,
} from "./model.js";
import { type OrderPolicy } from "./policy.js";

/** How a reissue is submitted. */
export interface Submission {
    origin: Exclude<Origin, "order">;
    wanted: WantedCertificate;
    comments: string | undefined;
    skipApproval: boolean;
    dcvMethod?: OrderPolicy["dcvMethod"] | undefined;
}

/** Adds a certificate, not issued yet, to an order. */
export function addCertificate(
    account: Account,
    order: { id: number; certificates: CertificateRecord[] },
    origin: Origin,
    wanted: WantedCertificate,
    dateCreated = account.now(),
): CertificateRecord {
    const certificate: CertificateRecord = {
        id: account.nextId("certificate"),
        orderId: order.id,
        origin,
        wanted,
        dateCreated,
        status: "pending",
        awaitsApproval: false,
        validatedAt: undefined,
        dateIssued: undefined,
        leaf: undefined,
        revocationDueAt: undefined,
        revokedAt: undefined,
    };
    order.certificates.push(certificate);
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

// Throws if the order takes no reissue now; gives back the pending one if the new one takes its place.
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

/** Takes a reissue, and issues it if nothing stands in the way. */
export function submitReissue(
    account: Account,
    order: OrderRecord,
    submission: Submission,
): CertificateRecord {
    const { origin, wanted, comments, skipApproval } = submission;
    if (origin === "api" && skipApproval && !order.policy.skipApprovalAllowed) {
        throw accessDenied("missing_permission");
    }
    const pending = reissueToReplace(account, order);
    if (pending) rejectReissue(account, order, pending, "Replaced by a newer reissue request.");
    order.dcvMethod = submission.dcvMethod ?? order.dcvMethod;

    const certificate = addCertificate(account, order, origin, wanted);
    const { showComments, showCommentsOnSkipApproval } = order.policy;
    const commentsVisible = skipApproval ? showCommentsOnSkipApproval : showComments;
    const request = addRequest(account, order, {
        type: "reissue",
        comments,
        commentsVisible,
        certificateIds: [certificate.id],
    });
    certificate.awaitsApproval = !skipApproval && order.policy.approval === "required";
    if (!certificate.awaitsApproval) processRequest(account, request, "approved", undefined);
    if (order.policy.domains === "unvalidated" && dcvMethodOf(order) !== "email") {
        if (order.dcvToken?.published) order.dcvToken = undefined; // it has done its work
        account.dcvToken(order);
    }
    account.changed(order);
    proceed(account, order, certificate);
    return certificate;
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
    account.changed(order);
}
