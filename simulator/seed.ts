import { type Account } from "./account.js";
import { addDays, earliest, isoDate } from "./calendar.js";
import { issue } from "./issuance.js";
import { makeKeyAndCsr } from "./keys.js";
import { addRequest, newCertificate } from "./lifecycle.js";
import { type CertificateRecord, isUnissued, type OrderRecord } from "./model.js";
import { type ExtendedKeyUsage, type OrderPolicy } from "./policy.js";
import { type Product, type SignatureHash } from "./terms.js";
import { validateDomains } from "./validation.js";

/** An order to make. Every member has a default. The order is issued, unless `status` says otherwise. */
export interface OrderSeed {
    /** Id of the order; default the next free id. */
    id?: number;
    /** Common name; default `shop.example`; `null` for a product without a common name. */
    commonName?: string | null;
    /** Further names; default none. The list may repeat the common name. */
    dnsNames?: readonly string[];
    /** CSR, PEM; without it the simulator makes a key and a CSR. */
    csr?: string;
    /** Hash of the signature; default `sha256`. */
    signatureHash?: SignatureHash;
    /** Id of the server platform; default -1 (Other). */
    serverPlatformId?: number;
    /** Product; default `ssl_plus`. */
    product?: Partial<Product>;
    /** Last day of the plan, `yyyy-MM-dd` or a date; default a year from now. */
    orderValidTill?: string | Date;
    /**
     * Validity of the certificate, to the second. By default it begins today, or the usual lifetime before `validTill`, and ends as
     * late as the policy allows.
     */
    validFrom?: Date;
    validTill?: Date;
    /** Status of the order; default `issued`. With a status before issuance, such as `pending`, the certificate is not issued. */
    status?: string;
    /** Whether DigiCert reissues automatically, 30 days before the certificate ends; default false. */
    autoReissue?: boolean;
    /** Whether DigiCert renews the order automatically, 30 days before its plan ends; default false. */
    autoRenew?: boolean;
    /** Id of the order that renews this order; that order need not exist. Default none. */
    renewedOrderId?: number;
    /** Id of the order that this order renews; default none. */
    renewalOfOrderId?: number;
    /** Alternative order id, for `GET /order/alternate/:id`; default none. */
    alternativeOrderId?: string;
    /** Extended key usage of the first certificate; default as the policy says. `serverAndClientAuth` was usual before 2025-10-01. */
    extendedKeyUsage?: ExtendedKeyUsage;
    comments?: string;
    /** Behaviour of DigiCert towards the order; default the policy of the simulator. */
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

// The start of a certificate whose end is given: it had the usual lifetime, unless that would put the start into the future.
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
    // The domains count as validated at this time, because the account renews the validation of its domains.
    validateDomains(account, order, certificate);
    issue(account, order, certificate, dates);
}

/**
 * Adds an order to the account; returns the private key if the simulator made it.
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
    account.addOrder(order);
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
