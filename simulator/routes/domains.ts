// "List domains", "Domain info", "Activate domain", and a domain's own token.
import { type Account } from "../account.js";
import { badRequest, notFound } from "../apiError.js";
import { addDays, isoDate, isoTime } from "../calendar.js";
import { checkDomains } from "../checks.js";
import { json, noContent, type Reply } from "../http.js";
import { isTls, pendingReissue } from "../model.js";
import { uniqueNames } from "../names.js";
import { container, organization } from "../organization.js";
import { pageOf } from "./page.js";
import { type Context, idOf, type Route } from "./route.js";

interface AccountDomain {
    id: number;
    name: string;
    created: Date;
    /** End of the time in which the validation is reused; undefined if it is over, or if there was no validation. */
    validatedUntil: Date | undefined;
}

// OV and EV orders share the domains of the account; the domains of DV orders do not belong to the account.
function domainsOf(account: Account): AccountDomain[] {
    const found = new Map<string, AccountDomain>();
    for (const { product, policy, current, dateCreated } of account.orders.values()) {
        if (!isTls(product) || product.validation_type === "dv") continue;
        for (const name of uniqueNames(current.requested.commonName, ...current.requested.dnsNames)) {
            const domain = name.replace(/^(\*|www)\./, "");
            const validated = policy.domains === "validated" ? account.now() : account.domains.get(domain);
            const until = validated && addDays(validated, policy.validationReuseDays);
            const isValid = policy.domains !== "unvalidated" && until !== undefined && until > account.now();
            const earlier = found.get(domain);
            if (earlier && !earlier.validatedUntil) continue;
            found.set(domain, {
                id: earlier?.id ?? 3001 + found.size,
                name: domain,
                created: earlier?.created ?? dateCreated,
                validatedUntil: isValid ? until : undefined,
            });
        }
    }
    return [...found.values()];
}

// [?] A domain that was not validated has no `dcv_expiration`, according to a client.
function domainJson(account: Account, domain: AccountDomain) {
    const { id, name, created, validatedUntil: until } = domain;
    const token = account.domainToken(name);
    return {
        id,
        name,
        is_active: !account.inactiveDomains.has(name),
        status: until ? "active" : "pending",
        date_created: isoTime(created),
        organization: { ...organization, status: "active" },
        validations: ["ov", "ev"].map((type) => ({
            type,
            name: type.toUpperCase(),
            description:
                type === "ov" ? "Normal Organization Validation" : "Extended Organization Validation (EV)",
            status: until ? "active" : "pending",
            dcv_status: until ? "complete" : "pending",
            ...(until && { validated_until: isoTime(until) }),
        })),
        is_pending_validation: !until,
        dcv_method: "dns-txt-token",
        dcv_token: {
            token: token.value,
            status: until ? "valid" : "pending",
            expiration_date: isoTime(token.expires),
        },
        ...(until && {
            dcv_approval_datetime: isoTime(account.domains.get(name) ?? account.now()),
            dcv_expiration: { ov: isoDate(until), ev: isoDate(until) },
        }),
        names: [name],
        container,
    };
}

function listDomains(context: Context): Reply {
    const { account } = context;
    const { items, page } = pageOf(context, domainsOf(account));
    return json(200, { domains: items.map((one) => domainJson(account, one)), page });
}

function domainIn(context: Context): AccountDomain {
    const id = idOf(context, "domainId", "domain");
    const found = domainsOf(context.account).find((one) => one.id === id);
    if (!found) throw notFound("domain");
    return found;
}

function getDomain(context: Context): Reply {
    return json(200, domainJson(context.account, domainIn(context)));
}

function activate(context: Context): Reply {
    context.account.inactiveDomains.delete(domainIn(context).name);
    return noContent;
}

function deactivate(context: Context): Reply {
    context.account.inactiveDomains.add(domainIn(context).name);
    return noContent;
}

// [?] The members beside the token.
function postToken(context: Context): Reply {
    const { value, expires } = context.account.domainToken(domainIn(context).name);
    return json(201, { token: value, status: "pending", expiration_date: isoTime(expires) });
}

function isPublished(account: Account, domain: string): boolean {
    const values = [domain, `_dnsauth.${domain}`].flatMap((name) =>
        account.records.values({ name, type: "TXT" }, account.now()),
    );
    return values.includes(account.domainToken(domain).value);
}

// [?] The answer: clients expect JSON, and read `errors` in it.
function validateToken(context: Context): Reply {
    const { account } = context;
    const { name, validatedUntil } = domainIn(context);
    if (!validatedUntil) {
        if (!isPublished(account, name)) {
            throw badRequest("invalid_dns_txt", "The random value was not found in the DNS record.");
        }
        account.domains.set(name, account.now());
        for (const order of account.orders.values()) {
            const pending = pendingReissue(order);
            if (pending) checkDomains(account, order, pending);
        }
    }
    return json(200, { status: "valid" });
}

export const domainRoutes: Route[] = [
    { method: "GET", path: "/domain", answer: listDomains },
    { method: "GET", path: "/domain/:domainId", answer: getDomain },
    { method: "PUT", path: "/domain/:domainId/activate", answer: activate },
    { method: "PUT", path: "/domain/:domainId/deactivate", answer: deactivate },
    { method: "POST", path: "/domain/:domainId/dcv/token", answer: postToken },
    { method: "PUT", path: "/domain/:domainId/dcv/validate-token", answer: validateToken },
];
