// Makes the JSON of orders and requests in "Order info", "List orders" and "Request info".
import { type Account } from "./account.js";
import { isoDate, isoTime } from "./calendar.js";
import { certificateJson, requestedJson } from "./certificateViews.js";
import { type JsonObject, withoutUndefined } from "./json.js";
import { dcvMethodOf, isTls, type OrderRecord, pendingReissue, type RequestRecord } from "./model.js";
import { container, organization, user } from "./organization.js";
import { isOpen } from "./requests.js";

function reissueCounts(order: OrderRecord): JsonObject {
    const count = order.certificates.filter((one) => one.origin !== "order" && one.leaf).length;
    const duplicates = order.duplicates.filter((one) => one.leaf).length;
    return {
        duplicates_count: duplicates,
        has_duplicates: duplicates > 0,
        reissues_count: count,
        has_reissues: count > 0,
    };
}

// A certificate in the list has fewer members than in Order info.
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
        auto_renew: order.autoRenew ? 1 : 0,
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
        is_renewal: order.renewalOfOrderId !== undefined,
        renewal_of_order_id: order.renewalOfOrderId,
        renewed_order_id: order.renewedOrderId ?? 0,
        auto_reissue: order.autoReissue ? 1 : 0,
        user,
        alternative_order_id: order.alternativeOrderId,
        requests: order.requests.filter((one) => isListed(order, one)).map((one) => requestItem(order, one)),
        has_pending_request: order.requests.some(isOpen),
        last_reissued_date: lastReissuedDate && isoTime(lastReissuedDate),
        receipt_id: 31337,
        cs_provisioning_method: "none",
        allow_duplicates: true,
        payment_method: "balance",
        dcv_method: pendingReissue(order) && dcvMethodOf(order),
    });
}

/** Whether the API lists a request. A request whose approval was skipped is not listed, unless the policy says otherwise. */
export function isListed({ policy }: OrderRecord, request: RequestRecord): boolean {
    if (request.type !== "reissue") return true;
    if (!policy.listsReissueRequests) return false;
    return !request.skipped || policy.listsSkippedRequests || request.commentsVisible;
}

const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#039;",
    "[": "&#91;",
    "]": "&#93;",
};

// [?] Whether, and in which form, DigiCert shows the comments of a reissue.
function reportedComments({ policy }: OrderRecord, request: RequestRecord): string | undefined {
    const { comments, commentsVisible, type } = request;
    if (!commentsVisible) return undefined;
    if (comments === undefined) return policy.emptyComments === "blank" ? "" : undefined;
    if (type !== "reissue") return comments;
    switch (policy.reportedComments) {
        case "asSent":
            return comments;
        case "absent":
            return undefined;
        case "blank":
            return "";
        case "cut":
            return comments.slice(0, policy.commentsLength);
        case "escaped":
            return comments.replace(/[&<>"'[\]]/g, (character) => entities[character] ?? character);
    }
}

function requestItem(order: OrderRecord, request: RequestRecord): JsonObject {
    const { id, date, type, status } = request;
    return withoutUndefined({
        id,
        date: isoTime(date),
        type,
        status,
        comments: reportedComments(order, request),
    });
}

/** Request info, without the order. */
export function requestJson(order: OrderRecord, request: RequestRecord): JsonObject {
    const { dateProcessed, processorComment } = request;
    return withoutUndefined({
        ...requestItem(order, request),
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
        certificate: { ...requestedJson(order, subject.requested), date_created: isoTime(order.dateCreated) },
        ...(order.policy.staleRequestView ? { status: "needs_approval" } : {}),
    };
}
