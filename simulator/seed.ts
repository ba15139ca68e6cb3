import { type Account } from "./account.js";
import { addDays, earliest, isoDate } from "./calendar.js";
import { issue } from "./issuance.js";
import { makeKeyAndCsr } from "./keys.js";
import { addRequest, newCertificate } from "./lifecycle.js";
import { type CertificateRecord, isUnissued, type OrderRecord } from "./model.js";
import { type ExtendedKeyUsage, type OrderPolicy } from "./policy.js";
import { type Product, type SignatureHash } from "./terms.js";
import { validateDomains } from "./validation.js";

/** An order to start with. Everything has a default; unless `status` says otherwise, it is issued. */
export interface OrderSeed {
    /** Default: the next free one. */
    id?: number;
    /** Default `shop.example`; `null` for a product that takes none. */
    commonName?: string | null;
    /** The further names, default none; whether the common name is among them makes no difference. */
    dnsNames?: readonly string[];
    /** PEM; without it the simulator makes a key. */
    csr?: string;
    /** Default `sha256`. */
    signatureHash?: SignatureHash;
    /** Default -1 (Other). */
    serverPlatformId?: number;
    /** Default `ssl_plus`. */
    product?: Partial<Product>;
    /** `yyyy-MM-dd`, or a date of which the day counts; default a year from now. */
    orderValidTill?: string | Date;
    /** Of the certificate, to the second; default today (or such that the lifetime is the usual one) and what the policy allows. */
    validFrom?: Date;
    validTill?: Date;
    /** Status of the order, default `issued`. One that comes before issuance leaves the certificate unissued. */
    status?: string;
    /** Whether DigiCert itself reissues 30 days before the end; default false. */
    autoReissue?: boolean;
    /** Whether DigiCert itself renews the order 30 days before its plan ends; default false. */
    autoRenew?: boolean;
    /** Order that renews this one, whether it exists or not; default none. */
    renewedOrderId?: number;
    /** Order that this one renews; default none. */
    renewalOfOrderId?: number;
    /** What `GET /order/alternate/:id` finds it by; default none. */
    alternativeOrderId?: string;
    /** Of the first certificate; default as the policy says. Before 2025-10-01 `serverAndClientAuth` was usual. */
    extendedKeyUsage?: ExtendedKeyUsage;
    comments?: string;
    /** How DigiCert behaves towards the order; default as the simulator was started. */
    policy?: Partial<OrderPolicy>;
}

const defaultProduct: Product = {
    name_id: "ssl_plus",
    name: "SSL Plus",
    type: "ssl_certificate",
    validation_type: "ov",
};

async function csrOf(seed: OrderSeed, commonName: string): Promise<{ csrPem: string; keyPem?: string }> {
    if (seed.csr !== undefined) return { csrPem: seed.csr };
    return makeKeyAndCsr({ commonName, dnsNames: seed.dnsNames ?? [] });
}

function emptyOrder(account: Account, seed: OrderSeed): Omit<OrderRecord, "current"> {
    const till = seed.orderValidTill ?? addDays(account.now(), 365);
    const policy = { ...account.settings.policy, ...seed.policy };
    return {
        id: seed.id ?? account.nextId("order"),
        product: { ...defaultProduct, ...seed.product },
        dateCreated: validFromOf(account, policy, seed) ?? account.now(),
        orderValidTill: typeof till === "string" ? till : isoDate(till),
        certificates: [],
        duplicates: [],
        requests: [],
        policy,
        baseStatus: seed.status ?? "issued",
        lastReissuedDate: undefined,
        autoReissue: seed.autoReissue ?? false,
        autoReissuedFrom: undefined,
        isRenewed: seed.renewedOrderId !== undefined,
        renewedOrderId: seed.renewedOrderId,
        renewalOfOrderId: seed.renewalOfOrderId,
        autoRenew: seed.autoRenew ?? false,
        alternativeOrderId: seed.alternativeOrderId,
        dcvMethod: undefined,
        dcvToken: undefined,
        frozenReads: undefined,
        wrongDownloads: 0,
        reissuePosts: 0,
        committedReissues: 0,
    };
}

// A certificate that ends in 12 days was issued long ago, with the usual lifetime.
function validFromOf(account: Account, policy: OrderPolicy, seed: OrderSeed): Date | undefined {
    if (seed.validFrom || !seed.validTill) return seed.validFrom;
    return earliest(account.now(), addDays(seed.validTill, -policy.maxValidityDays));
}

function issueFirst(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
    seed: OrderSeed,
): void {
    const notBefore = validFromOf(account, order.policy, seed);
    const dates = {
        ...(notBefore && { at: notBefore, notBefore }),
        ...(seed.validTill && { notAfter: seed.validTill }),
        ...(seed.extendedKeyUsage && { extendedKeyUsage: seed.extendedKeyUsage }),
    };
    // Whenever the order was made: the account has kept the validation of its domains up to date.
    validateDomains(account, order, certificate);
    issue(account, order, certificate, dates);
}

/**
 * Puts an order into the account; gives back the private key if the simulator made it.
 *
 * @internal
 */
export async function seedOrder(
    account: Account,
    seed: OrderSeed = {},
): Promise<{ order: OrderRecord; keyPem: string | undefined }> {
    const { commonName = "shop.example", status = "issued" } = seed;
    const { csrPem, keyPem } = await csrOf(seed, commonName ?? "no name");
    const empty = emptyOrder(account, seed);
    if (account.orders.has(empty.id)) throw new Error(`order ${empty.id} exists already`);
    const requested = {
        commonName: commonName ?? undefined,
        dnsNames: seed.dnsNames ?? [],
        csr: csrPem,
        signatureHash: seed.signatureHash ?? "sha256",
        serverPlatformId: seed.serverPlatformId ?? -1,
        caCertId: undefined,
        validity: undefined,
    };
    const current = newCertificate(account, empty, "order", requested, empty.dateCreated);
    empty.certificates.push(current);
    const order: OrderRecord = { ...empty, current };
    account.orders.set(order.id, order);
    const request = { type: "new_request", comments: seed.comments, certificateIds: [current.id] } as const;
    const pending = status === "needs_approval";
    current.awaitsApproval = pending;
    addRequest(account, order, { ...request, status: pending ? "pending" : "approved" });
    if (!isUnissued(status)) issueFirst(account, order, current, seed);
    if (status === "revoked") {
        current.status = "revoked";
        current.revokedAt = account.now();
    }
    return { order, keyPem };
}
