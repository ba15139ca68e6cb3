// "Order info", "List orders", "Get orders by alternative order id", "Update order status", "Update auto-reissue settings".
import { z } from "zod";
import { ApiError, badRequest, invalidValue, notFound } from "../apiError.js";
import { isoDate } from "../calendar.js";
import { json, noContent, type Reply } from "../http.js";
import { rejectReissue } from "../lifecycle.js";
import { type OrderRecord, pendingReissue } from "../model.js";
import { container, organization, user } from "../organization.js";
import { readListItem, readOrder, readStatus } from "../reads.js";
import { parseBody } from "../validate.js";
import { endOrder } from "../requests.js";
import { pageOf } from "./page.js";
import { type Context, orderOf, type Route } from "./route.js";

// Finds an order by its id, or by the thumbprint or serial number of its first certificate.
function getOrder(context: Context): Reply {
    const { account, params } = context;
    const key = (params.orderId ?? "").toUpperCase();
    const order =
        account.orders.get(Number(key)) ??
        [...account.orders.values()].find(({ certificates: [first] }) =>
            [first?.leaf?.thumbprint, first?.leaf?.serialNumber].includes(key),
        );
    if (!order) throw notFound("order");
    return json(200, readOrder(account, order));
}

// Both filters[status]=x and filters[status][0]=x, also several of them.
function filterValues(query: URLSearchParams, name: string): string[] {
    return [...query].flatMap(([key, value]) =>
        key.replace(/\[\d*\]$/, "") === `filters[${name}]` ? [value] : [],
    );
}

// filters[valid_till]: > or < with a date or with NOW; `null` for orders without a certificate. NOW and `null` occur in an address
// of the console [2ND].
function endsWithin(context: Context, till: string | undefined): boolean {
    const values = filterValues(context.request.query, "valid_till");
    return values.every((value) => {
        if (value === "null") return till === undefined;
        const [, operator, end] = /^([<>])(\d{4}-\d{2}-\d{2}|NOW)$/.exec(value) ?? [];
        if (end === undefined) throw new ApiError(400, invalidValue("filters[valid_till]"));
        const date = end === "NOW" ? isoDate(context.account.now()) : end;
        return till !== undefined && (operator === ">" ? till > date : till < date);
    });
}

// `%` stands for anything [CLIENT]; case makes no difference [?].
function isLike(text: string, pattern: string): boolean {
    const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/%/g, ".*");
    return new RegExp(`^${source}$`, "i").test(text);
}

// Documented: `issued` includes expired orders.
function isStatus(status: string, value: string): boolean {
    return status === value || (value === "issued" && status === "expired");
}

function namesOf(order: OrderRecord): string[] {
    const { requested, leaf } = order.current;
    return [requested.commonName ?? "", ...requested.dnsNames, ...(leaf?.names ?? [])];
}

function matches(context: Context, order: OrderRecord): boolean {
    const { account, request } = context;
    const { id, requested, leaf } = order.current;
    const { commonName = "" } = requested;
    const serialNumber = leaf?.serialNumber ?? "";
    const has: Record<string, (value: string) => boolean> = {
        id: (value) => String(order.id) === value,
        status: (value) => isStatus(readStatus(account, order), value),
        common_name: (value) => isLike(commonName, value),
        domain_name: (value) => namesOf(order).some((name) => isLike(name, value)),
        serial_number: (value) => serialNumber.toLowerCase() === value.toLowerCase(),
        certificate_id: (value) => String(id) === value,
        product_name_id: (value) => order.product.name_id === value,
        organization_id: (value) => value === String(organization.id),
        container_id: (value) => value === String(container.id),
        user_id: (value) => value === String(user.id),
        is_renewed: (value) => (value === "1" || value === "true") === order.isRenewed,
        // [?] The members that a search covers.
        search: (value) =>
            [String(order.id), serialNumber, ...namesOf(order)].some((text) =>
                text.toLowerCase().includes(value.toLowerCase()),
            ),
    };
    return (
        endsWithin(context, leaf && isoDate(leaf.validTill)) &&
        Object.entries(has).every(([name, isMet]) => {
            const values = filterValues(request.query, name);
            return values.length === 0 || values.some(isMet);
        })
    );
}

