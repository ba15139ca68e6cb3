import { type Leaf } from "./authority.js";
import { type JsonObject } from "./json.js";
import { type DcvMethod, type OrderPolicy } from "./policy.js";
import { type Origin, type Product, type SignatureHash } from "./terms.js";

export { type Origin, type Product } from "./terms.js";

/** What `cert_validity` may ask for. */
export interface CertValidity {
    years?: number | undefined;
    days?: number | undefined;
    custom_expiration_date?: string | undefined;
}

/** What a request says about the certificate that it is for. */
export interface RequestedCertificate {
    commonName: string | undefined;
    dnsNames: readonly string[];
    csr: string;
    signatureHash: SignatureHash;
    serverPlatformId: number;
    caCertId: string | undefined;
    validity: CertValidity | undefined;
    /** `profile_option`: asks for another extended key usage than the default. */
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
    /** From when on DigiCert looks for published tokens; undefined while an approver is waited for. */
    validationRequestedAt: Date | undefined;
    /** When DigiCert last looked by itself. */
    polledAt: Date | undefined;
    /** When domains and organization were found valid; issuance follows `issuanceMs` later. */
    validatedAt: Date | undefined;
    dateIssued: Date | undefined;
    leaf: Leaf | undefined;
    /** Set when a newer certificate dropped a name. */
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
    /** Certificates it is about: the one to be issued, or those to be revoked. */
    readonly certificateIds: readonly number[];
    /** A revocation of the order as a whole. */
    readonly wholeOrder: boolean;
    status: "submitted" | "pending" | "approved" | "rejected";
    dateProcessed: Date | undefined;
    processorComment: string | undefined;
}

/** Token that proves control over the domains of an order. */
export interface DcvToken {
    value: string;
    expires: Date;
    /** Since when records for all domains of the order hold it, whatever else was published. */
    publishedAt: Date | undefined;
    /** Whether a validation was completed with it. */
    used: boolean;
}

/** What reads of an order show until some moment, though it has changed. */
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
    /** Status without what follows from pending reissues, the end of the plan and the policy. */
    baseStatus: string;
    /** Certificate that was issued last. */
    current: CertificateRecord;
    lastReissuedDate: Date | undefined;
    autoReissue: boolean;
    /** Certificate that DigiCert has already reissued by itself: it does so once. */
    autoReissuedFrom: CertificateRecord | undefined;
    isRenewed: boolean;
    /** Order that renews this one. */
    renewedOrderId: number | undefined;
    /** Order that this one renews. */
    readonly renewalOfOrderId: number | undefined;
    /** Whether DigiCert itself renews the order 30 days before it ends. */
    autoRenew: boolean;
    readonly alternativeOrderId: string | undefined;
    dcvMethod: DcvMethod | undefined;
    dcvToken: DcvToken | undefined;
    frozenReads: FrozenReads | undefined;
    /** Downloads that returned another certificate since the policy was set. */
    wrongDownloads: number;
    /** POSTs to reissue that arrived, and those that made a certificate. */
    reissuePosts: number;
    committedReissues: number;
}

/** Whether it is a TLS product: one that needs a common name. */
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

/** The reissue that is not issued yet, if there is one. */
export function pendingReissue(order: OrderRecord): CertificateRecord | undefined {
    return order.certificates.find((one) => one.status === "pending" && one.origin !== "order");
}

/** How control over the domains of an order is to be proven. */
export function dcvMethodOf(order: OrderRecord): DcvMethod {
    return order.dcvMethod ?? order.policy.dcvMethod;
}

/** The request a certificate came with. */
export function requestOf(order: OrderRecord, certificate: CertificateRecord): RequestRecord | undefined {
    return order.requests.find((one) => one.type !== "revoke" && one.certificateIds.includes(certificate.id));
}
