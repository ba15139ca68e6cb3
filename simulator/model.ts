import { type Leaf } from "./authority.js";
import { type JsonObject } from "./json.js";
import { type DcvMethod, type OrderPolicy } from "./policy.js";
import { type Origin, type Product, type SignatureHash } from "./terms.js";

export { type Origin, type Product } from "./terms.js";

/** A requested `cert_validity`. */
export interface CertValidity {
    years?: number | undefined;
    days?: number | undefined;
    custom_expiration_date?: string | undefined;
}

/** The certificate that a request asks for. */
export interface RequestedCertificate {
    commonName: string | undefined;
    dnsNames: readonly string[];
    csr: string;
    signatureHash: SignatureHash;
    serverPlatformId: number;
    caCertId: string | undefined;
    validity: CertValidity | undefined;
    /** `profile_option`: requests another extended key usage than the default. */
    profileOption?: string | undefined;
}

/** A version of the certificate on an order. */
export interface CertificateRecord {
    readonly id: number;
    readonly orderId: number;
    readonly origin: Origin;
    readonly requested: RequestedCertificate;
    readonly dateCreated: Date;
    status: "pending" | "issued" | "rejected" | "revoked";
    awaitsApproval: boolean;
    /** Domains that were validated for this certificate. */
    readonly validatedDomains: Set<string>;
    /** Time from which DigiCert searches for published tokens; undefined while the request waits for an approver. */
    validationRequestedAt: Date | undefined;
    /** Time of DigiCert's last check by itself. */
    polledAt: Date | undefined;
    /** Time at which domains and organization were validated; issuance follows `issuanceMs` later. */
    validatedAt: Date | undefined;
    dateIssued: Date | undefined;
    leaf: Leaf | undefined;
    /** Time of the coming revocation, if a newer certificate has dropped a name. */
    revocationDueAt: Date | undefined;
    revokedAt: Date | undefined;
}

/** A request in the approval workflow. */
export interface RequestRecord {
    readonly id: number;
    readonly orderId: number;
    readonly type: "new_request" | "reissue" | "revoke" | "duplicate";
    readonly date: Date;
    readonly comments: string | undefined;
    /** Whether the API shows the comments. */
    readonly commentsVisible: boolean;
    /** Whether its approval was skipped. */
    readonly skipped: boolean;
    /** The certificates of the request: the certificate to issue, or the certificates to revoke. */
    readonly certificateIds: readonly number[];
    /** Whether the request revokes the order as a whole. */
    readonly wholeOrder: boolean;
    status: "submitted" | "pending" | "approved" | "rejected";
    dateProcessed: Date | undefined;
    processorComment: string | undefined;
}

/** Token that proves control over the domains of an order. */
export interface DcvToken {
    value: string;
    expires: Date;
    /** Time from which the token counts as published for all domains of the order. */
    publishedAt: Date | undefined;
    /** Whether a validation was completed with it. */
    used: boolean;
}

/** An earlier view of an order, which reads show until a moment although the order has changed. */
export interface FrozenReads {
    readonly until: Date;
    readonly order: JsonObject;
    readonly listItem: JsonObject;
    readonly reissues: readonly JsonObject[];
}

/** An order. */
export interface OrderRecord {
    readonly id: number;
    readonly product: Product;
    readonly dateCreated: Date;
    /** `yyyy-MM-dd`, last day of the plan. */
    readonly orderValidTill: string;
    readonly certificates: CertificateRecord[];
    readonly duplicates: CertificateRecord[];
    readonly requests: RequestRecord[];
    policy: OrderPolicy;
    /** Status of the order apart from pending reissues, the end of the plan and the policy. */
    baseStatus: string;
    /** The certificate that was issued last. */
    current: CertificateRecord;
    lastReissuedDate: Date | undefined;
    autoReissue: boolean;
    /** The certificate for which DigiCert has made an auto-reissue; DigiCert makes one auto-reissue per certificate. */
    autoReissuedFrom: CertificateRecord | undefined;
    isRenewed: boolean;
    /** Id of the order that renews this order. */
    renewedOrderId: number | undefined;
    /** Id of the order that this order renews. */
    readonly renewalOfOrderId: number | undefined;
    /** Whether DigiCert renews the order automatically, 30 days before it ends. */
    autoRenew: boolean;
    readonly alternativeOrderId: string | undefined;
    dcvMethod: DcvMethod | undefined;
    dcvToken: DcvToken | undefined;
    frozenReads: FrozenReads | undefined;
    /** Downloads that returned another certificate since the policy was set. */
    wrongDownloads: number;
    /** Number of reissue POSTs that arrived. */
    reissuePosts: number;
    /** Number of reissue POSTs that made a certificate. */
    committedReissues: number;
}

/** Whether a product is for TLS, and so needs a common name. */
export function isTls(product: Product): boolean {
    return product.type === "ssl_certificate";
}

const unissued = [
    "pending",
    "needs_approval",
    "needs_csr",
    "processing",
    "waiting_pickup",
    "rejected",
    "denied",
];

/** Whether an order with this status has no certificate yet. */
export function isUnissued(status: string): boolean {
    return unissued.includes(status);
}

/** The pending reissue of an order. */
export function pendingReissue(order: OrderRecord): CertificateRecord | undefined {
    return order.certificates.find(({ status, origin }) => status === "pending" && origin !== "order");
}

/** The method by which control over the domains of an order is proven. */
export function dcvMethodOf(order: OrderRecord): DcvMethod {
    return order.dcvMethod ?? order.policy.dcvMethod;
}

/** The request of a certificate. */
export function requestOf(order: OrderRecord, certificate: CertificateRecord): RequestRecord | undefined {
    return order.requests.find((one) => one.type !== "revoke" && one.certificateIds.includes(certificate.id));
}
