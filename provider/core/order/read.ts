/**
 * Reads an order for `getOrder`.
 *
 * @module
 */
import type { Order as OrderInfo } from "../certcentral/answers.js";
import { CertCentral } from "../certcentral/client.js";
import { RefusedError } from "../errors.js";
import { compact } from "../json.js";
import { orderId as orderIdSchema } from "../reissue/inputs.js";
import { openReissueRequests } from "../reissue/recognise.js";
import { readSettings, type Sources } from "../settings.js";
import type { Order, PendingReissue } from "./order.js";
import { PENDING } from "./status.js";

/**
 * Reads an order with one GET; a second GET reads the pending reissue, if there is one.
 *
 * @throws DigiCertError for missing settings, an invalid order id, and any failure of DigiCert or the network.
 */
export async function readOrder(sources: Sources, id: unknown): Promise<Order> {
    const parsed = orderIdSchema.safeParse(id);
    if (!parsed.success) {
        const what = parsed.error.issues.map(({ message }) => message).join("; ");
        throw new RefusedError(`Reading an order: orderId ${what}`, { remedy: "correctProgram" });
    }
    const client = new CertCentral(readSettings(sources));
    const order = await client.order(parsed.data);
    return toOrder(parsed.data, order, await readPendingReissue(client, parsed.data, order));
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
