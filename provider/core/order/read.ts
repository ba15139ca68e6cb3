/**
 * Reads an order for `getOrder`.
 *
 * @module
 */
import type { Order as OrderInfo } from "../certcentral/answers.js";
import { CertCentral } from "../certcentral/client.js";
import { RefusedError } from "../errors.js";
import { compact } from "../json.js";
import type { Tell } from "../message.js";
import { renewedOrderOf } from "../reissue/attempt.js";
import { orderId as orderIdSchema } from "../reissue/inputs.js";
import { openReissueRequests } from "../reissue/recognise.js";
import { readSettings, type Sources } from "../settings.js";
import type { Order, PendingReissue } from "./order.js";
import { followRenewals } from "./renewals.js";
import { PENDING } from "./status.js";

/** Options of a read of an order. */
export interface ReadOrderOptions {
    /** Whether to read the order that renewed the order instead. */
    readonly followRenewals?: boolean | undefined;
    /** Receives warnings; a warning does not prevent the read. */
    readonly tell: Tell;
}

/**
 * Reads an order: one GET, one more while a reissue is pending, and one for each renewal that is followed.
 *
 * @throws DigiCertError for missing settings, an invalid order id, and any failure of DigiCert or the network.
 */
export async function readOrder(sources: Sources, id: unknown, options: ReadOrderOptions): Promise<Order> {
    const orderId = validOrderId(id);
    return fetchOrder(new CertCentral(readSettings(sources)), orderId, options);
}

/** Does the same as {@link readOrder} with an existing client. */
export async function fetchOrder(
    client: CertCentral,
    orderId: string,
    { followRenewals: follows = false, tell }: ReadOrderOptions,
): Promise<Order> {
    const found = follows
        ? await followRenewals(client, orderId, tell)
        : { orderId, order: await client.order(orderId), renewedFrom: undefined };
    const pending = await readPendingReissue(client, found.orderId, found.order);
    return compact({
        ...toOrder(found.orderId, found.order, pending),
        renewedFrom: found.renewedFrom,
    }) as Order;
}

/**
 * Checks an order id.
 *
 * @throws RefusedError if the text is not an order id.
 */
export function validOrderId(id: unknown): string {
    const parsed = orderIdSchema.safeParse(id);
    if (parsed.success) return parsed.data;
    const what = parsed.error.issues.map(({ message }) => message).join("; ");
    throw new RefusedError(`Reading an order: orderId ${what}`, { remedy: "correctProgram" });
}

function toOrder(orderId: string, order: OrderInfo, pending: PendingReissue | undefined): Order {
    const { certificate, product } = order;
    return compact({
        orderId,
        status: order.status,
        productNameId: product?.name_id,
        productName: product?.name,
        productType: product?.type,
        orderValidTill: order.order_valid_till,
        renewedOrderId: renewedOrderOf(order),
        autoRenew: order.auto_renew,
        autoReissue: order.auto_reissue,
        commonName: certificate.common_name,
        dnsNames: certificate.dns_names ?? [],
        certificateId: certificate.id,
        certificateStatus: certificate.status,
        csr: certificate.csr,
        signatureHash: certificate.signature_hash,
        serialNumber: certificate.serial_number,
        validFrom: certificate.valid_from,
        validTill: certificate.valid_till,
        pendingReissue: pending,
    }) as Order;
}

async function readPendingReissue(
    client: CertCentral,
    orderId: string,
    order: OrderInfo,
): Promise<PendingReissue | undefined> {
    if (order.status !== PENDING) return undefined;
    const [request] = openReissueRequests(order);
    const listed = (await client.reissues(orderId)).find(({ status }) => status === "pending");
    return compact({
        requestId: request?.id,
        comments: request?.comments,
        since: request?.date ?? listed?.date_created,
        certificateId: listed?.id,
        commonName: listed?.common_name,
        dnsNames: listed?.dns_names,
    }) as PendingReissue;
}
