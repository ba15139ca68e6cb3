import { type Account } from "./account.js";
import { withoutUndefined } from "./json.js";
import { type CertificateRecord, type OrderRecord, pendingReissue, requestOf } from "./model.js";
import { type OrderPolicy } from "./policy.js";
import { type Origin, type Product } from "./terms.js";
import { outstandingDomains } from "./validation.js";

/** A copy of a certificate of an order, for tests. */
export interface CertificateView {
    certificateId: number;
    /** Origin of the certificate: the order, a POST to the API, somebody in the console, DigiCert's auto-reissue. */
    origin: Origin;
    status: "pending" | "issued" | "rejected" | "revoked";
    commonName?: string;
    /** The names in the request. */
    dnsNames: readonly string[];
    /** The names in the certificate. */
    names?: readonly string[];
    /** The CSR that was sent. */
    csr: string;
    signatureHash: string;
    serverPlatformId: number;
    caCertId?: string;
    /** The leaf, PEM. This and the following members are absent before issuance. */
    pem?: string;
    /** Upper-case hex. */
    serialNumber?: string;
    /** SHA-1, upper-case hex. */
    thumbprint?: string;
    validFrom?: Date;
    validTill?: Date;
    dateCreated: Date;
    dateIssued?: Date;
    revokedAt?: Date;
    /** Id of the request of the certificate. */
    requestId?: number;
    comments?: string;
}

/** A copy of a request, for tests. */
export interface RequestView {
    /** Id for `approve` and `reject`; `requestIds` of a `DigiCertReissue` holds it. */
    requestId: number;
    type: "new_request" | "reissue" | "revoke" | "duplicate";
    status: "submitted" | "pending" | "approved" | "rejected";
    comments?: string;
    processorComment?: string;
    certificateIds: readonly number[];
}

/** A copy of an order at one moment. */
export interface OrderView {
    orderId: number;
    /** Status that the API reports: `issued`, `reissue_pending`, `canceled`, `revoked`, `expired`, … */
    status: string;
    product: Product;
    /** `yyyy-MM-dd`. */
    orderValidTill: string;
    autoReissue: boolean;
    /** The certificate that was issued last. */
    current: CertificateView;
    /** The original and all reissues, oldest first. */
    certificates: CertificateView[];
    /** Duplicates of the certificate, oldest first. */
    duplicates: CertificateView[];
    requests: RequestView[];
    /** Ids of the certificates that DigiCert will revoke within 72 hours, because a reissue dropped a name. */
    scheduledRevocations: { certificateId: number; at: Date }[];
    /** Token to publish, if DigiCert has given one. */
    dcvRandomValue?: string;
    /** Domains of the pending reissue that are not validated. */
    domainsToValidate: string[];
    /** Id of the order that renews this order. */
    renewedOrderId?: number;
    policy: OrderPolicy;
}

function certificateView(order: OrderRecord, certificate: CertificateRecord): CertificateView {
    const { requested, leaf, status, origin, dateCreated, dateIssued, revokedAt } = certificate;
    const request = requestOf(order, certificate);
    return withoutUndefined({
        certificateId: certificate.id,
        origin,
        status,
        commonName: requested.commonName,
        dnsNames: requested.dnsNames,
        names: leaf?.names,
        csr: requested.csr,
        signatureHash: requested.signatureHash,
        serverPlatformId: requested.serverPlatformId,
        caCertId: requested.caCertId,
        pem: leaf?.pem,
        serialNumber: leaf?.serialNumber,
        thumbprint: leaf?.thumbprint,
        validFrom: leaf?.validFrom,
        validTill: leaf?.validTill,
        dateCreated,
        dateIssued,
        revokedAt,
        requestId: request?.id,
        comments: request?.comments,
    });
}

/**
 * Makes a copy of an order.
 *
 * @internal
 */
export function snapshot(account: Account, order: OrderRecord): OrderView {
    const pending = pendingReissue(order);
    return withoutUndefined({
        orderId: order.id,
        status: account.statusOf(order),
        product: { ...order.product },
        orderValidTill: order.orderValidTill,
        autoReissue: order.autoReissue,
        current: certificateView(order, order.current),
        certificates: order.certificates.map((one) => certificateView(order, one)),
        duplicates: order.duplicates.map((one) => certificateView(order, one)),
        requests: order.requests.map(({ id, type, status, comments, processorComment, certificateIds }) =>
            withoutUndefined({ requestId: id, type, status, comments, processorComment, certificateIds }),
        ),
        scheduledRevocations: [...order.certificates, ...order.duplicates].flatMap(
            ({ id, revocationDueAt }) =>
                revocationDueAt ? [{ certificateId: id, at: revocationDueAt }] : [],
        ),
        dcvRandomValue: order.dcvToken?.value,
        domainsToValidate: pending ? outstandingDomains(account, order, pending) : [],
        renewedOrderId: order.renewedOrderId,
        policy: { ...order.policy },
    });
}
