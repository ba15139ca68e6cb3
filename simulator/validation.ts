// Finds the domains of a certificate that must be validated, and whether their tokens are published.
import { isIP } from "node:net";
import { type Account } from "./account.js";
import { addDays } from "./calendar.js";
import { type CertificateRecord, dcvMethodOf, isTls, type OrderRecord } from "./model.js";
import { uniqueNames } from "./names.js";
import { recordName, type RecordLookup } from "./records.js";

/** The domain that must be validated for a name; undefined for an IP address, which is validated in another way. */
export function domainOf(order: OrderRecord, name: string): string | undefined {
    if (isIP(name)) return undefined;
    // The file methods validate the full name and no wildcard, because a file proves control over one host name only.
    if (dcvMethodOf(order).startsWith("http-token")) return name;
    if (name.startsWith("*.")) return name.slice(2);
    return order.policy.validatesBelowWww ? name.replace(/^www\./, "") : name;
}

/** All domains of a certificate, each once. */
export function domainsOf(order: OrderRecord, { requested }: CertificateRecord): string[] {
    const names = uniqueNames(requested.commonName, ...requested.dnsNames);
    return [...new Set(names.flatMap((name) => domainOf(order, name) ?? []))];
}

// A new domain of an OV or EV order counts as validated, because an account validates such domains in advance.
function isReused(account: Account, order: OrderRecord, domain: string): boolean {
    const validated = account.domains.get(domain) ?? account.now();
    account.domains.set(domain, validated);
    return addDays(validated, order.policy.validationReuseDays) > account.now();
}

function needsValidation(account: Account, order: OrderRecord, domain: string): boolean {
    switch (order.policy.domains) {
        case "validated":
            return false;
        case "unvalidated":
            return true;
        case "byProduct":
            return order.product.validation_type === "dv" || !isReused(account, order, domain);
    }
}

/** Lists the domains of a pending certificate that are not validated. */
export function outstandingDomains(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
): string[] {
    // Only TLS certificates have domains; the policy `unvalidated` makes orders of other products wait too.
    if (!isTls(order.product) && order.policy.domains === "byProduct") return [];
    return domainsOf(order, certificate).filter(
        (domain) => !certificate.validatedDomains.has(domain) && needsValidation(account, order, domain),
    );
}

/** Lists the places where DigiCert searches for the token of a domain, by the method of the order. */
export function lookupsOf(order: OrderRecord, domain: string): RecordLookup[] {
    switch (dcvMethodOf(order)) {
        case "email":
            return [];
        case "dns-txt-token":
            return order.policy.txtRecordAt.map((place) => ({
                name: place === "name" ? domain : `_dnsauth.${domain}`,
                type: "TXT",
            }));
        case "dns-cname-token":
            return [{ name: `_dnsauth.${domain}`, type: "CNAME" }];
        case "http-token":
        case "http-token-dynamic":
            return [{ name: domain, type: "FILE" }];
    }
}

/** Whether the token of an order is published for a domain. */
export function isProven(account: Account, order: OrderRecord, domain: string): boolean {
    const now = account.now();
    const { dcvToken: token } = order;
    if (!token || token.expires <= now) return false;
    if (token.publishedAt && token.publishedAt <= now) return true;
    const cnameTarget = `${token.value}.dcv.digicert.com`;
    return lookupsOf(order, domain).some((lookup) =>
        account.records
            .values(lookup, now)
            .some((value) =>
                lookup.type === "CNAME" ? recordName(value) === cnameTarget : value.trim() === token.value,
            ),
    );
}

/** Validates all domains of a certificate, as DigiCert's staff would. */
export function validateDomains(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    for (const domain of domainsOf(order, certificate)) {
        certificate.validatedDomains.add(domain);
        if (order.product.validation_type !== "dv") account.domains.set(domain, account.now());
    }
}
