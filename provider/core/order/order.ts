/**
 * The order that `getOrder` returns.
 *
 * @module
 */

/**
 * A CertCentral order: its names, product, plan, current certificate and pending reissue. A member that DigiCert does not report is absent. DigiCert's statuses and product names are returned as they are,
 * also those that this release does not know.
 *
 * Source: DigiCert Services API, "Order info", `GET /order/certificate/{order_id}`.
 *
 * @example
 * ```ts
 * import { getOrder, type Order } from "pulumi-digicert";
 *
 * const names = ({ commonName, dnsNames }: Order): string[] =>
 *     commonName === undefined ? dnsNames : [...new Set([commonName, ...dnsNames])];
 *
 * export const secured = getOrder({ orderId: 112233 }).then(names);
 * ```
 */
export interface Order {
    /** The order id, as a decimal string. */
    readonly orderId: string;
    /**
     * The status of the order, in DigiCert's word: `issued`, `reissue_pending`, `pending`, `needs_approval`,
     * `needs_csr`, `processing`, `waiting_pickup`, `approved`, `rejected`, `denied`, `canceled`, `revoked`, `expired`,
     * or a status that this release does not know.
     */
    readonly status: string;
    /** Id of the product, such as `ssl_plus`. */
    readonly productNameId?: string;
    /** Name of the product, such as `SSL Plus`. */
    readonly productName?: string;
    /** Type of the product, such as `ssl_certificate`. */
    readonly productType?: string;
    /** Last day of the order's plan, `yyyy-MM-dd`; every certificate of the order ends by then. */
    readonly orderValidTill?: string;
    /** Id of the order that renewed this order; absent if there is none. */
    readonly renewedOrderId?: string;
    /**
     * With `followRenewals`: ids of the renewed orders before this order, the requested order first; `[]` if the requested order
     * is the last of its chain with a certificate.
     */
    readonly renewedFrom?: string[];
    /** Whether DigiCert renews the order automatically, before its plan ends. */
    readonly autoRenew?: boolean;
    /** Whether DigiCert reissues the certificate automatically, before it ends. */
    readonly autoReissue?: boolean;
    /** Common name of the current certificate; absent for products without a common name (code signing, VMC). */
    readonly commonName?: string;
    /** The names of the current certificate, as DigiCert lists them, with the names that DigiCert added; `[]` if it lists none. */
    readonly dnsNames: string[];
    /** Id of the current certificate; absent before the first issuance. */
    readonly certificateId?: number;
    /** The status of the current certificate, in DigiCert's word; absent before the first reissue or revocation. */
    readonly certificateStatus?: string;
    /** The CSR of the current certificate, as DigiCert reports it: PEM, or bare base64. */
    readonly csr?: string;
    /** Hash that the current certificate is signed with: `sha256`, `sha384`, `sha512`. */
    readonly signatureHash?: string;
    /** Serial number of the current certificate, hex. */
    readonly serialNumber?: string;
    /** First day of the current certificate, `yyyy-MM-dd`; the certificate itself has the second. */
    readonly validFrom?: string;
    /** Last day of the current certificate, `yyyy-MM-dd`; the certificate itself has the second. */
    readonly validTill?: string;
    /** The pending reissue; present while `status` is `reissue_pending`. */
    readonly pendingReissue?: PendingReissue;
}

/**
 * A reissue that DigiCert has accepted and not issued yet. The certificate in the {@link Order} is the certificate that it replaces.
 *
 * Source: DigiCert Services API, "Order info" (`requests`) and "List reissues",
 * `GET /order/certificate/{order_id}/reissue`.
 *
 * @example
 * ```ts
 * import { getOrder, type PendingReissue } from "pulumi-digicert";
 *
 * const describe = ({ requestId, since = "some time" }: PendingReissue): string =>
 *     requestId === undefined ? `DigiCert validates since ${since}` : `request ${requestId} waits for an approver`;
 *
 * export const waiting = getOrder({ orderId: 112233 }).then(
 *     ({ pendingReissue }) => pendingReissue && describe(pendingReissue),
 * );
 * ```
 */
export interface PendingReissue {
    /** Id of the request that waits for an approver; absent if DigiCert validates without an approval. */
    readonly requestId?: number;
    /** Comments of the request. The marker `[pulumi-digicert …]` in them means that a Pulumi stack made the request. */
    readonly comments?: string;
    /** Time of the request, ISO 8601. */
    readonly since?: string;
    /** Id that the certificate will have. */
    readonly certificateId?: number;
    /** Common name in the request. */
    readonly commonName?: string;
    /** Names in the request; absent if DigiCert does not list them. */
    readonly dnsNames?: string[];
}

/**
 * An order in the account's list. The list shows less than the order itself: neither CSR, nor pending reissue, nor the order
 * that renewed it.
 *
 * Source: DigiCert Services API, "List orders", `GET /order/certificate`.
 *
 * @example
 * ```ts
 * import { getOrders, type ListedOrder } from "pulumi-digicert";
 *
 * const endsBefore = (day: string) => ({ validTill }: ListedOrder) => validTill !== undefined && validTill < day;
 *
 * export const due = getOrders().then((orders) => orders.filter(endsBefore("2026-12-31")).map(({ orderId }) => orderId));
 * ```
 */
export interface ListedOrder extends Pick<
    Order,
    | "orderId"
    | "status"
    | "productNameId"
    | "productName"
    | "productType"
    | "orderValidTill"
    | "autoRenew"
    | "commonName"
    | "certificateId"
    | "certificateStatus"
    | "signatureHash"
    | "serialNumber"
    | "validFrom"
    | "validTill"
> {
    /** The names of the current certificate; absent if the list does not show them. */
    readonly dnsNames?: string[];
    /** Whether the order was renewed; `getOrder` returns which order renewed it. */
    readonly isRenewed?: boolean;
}
