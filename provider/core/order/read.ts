/**
 * Reads an order for `getOrder`.
 *
 * @module
 */
import { z } from "zod";
import type { Order as OrderInfo } from "../certcentral/answers.js";
import { CertCentral } from "../certcentral/client.js";
import { PermissionError, RefusedError } from "../errors.js";
import { propertyPath } from "../inputs/paths.js";
import { compact } from "../json.js";
import type { Tell } from "../message.js";
import { renewedOrderOf } from "../reissue/attempt.js";
import { flag, orderIdSchema } from "../reissue/inputs.js";
import { openReissueRequests } from "../reissue/recognise.js";
import { readSettings, type Sources } from "../settings.js";
import type { OrderInputName } from "./declaration.js";
import type { Order, PendingReissue } from "./order.js";
import { followRenewals } from "./renewals.js";
import { REISSUE_PENDING } from "./status.js";

/** All inputs; a name that `ORDER_INPUTS` has and this schema has not, or the other way round, does not compile. */
const inputs = z.object({
    orderId: orderIdSchema,
    followRenewals: z.preprocess(
        (given: unknown) => given ?? undefined,
        flag("read the order that renewed it in its place").default(false),
    ),
} satisfies Record<OrderInputName, z.ZodType>);

/** The inputs of `getOrder` after the check. */
export type OrderInputs = z.output<typeof inputs>;

/** The inputs of `getOrder` as a program gives them. */
export type GivenOrderInputs = Readonly<Partial<Record<OrderInputName, unknown>>>;

/**
 * Reads an order: one GET, one more while a reissue is pending, and one for each renewal that is followed.
 *
 * @param tell - receives warnings; a warning does not prevent the read
 * @throws DigiCertError for missing settings, invalid inputs, and any failure of DigiCert or the network.
 */
export async function readOrder(sources: Sources, given: GivenOrderInputs, tell: Tell): Promise<Order> {
    const checked = checkOrderInputs(given);
    return fetchOrder(new CertCentral(readSettings(sources)), checked, tell);
}

/** Does the same as {@link readOrder} with an existing client and checked inputs. */
export async function fetchOrder(
    client: CertCentral,
    { orderId, followRenewals: follows }: OrderInputs,
    tell: Tell,
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
 * Checks the inputs of `getOrder`.
 *
 * @throws RefusedError if one is invalid.
 */
export function checkOrderInputs(given: GivenOrderInputs): OrderInputs {
    const parsed = inputs.safeParse(given);
    if (parsed.success) return parsed.data;
    const what = parsed.error.issues
        .map(({ path, message }) => `${propertyPath(path)} ${message}`)
        .join("; ");
    throw new RefusedError(`Reading an order: ${what}`, { remedy: "correctProgram" });
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
    if (order.status !== REISSUE_PENDING) return undefined;
    const [request] = openReissueRequests(order);
    // A key that may not read the list reads the order nevertheless.
    const reissues = await client.reissues(orderId).catch((error: unknown) => {
        if (!(error instanceof PermissionError)) throw error;
        return [];
    });
    const listed = reissues.find(({ status }) => status === "pending");
    return compact({
        requestId: request?.id,
        comments: request?.comments,
        since: request?.date ?? listed?.date_created,
        certificateId: listed?.id,
        commonName: listed?.common_name,
        dnsNames: listed?.dns_names,
    }) as PendingReissue;
}
