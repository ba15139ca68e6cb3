// "Check DCV", "Generate DCV token", "Change DCV method", "Resend DCV emails", and the state of an order's validations.
import { z } from "zod";
import { type Account } from "../account.js";
import { badRequest } from "../apiError.js";
import { isoDate, isoTime } from "../calendar.js";
import { checkDomains } from "../checks.js";
import { json, noContent, type Reply } from "../http.js";
import { type CertificateRecord, dcvMethodOf, type OrderRecord, pendingReissue } from "../model.js";
import { uniqueNames } from "../names.js";
import { user } from "../organization.js";
import { dcvMethod } from "../policy.js";
import { parseBody } from "../validate.js";
import { domainOf, outstandingDomains } from "../validation.js";
import { type Context, orderOf, type Route } from "./route.js";

function pendingOf(account: Account, order: OrderRecord): CertificateRecord {
    const pending = pendingReissue(order);
    if (pending) return pending;
    // [?] Pending orders only; the code is not documented.
    throw badRequest("invalid_order_status", `Order ${order.id} is ${account.statusOf(order)}.`);
}

// Both a 400 and an answer that lists every name are documented. A missing file is always a 400.
function refuseIfMissing(order: OrderRecord, before: readonly string[], missing: readonly string[]): void {
    if (missing.length === 0) return;
    const { dcvFailure } = order.policy;
    if (dcvMethodOf(order).startsWith("http-token")) {
        throw badRequest("file_random_value_not_found", "The random value was not found in the file.");
    }
    if (dcvFailure === "names" || (dcvFailure === "mixed" && missing.length < before.length)) return;
    throw badRequest("invalid_dns_txt", "The random value was not found in the DNS record.");
}

function namesOf({ requested }: CertificateRecord): string[] {
    return uniqueNames(requested.commonName, ...requested.dnsNames);
}

function checkDcv(context: Context): Reply {
    const { account } = context;
    const order = orderOf(context);
    const { dns_names_validations: requested } = parseBody(
        z.object({ dns_names_validations: z.array(z.string()).nullish() }),
        context.body(),
    );
    if (!pendingReissue(order) && order.policy.checkDcvOfIssued === 200) {
        return json(200, checkAnswer(order, order.current, requested ?? namesOf(order.current), []));
    }
    const pending = pendingOf(account, order);
    if (dcvMethodOf(order) === "email") {
        throw badRequest("invalid_dns_method", "The DCV method is not a token method.");
    }
    const before = outstandingDomains(account, order, pending);
    checkDomains(account, order, pending);
    const missing = outstandingDomains(account, order, pending);
    refuseIfMissing(order, before, missing);
    return json(200, checkAnswer(order, pending, requested ?? namesOf(pending), missing));
}

function checkAnswer(
    order: OrderRecord,
    certificate: CertificateRecord,
    names: readonly string[],
    missing: readonly string[],
) {
    const isMissing = (name: string) => missing.includes(domainOf(order, name) ?? "");
    return {
        order_status: certificate.status === "issued" ? "issued" : "pending",
        certificate_id: certificate.id,
        // [?] The value while a name is missing.
        dcv_status: missing.length > 0 ? "pending" : "valid",
        dns_name_validations: names.map((name) => ({
            dns_name: name,
            status: isMissing(name) ? "pending" : "approved",
        })),
    };
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

function resendEmails(context: Context): Reply {
    pendingOf(context.account, orderOf(context));
    return noContent;
}

// E-mail addresses of a client certificate that wait for validation; TLS orders have none.
function listEmailValidations(context: Context): Reply {
    const order = orderOf(context);
    const date_emailed = isoDate(order.dateCreated);
    const emails =
        order.product.type === "client_certificate"
            ? [{ email: user.email, status: "validated", date_emailed }]
            : [];
    return json(200, { delivery_options: ["browser"], emails });
}

// [?] The members: a client's test makes this request, but no answer of DigiCert is known.
function getValidation(context: Context): Reply {
    const { account } = context;
    const order = orderOf(context);
    const pending = pendingReissue(order);
    const missing = pending ? outstandingDomains(account, order, pending) : [];
    const domains = namesOf(pending ?? order.current).map((name) => ({
        name,
        dcv_status: missing.includes(domainOf(order, name) ?? "") ? "pending" : "complete",
    }));
    return json(200, {
        order_status: account.statusOf(order),
        organization_status: order.policy.organization === "validated" ? "active" : "pending",
        dns_name_validations: domains.map(({ name, dcv_status }) => ({ dns_name: name, status: dcv_status })),
    });
}

export const dcvRoutes: Route[] = [
    { method: "PUT", path: "/order/certificate/:orderId/check-dcv", answer: checkDcv },
    { method: "PUT", path: "/order/certificate/:orderId/dcv-random-value", answer: putRandomValue },
    { method: "PUT", path: "/order/certificate/:orderId/dcv-method", answer: putMethod },
    { method: "PUT", path: "/order/certificate/:orderId/resend-emails", answer: resendEmails },
    { method: "GET", path: "/order/certificate/:orderId/email-validation", answer: listEmailValidations },
    { method: "GET", path: "/order/certificate/:orderId/validation", answer: getValidation },
];
