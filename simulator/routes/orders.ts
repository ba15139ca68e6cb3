// "Order info", "List orders", "Update order status", "Update auto-reissue settings".
import { z } from "zod";
import { ApiError, badRequest, invalidValue, notFound } from "../apiError.js";
import { isoDate } from "../calendar.js";
import { json, noContent, type Reply } from "../http.js";
import { withoutMembers } from "../json.js";
import { rejectReissue } from "../lifecycle.js";
import { type OrderRecord, pendingReissue } from "../model.js";
import { container, organization } from "../organization.js";
import { parseBody } from "../validate.js";
import { orderJson, orderListItem } from "../orderViews.js";
import { endOrder } from "../requests.js";
import { pageOf } from "./page.js";
import { type Context, orderOf, type Route } from "./route.js";

// The order's id, or thumbprint or serial number of its first certificate.
function getOrder(context: Context): Reply {
    const { account, params } = context;
    const key = (params.orderId ?? "").toUpperCase();
    for (const order of account.orders.values()) {
        const leaf = order.certificates[0]?.leaf;
        if (String(order.id) === key || leaf?.thumbprint === key || leaf?.serialNumber === key) {
            return json(200, withoutMembers(orderJson(account, order), order.policy.omitFromReads));
        }
    }
    throw notFound("order");
}

// Both filters[status]=x and filters[status][0]=x, also several of them.
function filterValues(query: URLSearchParams, name: string): string[] {
    return [...query].flatMap(([key, value]) =>
        key.replace(/\[\d*\]$/, "") === `filters[${name}]` ? [value] : [],
    );
}

// filters[valid_till]=>2026-01-01, or < of it.
function endsWithin(query: URLSearchParams, order: OrderRecord): boolean {
    const till = order.current.leaf && isoDate(order.current.leaf.validTill);
    return filterValues(query, "valid_till").every((value) => {
        const [, operator, date] = /^([<>])(\d{4}-\d{2}-\d{2})$/.exec(value) ?? [];
        if (!date) throw new ApiError(400, invalidValue("filters[valid_till]"));
        return till !== undefined && (operator === ">" ? till > date : till < date);
    });
}

function matches(context: Context, order: OrderRecord): boolean {
    const { account, request } = context;
    const { wanted, leaf } = order.current;
    const has: Record<string, string | undefined> = {
        status: account.statusOf(order),
        common_name: wanted.commonName,
        serial_number: leaf?.serialNumber,
        product_name_id: order.product.name_id,
        organization_id: String(organization.id),
        container_id: String(container.id),
    };
    return (
        endsWithin(request.query, order) &&
        Object.entries(has).every(([name, value]) => {
            const wantedValues = filterValues(request.query, name);
            return wantedValues.length === 0 || wantedValues.includes(value ?? "");
        })
    );
}

function listOrders(context: Context): Reply {
    const { account, request } = context;
    const found = [...account.orders.values()].filter((order) => matches(context, order));
    const sort = request.query.get("sort");
    if (sort === "-date_created") found.sort((a, b) => b.dateCreated.getTime() - a.dateCreated.getTime());
    if (sort === "date_created") found.sort((a, b) => a.dateCreated.getTime() - b.dateCreated.getTime());
    const { items, page } = pageOf(context, found);
    return json(200, { orders: items.map((order) => orderListItem(account, order)), page });
}

// Case-sensitive: CANCELED is of an older edition.
const statusBody = z.discriminatedUnion("status", [
    z.object({ status: z.literal("canceled"), note: z.string().min(1) }),
    z.object({ status: z.enum(["renewed", "not_renewed"]), note: z.string().nullish() }),
]);

function putStatus(context: Context): Reply {
    const order = orderOf(context);
    const body = parseBody(statusBody, context.body());
    if (body.status !== "canceled") {
        order.isRenewed = body.status === "renewed";
        return noContent;
    }
    const pending = pendingReissue(order);
    if (pending) rejectReissue(context.account, order, pending, body.note);
    else if (["pending", "needs_approval", "waiting_pickup"].includes(order.baseStatus)) {
        endOrder(context.account, order, "canceled");
    } else {
        // [?] That it is refused is documented, the code is not.
        const status = context.account.statusOf(order);
        throw badRequest("invalid_order_status", `Order ${order.id} is ${status} and cannot be canceled.`);
    }
    return noContent;
}

const flag = z.union([z.literal(0), z.literal(1)]);

function putAutoReissue(context: Context): Reply {
    const order = orderOf(context);
    order.autoReissue = parseBody(z.object({ auto_reissue: flag }), context.body()).auto_reissue === 1;
    return noContent; // [?] 204 is assumed.
}

export const orderRoutes: Route[] = [
    { method: "GET", path: "/order/certificate", answer: listOrders },
    { method: "GET", path: "/order/certificate/:orderId", answer: getOrder },
    { method: "PUT", path: "/order/certificate/:orderId/status", answer: putStatus },
    { method: "PUT", path: "/order/certificate/:orderId/auto-reissue", answer: putAutoReissue },
];
