import { generateKeyPairSync } from "node:crypto";
import { type Account } from "./account.js";
import { addDays, addYears, earliest, endOfDay, parseDate, startOfDay } from "./calendar.js";
import { parseCsr } from "./csr.js";
import {
    type CertificateRecord,
    isTls,
    isUnissued,
    type OrderRecord,
    type RequestedCertificate,
} from "./model.js";
import { canonicalName, removedNames, uniqueNames } from "./names.js";
import { organization } from "./organization.js";
import { type ExtendedKeyUsage } from "./policy.js";
import { outstandingDomains } from "./validation.js";

/** The time at which a pending certificate will be issued; undefined while it waits for an approval or a validation. */
export function issuanceDueAt(order: OrderRecord, certificate: CertificateRecord): Date | undefined {
    if (certificate.awaitsApproval || !certificate.validatedAt) return undefined;
    return new Date(certificate.validatedAt.getTime() + order.policy.issuanceMs);
}

/** Records the beginning of the issuance time if a pending certificate waits for neither approval nor validation. */
export function recordValidation(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    if (certificate.awaitsApproval || certificate.validatedAt) return;
    certificate.validationRequestedAt ??= account.now();
    if (order.policy.organization === "unvalidated") return;
    if (outstandingDomains(account, order, certificate).length > 0) return;
    certificate.validatedAt = account.now();
}

/** Advances a pending certificate to the latest step that is possible now. */
export function advance(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    recordValidation(account, order, certificate);
    const due = issuanceDueAt(order, certificate);
    if (due && due <= account.now()) issue(account, order, certificate);
}

function lastDay(now: Date, order: OrderRecord, { origin, requested }: CertificateRecord): Date {
    const { policy, current } = order;
    const { validity } = requested;
    const custom = validity?.custom_expiration_date && parseDate(validity.custom_expiration_date);
    const ends = [addDays(startOfDay(now), policy.maxValidityDays), startOfDay(order.orderValidTill)];
    if (custom) ends.push(custom);
    if (validity?.days) ends.push(addDays(startOfDay(now), validity.days));
    if (validity?.years) ends.push(addYears(startOfDay(now), validity.years));
    if (origin !== "order") {
        const limits = [policy.fixedValidTill, policy.prolongs ? undefined : current.leaf?.validTill];
        for (const limit of limits) if (limit && endOfDay(limit) > now) ends.push(startOfDay(limit));
    }
    return earliest(...ends);
}

/** Properties of a certificate that are not in its request. */
interface Issuance {
    /** Time of issuance; default now. */
    at?: Date;
    /** The dates of the certificate; default the dates that follow from order and policy. */
    notBefore?: Date;
    notAfter?: Date;
    extendedKeyUsage?: ExtendedKeyUsage;
}

function requestedUsage({ profileOption }: RequestedCertificate): ExtendedKeyUsage | undefined {
    if (profileOption === "server_client_auth_eku") return "serverAndClientAuth";
    return profileOption === "server_auth_only_eku" ? "serverAuth" : undefined;
}

/** Signs the certificate of a record; the order does not change. */
export function makeLeaf(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
    as: Issuance = {},
): void {
    const { requested } = certificate;
    const { policy, product } = order;
    const now = as.at ?? account.now();
    const tls = isTls(product);
    const usage = as.extendedKeyUsage ?? requestedUsage(requested) ?? policy.extendedKeyUsage;
    const spki = policy.wrongKey
        ? generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "der", type: "spki" })
        : parseCsr(requested.csr).spki;
    certificate.leaf = account.authority.issue({
        spki,
        commonName: requested.commonName === undefined ? undefined : canonicalName(requested.commonName),
        names: tls ? uniqueNames(requested.commonName, ...requested.dnsNames, ...policy.addsNames) : [],
        organization: product.validation_type === "dv" ? undefined : organization,
        hash: policy.reportedHash ?? requested.signatureHash,
        notBefore: as.notBefore ?? startOfDay(now),
        notAfter: as.notAfter ?? endOfDay(lastDay(now, order, certificate)),
        usage: tls ? usage : "codeSigning",
    });
    certificate.status = "issued";
    certificate.dateIssued = now;
}

/** Issues a duplicate: it ends with the order's certificate, and replaces none. */
export function issueDuplicate(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    const notAfter = order.current.leaf?.validTill;
    makeLeaf(account, order, certificate, notAfter && { notAfter });
    account.reportChange(order, certificate);
}

/** Issues a certificate, which becomes the current certificate of the order. */
export function issue(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
    as: Issuance = {},
): void {
    makeLeaf(account, order, certificate, as);
    const now = as.at ?? account.now();
    if (certificate.origin === "order") {
        if (isUnissued(order.baseStatus)) order.baseStatus = "issued";
        return;
    }
    scheduleRevocations(order, certificate, new Date(now.getTime() + order.policy.revocationDelayMs));
    order.current = certificate;
    order.lastReissuedDate = now;
    account.reportChange(order);
}

// If a name was removed or changed, the original, all reissues and all duplicates are revoked.
function scheduleRevocations(order: OrderRecord, issued: CertificateRecord, at: Date): void {
    const { current, policy } = order;
    const removed = removedNames(current.leaf?.names ?? [], issued.leaf?.names ?? []).filter(
        (name) =>
            policy.commonNameChangeRevokes || name !== canonicalName(current.requested.commonName ?? ""),
    );
    if (removed.length === 0) return;
    for (const earlier of [...order.certificates, ...order.duplicates]) {
        if (earlier !== issued && earlier.status === "issued") earlier.revocationDueAt ??= at;
    }
}

/** Revokes one certificate; the order stays active, unless the account is set otherwise. */
export function revoke(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    certificate.status = "revoked";
    certificate.revokedAt = account.now();
    certificate.revocationDueAt = undefined;
    const isOnly = order.certificates.every((one) => one.status !== "issued");
    if (isOnly && order.policy.revocationEndsOrder) order.baseStatus = "revoked";
    account.reportChange(order, certificate);
}
