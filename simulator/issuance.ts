import { generateKeyPairSync } from "node:crypto";
import { type Account } from "./account.js";
import { DAY, addDays, addYears, earliest, endOfDay, parseDate, startOfDay } from "./calendar.js";
import { parseCsr } from "./csr.js";
import {
    type CertificateRecord,
    isTls,
    isUnissued,
    type OrderRecord,
    type WantedCertificate,
} from "./model.js";
import { canonicalName, removedNames, uniqueNames } from "./names.js";
import { organization } from "./organization.js";

/** DigiCert revokes the earlier certificates this long after one that drops a name. */
export const revocationDelay = 3 * DAY;

/** When a pending certificate is to be issued, as things stand; undefined while it waits for somebody. */
export function issuanceDueAt(order: OrderRecord, certificate: CertificateRecord): Date | undefined {
    if (certificate.awaitsApproval || !certificate.validatedAt) return undefined;
    return new Date(certificate.validatedAt.getTime() + order.policy.issuanceMs);
}

/** Notes that nothing but time stands between a pending certificate and its issuance, if that is so. */
export function validate(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    if (certificate.awaitsApproval || order.policy.domains === "unvalidated") return;
    certificate.validatedAt ??= account.now();
}

/** Moves a pending certificate as far as it can go now. */
export function proceed(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    validate(account, order, certificate);
    const due = issuanceDueAt(order, certificate);
    if (due && due <= account.now()) issue(account, order, certificate);
}

function lastDay(now: Date, order: OrderRecord, { validity }: WantedCertificate): Date {
    const custom = validity?.custom_expiration_date && parseDate(validity.custom_expiration_date);
    const ends = [addDays(startOfDay(now), order.policy.maxValidityDays), startOfDay(order.orderValidTill)];
    if (custom) ends.push(custom);
    if (validity?.days) ends.push(addDays(startOfDay(now), validity.days));
    if (validity?.years) ends.push(addYears(startOfDay(now), validity.years));
    return earliest(...ends);
}

/** Issues a certificate; `as` overrides the time of issuance, and the dates that the order and the policy would give. */
export function issue(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
    as: { at?: Date; notBefore?: Date; notAfter?: Date } = {},
): void {
    const { wanted } = certificate;
    const { policy, product } = order;
    const now = as.at ?? account.now();
    const tls = isTls(product);
    const spki = policy.wrongKey
        ? generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "der", type: "spki" })
        : parseCsr(wanted.csr).spki;
    certificate.leaf = account.authority.issue({
        spki,
        commonName: wanted.commonName === undefined ? undefined : canonicalName(wanted.commonName),
        names: tls ? uniqueNames(wanted.commonName, ...wanted.dnsNames, ...policy.addsNames) : [],
        organization: product.validation_type === "dv" ? undefined : organization,
        hash: policy.reportedHash ?? wanted.signatureHash,
        notBefore: as.notBefore ?? startOfDay(now),
        notAfter: as.notAfter ?? endOfDay(lastDay(now, order, wanted)),
        usage: tls ? "serverAuth" : "codeSigning",
    });
    certificate.status = "issued";
    certificate.dateIssued = now;
    if (certificate.origin === "order") {
        if (isUnissued(order.baseStatus)) order.baseStatus = "issued";
        return;
    }
    scheduleRevocations(order, certificate, new Date(now.getTime() + revocationDelay));
    order.current = certificate;
    order.lastReissuedDate = now;
    account.changed(order);
}

// Names removed or changed: the original and all reissues go, not only the one that is replaced.
function scheduleRevocations(order: OrderRecord, issued: CertificateRecord, at: Date): void {
    const removed = removedNames(order.current.leaf?.names ?? [], issued.leaf?.names ?? []);
    if (removed.length === 0) return;
    for (const earlier of order.certificates) {
        if (earlier !== issued && earlier.status === "issued") earlier.revocationDueAt ??= at;
    }
}

/** Revokes one certificate; the order stays active. */
export function revoke(account: Account, order: OrderRecord, certificate: CertificateRecord): void {
    certificate.status = "revoked";
    certificate.revokedAt = account.now();
    certificate.revocationDueAt = undefined;
    account.changed(order, certificate);
}
