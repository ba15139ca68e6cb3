// The JSON of orders and requests, as "Order info", "List orders" and "Request info" show them.
import { type Account } from "./account.js";
import { isoDate, isoTime } from "./calendar.js";
import { certificateJson, requestedJson } from "./certificateViews.js";
import { type JsonObject, withoutUndefined } from "./json.js";
import { dcvMethodOf, isTls, type OrderRecord, pendingReissue, type RequestRecord } from "./model.js";
import { container, organization, user } from "./organization.js";

function reissueCounts(order: OrderRecord): JsonObject {
    const count = order.certificates.filter((one) => one.origin !== "order" && one.leaf).length;
    return { duplicates_count: 0, has_duplicates: false, reissues_count: count, has_reissues: count > 0 };
}

// The list tells less of a certificate than Order info does.
const listedMembers = [
    "id",
    "serial_number",
    "common_name",
    "dns_names",
    "valid_from",
    "valid_till",
    "days_remaining",
    "cert_validity",
    "signature_hash",
    "status",
];

function listedCertificate(account: Account, order: OrderRecord): JsonObject {
    const members = Object.entries(certificateJson(account, order));
    return Object.fromEntries(members.filter(([name]) => listedMembers.includes(name)));
}

/** An item of the list of orders. */
export function orderListItem(account: Account, order: OrderRecord): JsonObject {
    const { product, orderValidTill, dateCreated } = order;
    return {
        id: order.id,
        certificate: listedCertificate(account, order),
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
        certificate: certificateJson(account, order),
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
        dcv_method: pendingReissue(order) && dcvMethodOf(order),
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
        certificate: { ...requestedJson(order, subject.wanted), date_created: isoTime(subject.dateCreated) },
        ...(order.policy.staleRequestView ? { status: "needs_approval" } : {}),
    };
}
