/**
 * An order as a program reads it.
 *
 * @module
 */

/**
 * A CertCentral order: its names, product, plan, current certificate, and what is pending. Read by `getOrder` and
 * `getOrderOutput`. What DigiCert does not tell is absent; words of DigiCert's own (statuses, product names) are passed
 * on as they are, those that this release does not know as well.
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
     * DigiCert's own word for where the order stands: `issued`, `reissue_pending`, `pending`, `needs_approval`,
     * `needs_csr`, `processing`, `waiting_pickup`, `approved`, `rejected`, `denied`, `canceled`, `revoked`, `expired`,
     * or one that is not known yet.
     */
    readonly status: string;
    /** The product's id, such as `ssl_plus`. */
    readonly productNameId?: string;
    /** The product's name, such as `SSL Plus`. */
    readonly productName?: string;
    /** The kind of product, such as `ssl_certificate`. */
    readonly productType?: string;
    /** Last day of the order's plan, `yyyy-MM-dd`; no certificate of the order outlives it. */
    readonly orderValidTill?: string;
    /** The order with which this one was renewed, where there is one. */
    readonly renewedOrderId?: string;
    /**
     * With `followRenewals`: the orders on the way to this one, the one that was asked for first; `[]` where that one is the
     * last of its chain with a certificate.
     */
    readonly renewedFrom?: string[];
    /** Whether DigiCert renews the order by itself before its plan ends. */
    readonly autoRenew?: boolean;
    /** Whether DigiCert reissues the certificate by itself before it ends. */
    readonly autoReissue?: boolean;
    /** Common name of the current certificate; absent for products that have none (code signing, VMC). */
    readonly commonName?: string;
    /** The names of the current certificate, as DigiCert lists them, those that it added included; `[]` if it lists none. */
    readonly dnsNames: string[];
    /** Id of the current certificate, once one was issued. */
    readonly certificateId?: number;
    /** DigiCert's word for where that certificate stands; absent as long as it was neither reissued nor revoked. */
    readonly certificateStatus?: string;
    /** The CSR of the current certificate, as DigiCert reports it: PEM, or bare base64. */
    readonly csr?: string;
    /** Hash that the current certificate is signed with: `sha256`, `sha384`, `sha512`. */
    readonly signatureHash?: string;
    /** Serial number of the current certificate, hex. */
    readonly serialNumber?: string;
    /** First day of the current certificate, `yyyy-MM-dd`; to the second it is in the certificate only. */
    readonly validFrom?: string;
    /** Last day of the current certificate, `yyyy-MM-dd`; to the second it is in the certificate only. */
    readonly validTill?: string;
    /** The reissue that is not issued yet, while `status` is `reissue_pending`. */
    readonly pendingReissue?: PendingReissue;
}

/**
 * A reissue that DigiCert has accepted and not issued. The certificate in the {@link Order} is the one before it.
 *
 * Source: DigiCert Services API, "Order info" (`requests`) and "List reissues",
 * `GET /order/certificate/{order_id}/reissue`.
 *
 * @example
 * ```ts
 * import { getOrder, type PendingReissue } from "pulumi-digicert";
 *
 * const told = ({ requestId, since = "some time" }: PendingReissue): string =>
 *     requestId === undefined ? `DigiCert validates since ${since}` : `request ${requestId} waits for an approver`;
 *
 * export const waiting = getOrder({ orderId: 112233 }).then(({ pendingReissue }) => pendingReissue && told(pendingReissue));
 * ```
 */
export interface PendingReissue {
    /** The request that waits for an approver; absent if none does, and DigiCert validates. */
    readonly requestId?: number;
    /** What was said when it was asked for; a marker in it, `[pulumi-digicert …]`, says that a stack did. */
    readonly comments?: string;
    /** When it was asked for, ISO 8601. */
    readonly since?: string;
    /** Id that its certificate will have. */
    readonly certificateId?: number;
    /** Common name that was asked for. */
    readonly commonName?: string;
    /** Names that were asked for, where DigiCert lists them. */
    readonly dnsNames?: string[];
}

/**
 * An order in the account's list. The list tells less than the order itself: neither CSR, nor pending reissue, nor the order
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
    /** The names of the current certificate; absent where the list does not tell them. */
    readonly dnsNames?: string[];
    /** Whether the order was renewed. Which order renewed it, `getOrder` tells. */
    readonly isRenewed?: boolean;
}