const sortKeys: Readonly<Record<string, (order: OrderRecord) => number | string>> = {
    date_created: (order) => order.dateCreated.getTime(),
    order_id: (order) => order.id,
    id: (order) => order.id,
    common_name: (order) => order.current.requested.commonName ?? "",
    valid_till: (order) => order.current.leaf?.validTill.getTime() ?? 0,
};

// A minus sorts in descending order.
function sorted(orders: OrderRecord[], sort: string): OrderRecord[] {
    const key = sortKeys[sort.replace(/^[-+ ]/, "")];
    if (!key) return orders;
    const direction = sort.startsWith("-") ? -1 : 1;
    return orders.sort((a, b) => {
        if (key(a) === key(b)) return 0;
        return key(a) < key(b) ? -direction : direction;
    });
}

function listOrders(context: Context): Reply {
    const { account, request } = context;
    const found = [...account.orders.values()].filter((order) => matches(context, order));
    const { items, page } = pageOf(context, sorted(found, request.query.get("sort") ?? ""));
    return json(200, { orders: items.map((order) => readListItem(account, order)), page });
}

// An alternative id need not be unique.
function listAlternatives({ account, params }: Context): Reply {
    const found = [...account.orders.values()].filter(
        (one) => one.alternativeOrderId === params.alternativeId,
    );
    if (found.length === 0) throw notFound("order");
    const orders = found.map(({ id, current }) => ({ order_id: id, certificate_id: current.id }));
    return json(200, { orders });
}

// Documented as case-sensitive. CANCELED is from an older edition, and three clients still send it.
const statusBody = z.discriminatedUnion("status", [
    z.object({ status: z.enum(["canceled", "CANCELED"]), note: z.string().min(1) }),
    z.object({ status: z.enum(["renewed", "not_renewed"]), note: z.string().nullish() }),
]);

function changedStatus({ policy }: OrderRecord): Reply {
    if (policy.statusAnswer === 204) return noContent;
    return { status: 200, headers: { "content-type": "text/plain" }, body: "OK" };
}

function putStatus(context: Context): Reply {
    const order = orderOf(context);
    const body = parseBody(statusBody, context.body());
    if (body.status === "renewed" || body.status === "not_renewed") {
        order.isRenewed = body.status === "renewed";
        return changedStatus(order);
    }
    const pending = pendingReissue(order);
    if (pending) rejectReissue(context.account, order, pending, body.note ?? undefined);
    else if (["pending", "needs_approval", "waiting_pickup"].includes(order.baseStatus)) {
        endOrder(context.account, order, "canceled");
    } else {
        // [?] That it is refused is documented, the code is not.
        const status = context.account.statusOf(order);
        throw badRequest("invalid_order_status", `Order ${order.id} is ${status} and cannot be canceled.`);
    }
    return changedStatus(order);
}

const flag = z.union([z.literal(0), z.literal(1)]);

function putAutoReissue(context: Context): Reply {
    const order = orderOf(context);
    order.autoReissue = parseBody(z.object({ auto_reissue: flag }), context.body()).auto_reissue === 1;
    return changedStatus(order); // [?] 204 is assumed.
}

export const orderRoutes: Route[] = [
    { method: "GET", path: "/order/certificate", answer: listOrders },
    { method: "GET", path: "/order/certificate/:orderId", answer: getOrder },
    { method: "GET", path: "/order/alternate/:alternativeId", answer: listAlternatives },
    { method: "PUT", path: "/order/certificate/:orderId/status", answer: putStatus },
    { method: "PUT", path: "/order/certificate/:orderId/auto-reissue", answer: putAutoReissue },
];
