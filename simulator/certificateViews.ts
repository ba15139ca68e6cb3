// Makes the JSON of a certificate in "Order info" and "List reissues".
import { type Account } from "./account.js";
import { daysBetween, isoDate, isoTime } from "./calendar.js";
import { parseCsr } from "./csr.js";
import { type JsonObject, withoutUndefined } from "./json.js";
import {
    type CertificateRecord,
    type OrderRecord,
    pendingReissue,
    type RequestedCertificate,
} from "./model.js";
import { uniqueNames } from "./names.js";
import { organization, user } from "./organization.js";
import { fromPem, withCrLf } from "./pem.js";
import { serverPlatform } from "./platforms.js";

/** `ca_cert` of every certificate. */
export const caCert = { id: "EXAMPLECA000001", name: "Example TLS Issuing CA" };

function keySize(csr: string): number | undefined {
    try {
        return parseCsr(csr).keySize;
    } catch {
        return undefined; // a seed may hold a CSR that cannot be parsed
    }
}

function reportedCsr({ policy }: OrderRecord, { csr }: RequestedCertificate): string {
    switch (policy.reportedCsr) {
        case "asSent":
            return csr;
        case "crLf":
            return withCrLf(csr);
        case "bare":
            return fromPem(csr).toString("base64");
    }
}

function reportedNames(order: OrderRecord, commonName: string | undefined, names: readonly string[]) {
    if (order.policy.reportedDnsNames === "all") return names;
    const [common] = uniqueNames(commonName);
    return names.filter((name) => name !== common);
}

/** The certificate in the JSON of a request. */
export function requestedJson(order: OrderRecord, requested: RequestedCertificate): JsonObject {
    const { commonName, dnsNames } = requested;
    return withoutUndefined({
        common_name: commonName,
        dns_names: reportedNames(order, commonName, uniqueNames(commonName, ...dnsNames)),
        csr: reportedCsr(order, requested),
        organization: { id: organization.id },
        organization_units: [],
        server_platform: serverPlatform(requested.serverPlatformId),
        signature_hash: requested.signatureHash,
        key_size: keySize(requested.csr),
        ca_cert: caCert,
    });
}

function issuedJson(account: Account, order: OrderRecord, certificate: CertificateRecord): JsonObject {
    const { leaf, id, requested } = certificate;
    if (!leaf) return {};
    const names = reportedNames(order, requested.commonName, leaf.names);
    return {
        id,
        thumbprint: leaf.thumbprint,
        serial_number: leaf.serialNumber,
        ...(leaf.names.length > 0 ? { dns_names: names } : {}),
        valid_from: isoDate(leaf.validFrom),
        valid_till: isoDate(leaf.validTill),
        days_remaining: daysBetween(account.now(), leaf.validTill),
        cert_validity: { custom_expiration_date: isoDate(leaf.validTill) },
    };
}

// Documented: the time when the order was made, and the time when its primary certificate was issued. [?] Which certificate is
// primary after a reissue.
function datesJson(order: OrderRecord, shown: CertificateRecord): JsonObject {
    switch (order.policy.certificateDates) {
        case "absent":
            return {};
        case "order": {
            const issued = order.certificates[0]?.dateIssued;
            return {
                date_created: isoTime(order.dateCreated),
                ...(issued && { date_issued: isoTime(issued) }),
            };
        }
        case "reissue": {
            const { dateCreated, dateIssued } = shown;
            return {
                date_created: isoTime(dateCreated),
                ...(dateIssued && { date_issued: isoTime(dateIssued) }),
            };
        }
    }
}

/** `order.certificate`; it has a `status` only after a reissue or a revocation. */
export function certificateJson(account: Account, order: OrderRecord): JsonObject {
    const { current, policy } = order;
    const pending = pendingReissue(order);
    // [?] Which certificate an order shows while a reissue is pending.
    if (pending && policy.certificateWhilePending === "pending") {
        return {
            ...requestedJson(order, pending.requested),
            id: pending.id,
            ...datesJson(order, pending),
            status: "pending",
        };
    }
    const changed = current.origin !== "order" || current.status === "revoked";
    return {
        ...requestedJson(order, current.requested),
        ...issuedJson(account, order, current),
        ...(policy.reportedHash ? { signature_hash: policy.reportedHash } : {}),
        ...datesJson(order, current),
        ...(changed ? { status: current.status } : {}),
    };
}

/** An item of the list of duplicates, as in a client's fixture. */
export function duplicateJson(order: OrderRecord, certificate: CertificateRecord): JsonObject {
    const { requested, leaf, id } = certificate;
    const place = order.duplicates.indexOf(certificate) + 1;
    return withoutUndefined({
        ...requestedJson(order, requested),
        id,
        thumbprint: leaf?.thumbprint,
        serial_number: leaf?.serialNumber,
        status: certificate.status === "issued" ? "approved" : certificate.status,
        date_created: isoTime(certificate.dateCreated),
        valid_from: leaf && isoDate(leaf.validFrom),
        valid_till: leaf && isoDate(leaf.validTill),
        ca_cert_id: caCert.id,
        sub_id: String(place).padStart(3, "0"),
    });
}

/** An item of the list of reissues; counters are strings, flags are 0 or 1. */
export function reissueJson(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
): JsonObject {
    const { requested, leaf, dateIssued, id } = certificate;
    const requestedNames = uniqueNames(...requested.dnsNames);
    const [commonName] = uniqueNames(requested.commonName);
    // The list contains the common name only if the request's list does.
    const names =
        leaf?.names.filter((name) => name !== commonName || requestedNames.includes(name)) ?? requestedNames;
    return withoutUndefined({
        id,
        thumbprint: leaf?.thumbprint,
        serial_number: leaf?.serialNumber,
        common_name: requested.commonName,
        dns_names: names,
        // [?] The documentation knows issued, pending and rejected; what a revoked reissue shows is assumed.
        status: certificate.status,
        date_created: isoTime(certificate.dateCreated),
        date_issued: dateIssued && isoTime(dateIssued),
        valid_till: leaf && isoDate(leaf.validTill),
        days_remaining: leaf && daysBetween(account.now(), leaf.validTill),
        csr: reportedCsr(order, requested),
        key_size: keySize(requested.csr),
        archived: 0,
        user_id: user.id,
        email: user.email,
        firstname: user.first_name,
        lastname: user.last_name,
        receipt_id: "4711",
        purchased_dns_names: "0",
        purchased_wildcard_names: "0",
    });
}
