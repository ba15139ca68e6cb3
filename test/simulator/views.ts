// The JSON of CertCentral, shapes as in its documentation of "Order info", "List reissues" and "Request info".
import { type Account } from "./account.js";
import { daysBetween, isoDate, isoTime } from "./calendar.js";
import { parseCsr } from "./csr.js";
import { type JsonObject, withoutUndefined } from "./json.js";
import {
    type CertificateRecord,
    isTls,
    type OrderRecord,
    pendingReissue,
    type RequestRecord,
    type WantedCertificate,
} from "./model.js";
import { uniqueNames } from "./names.js";
import { container, organization, user } from "./organization.js";
import { serverPlatform } from "./platforms.js";

/** `ca_cert` of every certificate. */
export const caCert = { id: "EXAMPLECA000001", name: "Example TLS Issuing CA" };

function keySize(csr: string): number | undefined {
    try {
        return parseCsr(csr).keySize;
    } catch {
        return undefined; // an order may be seeded with a CSR that cannot be parsed
    }
}

function requested(wanted: WantedCertificate): JsonObject {
    return withoutUndefined({
        common_name: wanted.commonName,
        dns_names: uniqueNames(wanted.commonName, ...wanted.dnsNames),
        csr: wanted.csr,
        organization: { id: organization.id },
        organization_units: [],
        server_platform: serverPlatform(wanted.serverPlatformId),
        signature_hash: wanted.signatureHash,
        key_size: keySize(wanted.csr),
        ca_cert: caCert,
    });
}

function issued(account: Account, { leaf, id, dateIssued }: CertificateRecord): JsonObject {
    if (!leaf || !dateIssued) return {};
    return {
        id,
        thumbprint: leaf.thumbprint,
        serial_number: leaf.serialNumber,
        ...(leaf.names.length > 0 ? { dns_names: leaf.names } : {}),
        date_issued: isoTime(dateIssued),
        valid_from: isoDate(leaf.validFrom),
        valid_till: isoDate(leaf.validTill),
        days_remaining: daysBetween(account.now(), leaf.validTill),
        cert_validity: { custom_expiration_date: isoDate(leaf.validTill) },
    };
}

/** `order.certificate`; `status` is there only once the certificate was reissued or revoked. */
export function certificateJson(account: Account, order: OrderRecord): JsonObject {
    const { current } = order;
    const changed = current.origin !== "order" || current.status === "revoked";
    return {
        ...requested(current.wanted),
        ...issued(account, current),
        ...(order.policy.reportedHash ? { signature_hash: order.policy.reportedHash } : {}),
        date_created: isoTime(current.dateCreated),
        ...(changed ? { status: current.status } : {}),
    };
}

function reissueCounts(order: OrderRecord): JsonObject {
    const count = order.certificates.filter((one) => one.origin !== "order" && one.leaf).length;
    return { duplicates_count: 0, has_duplicates: false, reissues_count: count, has_reissues: count > 0 };
}

/** An item of the list of orders. */
export function orderListItem(account: Account, order: OrderRecord): JsonObject {
    const { product, orderValidTill, dateCreated } = order;
    return {
        id: order.id,
        certificate: certificateJson(account, order),
        status: account.statusOf(order),
        is_renewed: order.isRenewed,
        date_created: isoTime(dateCreated),
        organization: { id: organization.id, name: organization.name },
        validity_years: 1,
        order_validity: { years: 1 },
        order_valid_from: isoDate(dateCreated),
        order_valid_till: orderValidTill,
        disable_renewal_notifications: false,
        container,
        product: { name_id: product.name_id, name: product.name, type: product.type },
        ...reissueCounts(order),
        price: 100,
        product_name_id: product.name_id,
        is_multi_year_plan: "1",
    };
}

/** Order info. */
export function orderJson(account: Account, order: OrderRecord): JsonObject {
    const { product, lastReissuedDate } = order;
    const validation_name = product.validation_type.toUpperCase();
    return withoutUndefined({
        ...orderListItem(account, order),
        product: { ...product, validation_name, validation_description: `${validation_name} validation` },
        organization: isTls(product) && product.validation_type === "dv" ? undefined : organization,
        is_renewal: false,
        renewed_order_id: 0,
        auto_renew: 0,
        auto_reissue: order.autoReissue ? 1 : 0,
        user,
        requests: order.requests.map(requestItem),
        has_pending_request: order.requests.some((request) => request.status === "pending"),
        last_reissued_date: lastReissuedDate && isoTime(lastReissuedDate),
        receipt_id: 31337,
        cs_provisioning_method: "none",
        allow_duplicates: false,
        payment_method: "balance",
        dcv_method: pendingReissue(order) && (order.dcvMethod ?? order.policy.dcvMethod),
    });
}

function requestItem(request: RequestRecord): JsonObject {
    const { id, date, type, status, comments, commentsVisible } = request;
    return withoutUndefined({
        id,
        date: isoTime(date),
        type,
        status,
        comments: commentsVisible ? (comments ?? "") : undefined,
    });
}

/** Request info, without the order. */
export function requestJson(request: RequestRecord): JsonObject {
    const { dateProcessed, processorComment } = request;
    return withoutUndefined({
        ...requestItem(request),
        date_processed: dateProcessed && isoTime(dateProcessed),
        requester: user,
        processor: dateProcessed && user,
        processor_comment: processorComment,
    });
}

/** The order inside Request info: its certificate is the *requested* one. */
export function requestOrderJson(account: Account, order: OrderRecord, request: RequestRecord): JsonObject {
    const subject =
        order.certificates.find((one) => request.certificateIds.includes(one.id)) ?? order.current;
    return {
        ...orderJson(account, order),
        certificate: { ...requested(subject.wanted), date_created: isoTime(subject.dateCreated) },
        ...(order.policy.staleRequestView ? { status: "needs_approval" } : {}),
    };
}

/** An item of the list of reissues; counters are strings, flags are 0 or 1. */
export function reissueJson(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
): JsonObject {
    const { wanted, leaf, dateIssued, id } = certificate;
    const names = uniqueNames(...wanted.dnsNames, ...(leaf ? order.policy.addsNames : []));
    return withoutUndefined({
        id,
        thumbprint: leaf?.thumbprint,
        serial_number: leaf?.serialNumber,
        common_name: wanted.commonName,
        dns_names: names,
        // [?] The documentation knows issued, pending and rejected; what a revoked reissue shows is assumed.
        status: certificate.status,
        date_created: isoTime(certificate.dateCreated),
        date_issued: dateIssued && isoTime(dateIssued),
        valid_till: leaf && isoDate(leaf.validTill),
        days_remaining: leaf && daysBetween(account.now(), leaf.validTill),
        csr: wanted.csr,
        key_size: keySize(wanted.csr),
        archived: 0,
        user_id: user.id,
        email: user.email,
        firstname: user.first_name,
        lastname: user.last_name,
        receipt_id: "4711",
        purchased_dns_names: "0",
        purchased_wildcard_names: "0",
    });
}
