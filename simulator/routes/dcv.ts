// "Check DCV", "Generate DCV token", "Change DCV method".
import { z } from "zod";
import { type Account } from "../account.js";
import { badRequest } from "../apiError.js";
import { isoTime } from "../calendar.js";
import { json, noContent, type Reply } from "../http.js";
import { proceed } from "../issuance.js";
import { type CertificateRecord, dcvMethodOf, type OrderRecord, pendingReissue } from "../model.js";
import { uniqueNames } from "../names.js";
import { dcvMethod } from "../policy.js";
import { parseBody } from "../validate.js";
import { type Context, orderOf, type Route } from "./route.js";

function pendingOf(account: Account, order: OrderRecord): CertificateRecord {
    const pending = pendingReissue(order);
    if (pending) return pending;
    // [?] Pending orders only; the code is not documented.
    throw badRequest("invalid_order_status", `Order ${order.id} is ${account.statusOf(order)}.`);
}

function refuseUnpublished(order: OrderRecord): void {
    const method = dcvMethodOf(order);
    if (method === "email") throw badRequest("invalid_dns_method", "The DCV method is not a token method.");
    if (order.policy.domains === "validated" || order.dcvToken?.published) return;
    throw method === "http-token"
        ? badRequest("file_random_value_not_found", "The random value was not found in the file.")
        : badRequest("invalid_dns_txt", "The random value was not found in the DNS record.");
}

function checkDcv(context: Context): Reply {
    const { account } = context;
    const order = orderOf(context);
    const pending = pendingOf(account, order);
    const asked = z.object({ dns_names_validations: z.array(z.string()).nullish() });
    const { dns_names_validations } = parseBody(asked, context.body());
    refuseUnpublished(order);
    order.policy = { ...order.policy, domains: "validated" };
    proceed(account, order, pending);
    const names = dns_names_validations ?? uniqueNames(pending.wanted.commonName, ...pending.wanted.dnsNames);
    return json(200, {
        order_status: pending.status === "issued" ? "issued" : "pending",
        certificate_id: pending.id,
        dcv_status: "valid",
        dns_name_validations: names.map((dns_name) => ({ dns_name, status: "approved" })),
    });
}

function token(account: Account, order: OrderRecord): Reply {
    const { value, expires } = account.dcvToken(order);
    return json(200, { dcv_random_value: value, expiration_date: isoTime(expires) });
}

function putRandomValue(context: Context): Reply {
    return token(context.account, orderOf(context));
}

function putMethod(context: Context): Reply {
    const order = orderOf(context);
    pendingOf(context.account, order);
    order.dcvMethod = parseBody(z.object({ dcv_method: dcvMethod }), context.body()).dcv_method;
    return order.dcvMethod === "email" ? noContent : token(context.account, order);
}

export const dcvRoutes: Route[] = [
    { method: "PUT", path: "/order/certificate/:orderId/check-dcv", answer: checkDcv },
    { method: "PUT", path: "/order/certificate/:orderId/dcv-random-value", answer: putRandomValue },
    { method: "PUT", path: "/order/certificate/:orderId/dcv-method", answer: putMethod },
];
