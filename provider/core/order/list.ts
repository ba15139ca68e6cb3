/**
 * Lists the orders of an account.
 *
 * @module
 */
import type { OrderListItem } from "../certcentral/answers.js";
import { CertCentral, type OrderFilter } from "../certcentral/client.js";
import { compact } from "../json.js";
import { warning, type Tell } from "../message.js";
import { readSettings, type Sources } from "../settings.js";
import type { ListedOrder } from "./order.js";

/** Called after each page with the number of orders so far, and the total if DigiCert reports it. */
export type OnPage = (listed: number, total: number | undefined) => void;

/** The orders of an account. */
export interface OrderList {
    readonly orders: readonly OrderListItem[];
    /** Number of entries that could not be read. */
    readonly unreadable: number;
}

/**
 * Reads all pages. If an order moves to another page meanwhile, it is still listed once.
 *
 * @param onPage - called after each page
 */
export async function listOrders(
    client: Pick<CertCentral, "orders">,
    filter: OrderFilter = {},
    onPage: OnPage = () => undefined,
): Promise<OrderList> {
    const found = new Map<number, OrderListItem>();
    let unreadable = 0;
    for (let offset = 0; ;) {
        const { orders, entries, total } = await client.orders(offset, filter);
        const before = found.size;
        for (const order of orders) found.set(order.id, order);
        unreadable += entries - orders.length;
        offset += entries;
        onPage(offset, total);
        // The pages go on until one has nothing new if the total is below the number of entries, and so is wrong.
        const isMoreExpected = total !== undefined && offset < total;
        // A server that ignores the offset shows the same page again.
        const isRepeated = found.size === before && (orders.length > 0 || !isMoreExpected);
        if (entries === 0 || offset === total || isRepeated) {
            return { orders: [...found.values()].filter((order) => isOfProduct(order, filter)), unreadable };
        }
    }
}

/** Whether an order passes the filter; DigiCert filters the list too. */
function isOfProduct({ product }: OrderListItem, { productNameId }: OrderFilter): boolean {
    const name = product?.name_id;
    return (
        productNameId === undefined ||
        name === undefined ||
        name.toLowerCase() === productNameId.toLowerCase()
    );
}

/**
 * Lists orders for `getOrders`.
 *
 * @param tell - receives a warning if entries of the list cannot be read
 * @throws DigiCertError for missing settings, and any failure of DigiCert or the network.
 */
export async function readOrders(sources: Sources, filter: OrderFilter, tell: Tell): Promise<ListedOrder[]> {
    const { orders, unreadable } = await listOrders(new CertCentral(readSettings(sources)), filter);
    if (unreadable > 0) {
        tell(
            warning(
                `list of orders: ${unreadable} entries cannot be read, so these orders are missing in it`,
            ),
        );
    }
    return orders.map(toListedOrder);
}

function toListedOrder(item: OrderListItem): ListedOrder {
    const { certificate, product } = item;
    return compact({
        orderId: String(item.id),
        status: item.status,
        productNameId: product?.name_id,
        productName: product?.name,
        productType: product?.type,
        orderValidTill: item.order_valid_till,
        isRenewed: item.is_renewed,
        autoRenew: item.auto_renew,
        commonName: certificate.common_name,
        dnsNames: certificate.dns_names,
        certificateId: certificate.id,
        certificateStatus: certificate.status,
        signatureHash: certificate.signature_hash,
        serialNumber: certificate.serial_number,
        validFrom: certificate.valid_from,
        validTill: certificate.valid_till,
    }) as ListedOrder;
}
