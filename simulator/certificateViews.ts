// The JSON of a certificate, as "Order info" and "List reissues" show it.
import { type Account } from "./account.js";
import { daysBetween, isoDate, isoTime } from "./calendar.js";
import { parseCsr } from "./csr.js";
import { type JsonObject, withoutUndefined } from "./json.js";
import { type CertificateRecord, type OrderRecord, type WantedCertificate } from "./model.js";
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
        return undefined; // an order may be seeded with a CSR that cannot be parsed
    }
}

function reportedCsr({ policy }: OrderRecord, { csr }: WantedCertificate): string {
    switch (policy.reportedCsr) {
        case "asSent":
            return csr;
        case "crLf":
            return withCrLf(csr);
        case "bare":
            return fromPem(csr).toString("base64");
    }
}

/** What a certificate was asked to be. */
export function requestedJson(order: OrderRecord, wanted: WantedCertificate): JsonObject {
    return withoutUndefined({
        common_name: wanted.commonName,
        dns_names: uniqueNames(wanted.commonName, ...wanted.dnsNames),
        csr: reportedCsr(order, wanted),
        organization: { id: organization.id },
        organization_units: [],
        server_platform: serverPlatform(wanted.serverPlatformId),
        signature_hash: wanted.signatureHash,
        key_size: keySize(wanted.csr),
        ca_cert: caCert,
    });
}

function issued(account: Account, { leaf, id, dateIssued }: CertificateRecord): JsonObject {
    if (!leaf || !dateIssued) return {};
    return {
        id,
        thumbprint: leaf.thumbprint,
        serial_number: leaf.serialNumber,
        ...(leaf.names.length > 0 ? { dns_names: leaf.names } : {}),
        date_issued: isoTime(dateIssued),
        valid_from: isoDate(leaf.validFrom),
        valid_till: isoDate(leaf.validTill),
        days_remaining: daysBetween(account.now(), leaf.validTill),
        cert_validity: { custom_expiration_date: isoDate(leaf.validTill) },
    };
}

/** `order.certificate`; `status` is there only once the certificate was reissued or revoked. */
export function certificateJson(account: Account, order: OrderRecord): JsonObject {
    const { current } = order;
    const changed = current.origin !== "order" || current.status === "revoked";
    return {
        ...requestedJson(order, current.wanted),
        ...issued(account, current),
        ...(order.policy.reportedHash ? { signature_hash: order.policy.reportedHash } : {}),
        date_created: isoTime(current.dateCreated),
        ...(changed ? { status: current.status } : {}),
    };
}

/** An item of the list of reissues; counters are strings, flags are 0 or 1. */
export function reissueJson(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
): JsonObject {
    const { wanted, leaf, dateIssued, id } = certificate;
    const asked = uniqueNames(...wanted.dnsNames);
    const [commonName] = uniqueNames(wanted.commonName);
    // The common name is among them only if it was asked for as one of them.
    const names = leaf?.names.filter((name) => name !== commonName || asked.includes(name)) ?? asked;
    return withoutUndefined({
        id,
        thumbprint: leaf?.thumbprint,
        serial_number: leaf?.serialNumber,
        common_name: wanted.commonName,
        dns_names: names,
        // [?] The documentation knows issued, pending and rejected; what a revoked reissue shows is assumed.
        status: certificate.status,
        date_created: isoTime(certificate.dateCreated),
        date_issued: dateIssued && isoTime(dateIssued),
        valid_till: leaf && isoDate(leaf.validTill),
        days_remaining: leaf && daysBetween(account.now(), leaf.validTill),
        csr: reportedCsr(order, wanted),
        key_size: keySize(wanted.csr),
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
