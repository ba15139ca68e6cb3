/**
 * Which orders of an account a program is written for.
 *
 * @module
 */
import { domainToASCII } from "node:url";
import type { OrderListItem } from "../../provider/core/certcentral/answers.js";
import { closedReasonOf, isKnownStatus, UNISSUED } from "../../provider/core/order/status.js";
import { quote } from "../../provider/core/quote.js";
import { nameSet } from "../../provider/core/x509/names.js";

const DAY = 86_400_000;

/** The filters of the command line; each may be absent. */
export interface Filters {
    /** Whether a name matches the patterns of `--names`. */
    readonly isNamed?: ((name: string) => boolean) | undefined;
    /** The most days that the current certificate may have left. */
    readonly expiringIn?: number | undefined;
}

/**
 * Reads comma-separated patterns, in which `*` stands for any text.
 *
 * @returns whether a name matches one of them
 */
export function parsePatterns(text: string): (name: string) => boolean {
    const patterns = text.split(",").flatMap((pattern) => {
        const name = pattern.trim().toLowerCase();
        // A pattern in plain ASCII skips domainToASCII, which would decode it.
        return name === "" ? [] : [/^[\x20-\x7e]*$/.test(name) ? name : domainToASCII(name) || name];
    });
    const sources = patterns.map((pattern) =>
        pattern
            .split("*")
            .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
            .join(".*"),
    );
    const expression = new RegExp(`^(?:${sources.join("|")})$`);
    return (name) => sources.length > 0 && expression.test(name);
}

/** Whether an order passes the filters. */
export function isSelected(
    { certificate }: OrderListItem,
    { isNamed, expiringIn }: Filters,
    now: Date,
): boolean {
    const { common_name: commonName, dns_names: dnsNames = [], valid_till: end } = certificate;
    if (isNamed && ![...nameSet({ commonName, dnsNames })].some(isNamed)) return false;
    return (
        expiringIn === undefined || (end !== undefined && Date.parse(end) <= now.getTime() + expiringIn * DAY)
    );
}

/** The reason, as far as the list shows it, why an order cannot be managed, in words that follow its id; undefined if it can be. */
export function whyUnmanageable(item: OrderListItem, now: Date): string | undefined {
    const { status, certificate } = item;
    const closed = closedReasonOf(item, now);
    if (closed !== undefined) {
        const renewal = item.is_renewed === true ? ", and was renewed" : "";
        return `the order ${closed}${renewal}, and allows no reissue`;
    }
    if (!isKnownStatus(status))
        return `the order is in the state "${quote(status)}", which this version does not know`;
    if (UNISSUED.has(status) && certificate.serial_number === undefined) {
        return `the order is ${status}, and no certificate was issued yet`;
    }
    if (certificate.status === "revoked") return `its certificate is revoked, ${notAdopted(item)}`;
    const { valid_till: end } = certificate;
    if (end !== undefined && Date.parse(end) + DAY <= now.getTime()) {
        return `its certificate expired on ${end}, ${notAdopted(item)}`;
    }
    return undefined;
}

function notAdopted({ id }: OrderListItem): string {
    return `and cannot be adopted; \`pulumi-digicert init ${id}\` writes a program that requests a reissue`;
}
