import { generateKeyPairSync } from "node:crypto";
import { type Account } from "./account.js";
import { accessDenied, badRequest } from "./apiError.js";
import { DAY, addDays, addYears, earliest, endOfDay, parseDate, startOfDay } from "./calendar.js";
import { parseCsr } from "./csr.js";
import {
    type CertificateRecord,
    isTls,
    isUnissued,
    type OrderRecord,
    type Origin,
    pendingReissue,
    type RequestRecord,
    requestOf,
    type WantedCertificate,
} from "./model.js";
import { canonicalName, removedNames, uniqueNames } from "./names.js";
import { organization } from "./organization.js";

/** DigiCert revokes the earlier certificates this long after one that drops a name. */
export const revocationDelay = 3 * DAY;

/** How a reissue is submitted. */
export interface Submission {
    origin: Exclude<Origin, "order">;
    wanted: WantedCertificate;
    comments: string | undefined;
    skipApproval: boolean;
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
export function process(
    account: Account,
    request: RequestRecord,
    status: "approved" | "rejected",
    comment: string | undefined,
): void {
    request.status = status;
    request.dateProcessed = account.now();
    request.processorComment = comment;
}

/** Takes a reissue, and issues it if nothing stands in the way. */
export function submitReissue(
    account: Account,
    order: OrderRecord,
    submission: Submission,
): CertificateRecord {
    const { origin, wanted, comments, skipApproval } = submission;
    if (origin === "api" && skipApproval && !order.policy.skipApprovalAllowed)
        throw accessDenied("missing_permission");
    const pending = pendingReissue(order);
    const replaces = pending && account.settings.secondReissue === "replace";
    const status = replaces && order.policy.orderStatus === undefined ? "issued" : account.statusOf(order);
    // [?] The codes for a second reissue and for a wrong state are not documented.
    if (status === "reissue_pending" || (pending && !replaces)) {
        throw badRequest("reissue_pending", `Order ${order.id} already has a pending reissue.`);
    }
    if (status !== "issued" && status !== "approved") {
        throw badRequest("invalid_order_status", `Order ${order.id} is ${status} and cannot be reissued.`);
    }
    if (pending) rejectReissue(account, order, pending, "Replaced by a newer reissue request.");

    const certificate = addCertificate(account, order, origin, wanted);
    const commentsVisible = !skipApproval || order.policy.showCommentsOnSkipApproval;
    const request = addRequest(account, order, {
        type: "reissue",
        comments,
        commentsVisible,
        certificateIds: [certificate.id],
    });
    certificate.awaitsApproval = !skipApproval && order.policy.approval === "required";
    if (!certificate.awaitsApproval) process(account, request, "approved", undefined);
    if (order.policy.domains === "unvalidated") account.dcvToken(order);
    account.changed(order);
    proceed(account, order, certificate);
    return certificate;
}

/** When a pending certificate is to be issued, as things stand; undefined while it waits for somebody. */
export function issuanceDueAt(order: OrderRecord, certificate: CertificateRecord): Date | undefined {
    if (certificate.awaitsApproval || !certificate.validatedAt) return undefined;
    return new Date(certificate.validatedAt.getTime() + order.policy.issuanceMs);
}

/** Moves a pending certificate as far as it can go now. */
export function proceed(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    if (certificate.awaitsApproval) return;
    if (order.policy.domains === "validated") certificate.validatedAt ??= account.now();
    const due = issuanceDueAt(order, certificate);
    if (due && due <= account.now()) issue(account, order, certificate);
}

function lastDay(now: Date, order: OrderRecord, { validity }: WantedCertificate): Date {
    const custom = validity?.custom_expiration_date && parseDate(validity.custom_expiration_date);
    const ends = [addDays(startOfDay(now), order.policy.maxValidityDays), startOfDay(order.orderValidTill)];
    if (custom) ends.push(custom);
    if (validity?.days) ends.push(addDays(startOfDay(now), validity.days));
    if (validity?.years) ends.push(addYears(startOfDay(now), validity.years));
    return earliest(...ends);
}

/** Issues a certificate; `as` overrides the time of issuance, and the dates that the order and the policy would give. */
export function issue(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
    as: { at?: Date; notBefore?: Date; notAfter?: Date } = {},
): void {
    const { wanted } = certificate;
    const { policy, product } = order;
    const now = as.at ?? account.now();
    const tls = isTls(product);
    const spki = policy.wrongKey
        ? generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "der", type: "spki" })
        : parseCsr(wanted.csr).spki;
    certificate.leaf = account.authority.issue({
        spki,
        commonName: wanted.commonName === undefined ? undefined : canonicalName(wanted.commonName),
        names: tls ? uniqueNames(wanted.commonName, ...wanted.dnsNames, ...policy.addsNames) : [],
        organization: product.validation_type === "dv" ? undefined : organization,
        hash: policy.reportedHash ?? wanted.signatureHash,
        notBefore: as.notBefore ?? startOfDay(now),
        notAfter: as.notAfter ?? endOfDay(lastDay(now, order, wanted)),
        usage: tls ? "serverAuth" : "codeSigning",
    });
    certificate.status = "issued";
    certificate.dateIssued = now;
    if (certificate.origin === "order") {
        if (isUnissued(order.baseStatus)) order.baseStatus = "issued";
        return;
    }
    scheduleRevocations(order, certificate, new Date(now.getTime() + revocationDelay));
    order.current = certificate;
    order.lastReissuedDate = now;
    account.changed(order);
}

// Names removed or changed: the original and all reissues go, not only the one that is replaced.
function scheduleRevocations(order: OrderRecord, issued: CertificateRecord, at: Date): void {
    const removed = removedNames(order.current.leaf?.names ?? [], issued.leaf?.names ?? []);
    if (removed.length === 0) return;
    for (const earlier of order.certificates) {
        if (earlier !== issued && earlier.status === "issued") earlier.revocationDueAt ??= at;
    }
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
    if (request) process(account, request, "rejected", comment);
    account.changed(order);
}

/** Revokes one certificate; the order stays active. */
export function revoke(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    certificate.status = "revoked";
    certificate.revokedAt = account.now();
    certificate.revocationDueAt = undefined;
    account.changed(order, certificate);
}
