// DigiCert's checks of control over domains: on a check-dcv request, and by itself.
import { type Account } from "./account.js";
import { DAY } from "./calendar.js";
import { advance } from "./issuance.js";
import { type CertificateRecord, dcvMethodOf, type OrderRecord, pendingReissue } from "./model.js";
import { type RecordLookup } from "./records.js";
import { isProven, lookupsOf, outstandingDomains } from "./validation.js";

/** Searches for the token of each domain that is not validated. If all are found, the certificate may be issued. */
export function checkDomains(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    const outstanding = outstandingDomains(account, order, certificate);
    for (const domain of outstanding) {
        if (!isProven(account, order, domain)) continue;
        certificate.validatedDomains.add(domain);
        if (order.product.validation_type !== "dv") account.domains.set(domain, account.now());
    }
    if (outstanding.length > 0 && outstandingDomains(account, order, certificate).length === 0) {
        completeValidation(order);
    }
    advance(account, order, certificate);
}

function completeValidation(order: OrderRecord): void {
    if (order.dcvToken) order.dcvToken.used = true;
    if (order.policy.domains === "unvalidated") order.policy = { ...order.policy, domains: "byProduct" };
}

const MINUTE = 60_000;
const longestPause = 6 * 60 * MINUTE;
const pollingTime = 7 * DAY;

/**
 * The time of DigiCert's next check by itself; undefined after the last. Documented: growing intervals, for one week. The
 * length of the intervals is not documented; here it is 1, 2, 4 minutes, and so on up to 6 hours.
 */
export function nextPollAt(order: OrderRecord, certificate: CertificateRecord): Date | undefined {
    const { validationRequestedAt: start, polledAt } = certificate;
    if (!start || certificate.validatedAt || !order.policy.pollsDcv || dcvMethodOf(order) === "email") {
        return undefined;
    }
    const last = polledAt?.getTime() ?? start.getTime();
    let at = start.getTime();
    for (let pause = MINUTE; at <= last; pause = Math.min(pause * 2, longestPause)) at += pause;
    return at - start.getTime() > pollingTime ? undefined : new Date(at);
}

/** Makes a check of DigiCert by itself, which no request asked for. */
export function makeOwnCheck(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    certificate.polledAt = account.now();
    checkDomains(account, order, certificate);
}

/** Whether a check at this time would find a further token. */
export function hasNewRecords(account: Account, order: OrderRecord, certificate: CertificateRecord): boolean {
    return outstandingDomains(account, order, certificate).some((domain) => isProven(account, order, domain));
}

/** Lists the records to query before a request is handled: of the given orders, or of all orders whose next check is due. */
export function dueLookups(account: Account, orderId?: number): RecordLookup[] {
    return [...account.orders.values()].flatMap((order) => {
        const pending = pendingReissue(order);
        if (!pending) return [];
        const due = nextPollAt(order, pending);
        if (order.id !== orderId && !(due && due <= account.clock.now())) return [];
        return outstandingDomains(account, order, pending).flatMap((domain) => lookupsOf(order, domain));
    });
}
