// "User info", "Account details", "List domains", "Product info", "Status change list".
import { type StatusChange } from "../account.js";
import { ApiError, badRequest, invalidValue, notFound, requiredParam } from "../apiError.js";
import { addDays, DAY, isoDate, parseDate } from "../calendar.js";
import { json, type Reply } from "../http.js";
import { isTls, type Product } from "../model.js";
import { uniqueNames } from "../names.js";
import { container, organization, user } from "../organization.js";
import { serverPlatforms } from "../platforms.js";
import { caCert } from "../certificateViews.js";
import { pageOf } from "./page.js";
import { type Context, type Route } from "./route.js";

function getUser(): Reply {
    return json(200, {
        ...user,
        username: user.email,
        account_id: 1000001,
        job_title: "Administrator",
        telephone: "+33 4 00 00 00 00",
        status: "active",
        container,
        access_roles: [{ id: 1, name: "Administrator" }],
        type: "standard",
        has_container_assignments: false,
    });
}

function getAccount(): Reply {
    return json(200, {
        id: 1000001,
        primary_organization_id: organization.id,
        primary_organization_name: organization.name,
        make_renewal_calls: true,
        express_install_enabled: true,
        root_container_id: container.id,
        cert_transparency: "embed",
        cert_central_type: "retail",
        has_auth_key: false,
    });
}

// What OV and EV orders have in common: the domains of DV orders are not the account's. [?] That a domain which was not
// validated tells no `dcv_expiration` is what a client says; for how long one is valid here is DigiCert's 199 days.
function listDomains(context: Context): Reply {
    const { account } = context;
    const isValid = new Map<string, boolean>();
    for (const { product, policy, current } of account.orders.values()) {
        if (!isTls(product) || product.validation_type === "dv") continue;
        for (const name of uniqueNames(current.wanted.commonName, ...current.wanted.dnsNames)) {
            const domain = name.replace(/^(\*|www)\./, "");
            isValid.set(domain, policy.domains === "validated" && isValid.get(domain) !== false);
        }
    }
    const until = isoDate(addDays(account.now(), 199));
    const all = [...isValid].map(([name, valid], index) => ({
        id: 3001 + index,
        name,
        is_active: true,
        organization: { id: organization.id, name: organization.name },
        validations: ["ov", "ev"].map((type) => ({ type, status: valid ? "active" : "pending" })),
        dcv_method: "dns-txt-token",
        ...(valid && { dcv_expiration: { ov: until, ev: until } }),
        container,
    }));
    const { items, page } = pageOf(context, all);
    return json(200, { domains: items, page });
}

const hashes = ["sha256", "sha384", "sha512"];

function productJson(product: Product) {
    return {
        ...product,
        signature_hash_types: {
            allowed_hash_types: hashes.map((id) => ({ id, name: id.replace("sha", "SHA-") })),
            default_hash_type_id: "sha256",
        },
        server_platforms: serverPlatforms,
        duplicates_allowed: true,
        csr_required: true,
        allowed_validity_years: [1],
        allowed_order_validity_years: [1, 2, 3],
        allowed_ca_certs: [caCert],
    };
}

// The products known are those that something was ordered of.
function getProduct({ account, params }: Context): Reply {
    for (const { product } of account.orders.values()) {
        if (product.name_id === params.nameId) return json(200, productJson(product));
    }
    throw notFound("product");
}

// filters[status_last_updated] is in Mountain Daylight Time.
function mountainTime(date: Date | undefined): Date {
    if (!date) throw new ApiError(400, invalidValue("filters[status_last_updated]"));
    return new Date(date.getTime() + 6 * 3_600_000);
}

function rangeOf(range: string): { from: Date; till: Date } {
    const [first = "", last = ""] = range.split("...");
    const till = mountainTime(parseDate(last));
    return { from: mountainTime(parseDate(first)), till: new Date(till.getTime() + DAY) };
}

function windowOf({ account, request: { query } }: Context): { from: Date; till: Date } {
    const range = query.get("filters[status_last_updated]");
    if (range !== null) return rangeOf(range);
    const units = { minutes: 60_000, seconds: 1000 };
    for (const [name, unit] of Object.entries(units)) {
        const text = query.get(name);
        if (text === null) continue;
        if (!/^\d+$/.test(text)) throw new ApiError(400, invalidValue(name));
        const till = account.now();
        return { from: new Date(till.getTime() - Number(text) * unit), till };
    }
    throw new ApiError(400, requiredParam("minutes")); // [?] What is said without a window is not known.
}

function statusChanges(context: Context): Reply {
    const { from, till } = windowOf(context);
    if (till.getTime() - from.getTime() > 7 * DAY) {
        throw badRequest("time_frame_too_long", "The time frame is longer than 7 days.");
    }
    const latest = new Map<number, StatusChange>();
    for (const change of context.account.changes) {
        if (change.at >= from && change.at <= till) latest.set(change.orderId, change);
    }
    const orders = [...latest.values()].map(({ orderId, certificateId, status }) => ({
        order_id: orderId,
        certificate_id: certificateId,
        status,
    }));
    return json(200, orders.length > 0 ? { orders } : {});
}

export const accountRoutes: Route[] = [
    { method: "GET", path: "/user/me", answer: getUser },
    { method: "GET", path: "/account", answer: getAccount },
    { method: "GET", path: "/domain", answer: listDomains },
    { method: "GET", path: "/product/:nameId", answer: getProduct },
    { method: "GET", path: "/order/certificate/status-changes", answer: statusChanges },
];
