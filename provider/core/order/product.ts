/**
 * What the product of an order means for the names on its certificate.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { disappearingNames, nameSet } from "../x509/names.js";

type OfProduct = Pick<Order, "product">;

/** Whether the order is one for TLS certificates; an order whose product DigiCert does not report counts as one. */
export function isTlsOrder({ product }: OfProduct): boolean {
    return /ssl|tls/i.test(product?.type ?? product?.name_id ?? "ssl_certificate");
}

/**
 * The names of a certificate that a program can request. A product that takes none (code signing) has the name of an organization
 * for a common name.
 */
export function requestableNames<
    Names extends { commonName?: string | undefined; dnsNames: readonly string[] },
>(order: OfProduct, names: Names): Names | { commonName: undefined; dnsNames: [] } {
    const takesNames = isTlsOrder(order) || disappearingNames(nameSet(names), new Set()).length > 0;
    return takesNames ? names : { commonName: undefined, dnsNames: [] };
}
