/**
 * Reads an existing order for the program that will manage it.
 *
 * @module
 */
import type { Order } from "../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../provider/core/certcentral/client.js";
import { RefusedError } from "../../provider/core/errors.js";
import { quote } from "../../provider/core/quote.js";
import { requestableNames } from "../../provider/core/order/product.js";
import { closedReasonOf } from "../../provider/core/order/status.js";
import type { SignatureHash } from "../../provider/core/reissue/enumerations.js";
import { currentEntry, isIssued } from "../../provider/core/reissue/recognise.js";
import { reportedHash } from "../../provider/core/reissue/reported.js";
import { isReadableCsr, readCsr } from "../../provider/core/x509/csr.js";
import { reportedName } from "../../provider/core/x509/names.js";
import { downloadCertificate, readNames } from "../certificate.js";

/** An order, as a program describes it. */
export interface ProgramOrder {
    readonly orderId: string;
    readonly commonName: string | undefined;
    /** All names, with or without the common name. */
    readonly dnsNames: readonly string[];
    readonly signatureHash: SignatureHash;
    readonly serverPlatformId: number | undefined;
    /** The CSR of the current certificate, PEM; absent if DigiCert reports none. */
    readonly csr: string | undefined;
    /** Why the current certificate cannot be adopted, in words that follow "the certificate"; absent if it can. */
    readonly notAdoptable: string | undefined;
}

/**
 * Reads what a program needs to know of an order.
 *
 * @param known - the order, if it was read already
 * @throws RefusedError when it has no certificate that a program could keep.
 */
export async function readProgramOrder(
    client: CertCentral,
    orderId: string,
    now: Date,
    known?: Order,
): Promise<ProgramOrder> {
    const order = known ?? (await client.order(orderId));
    const { certificate } = order;
    const operation = `Writing a program for order ${orderId}`;
    const closed = closedReasonOf(order, now);
    if (closed !== undefined) {
        const what = `${operation}: the order ${closed}, and allows no reissue.`;
        const renewal = order.renewed_order_id;
        if (renewal === undefined) throw new RefusedError(what, { remedy: "placeNewOrder" });
        throw new RefusedError(`${what} It was renewed as order ${renewal}: run the command with that id.`);
    }
    const current = currentEntry(order);
    if (!current || !isIssued(current)) {
        // Some orders show the certificate of a pending reissue in place of the current one.
        const what = current ? "it shows a certificate that is not issued" : "no certificate was issued yet";
        throw new RefusedError(`${operation}: the order is ${quote(order.status)}, and ${what}.`, {
            remedy: "completeOrder",
        });
    }
    const names = {
        commonName: certificate.common_name && reportedName(certificate.common_name),
        dnsNames: [...(await readNames(order, () => downloadCertificate(client, order, orderId)))],
    };
    return {
        orderId,
        ...requestableNames(order, names),
        signatureHash: reportedHash(certificate),
        serverPlatformId: certificate.server_platform?.id,
        csr: isReadableCsr(certificate.csr) ? readCsr(certificate.csr).pem : undefined,
        notAdoptable: whyNotAdoptable(order, now),
    };
}

function whyNotAdoptable({ certificate }: Order, now: Date): string | undefined {
    if (certificate.status === "revoked") return "is revoked";
    const { valid_till: end } = certificate;
    return end !== undefined && Date.parse(end) <= now.getTime() ? `expired on ${quote(end)}` : undefined;
}
