/**
 * What a program for an existing order needs to know.
 *
 * @module
 */
import type { Order } from "../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../provider/core/certcentral/client.js";
import { quote } from "../../provider/core/quote.js";
import { endOf } from "../../provider/core/reissue/preflight.js";
import type { SignatureHash } from "../../provider/core/reissue/state.js";
import { csrHasKey, isReadableCsr, readCsr } from "../../provider/core/x509/csr.js";
import { reportedName } from "../../provider/core/x509/names.js";
import { RefusedError } from "../../provider/core/errors.js";
import { readNames } from "../certificateNames.js";

/** An order as a program writes it. */
export interface ProgramFacts {
    readonly orderId: string;
    readonly commonName: string | undefined;
    /** All of them; DigiCert does not care whether the common name is among them. */
    readonly dnsNames: readonly string[];
    readonly signatureHash: SignatureHash;
    readonly serverPlatformId: number | undefined;
    /** The CSR of the current certificate, PEM; absent if the order tells none. */
    readonly csr: string | undefined;
    /** Why the current certificate cannot be taken over, in words that follow "its certificate"; absent if it can. */
    readonly notAdoptable: string | undefined;
}

/**
 * Reads an order and takes the facts from it.
 *
 * @throws RefusedError when it has no certificate that a program could keep.
 */
export async function readFacts(client: CertCentral, orderId: string, now: Date): Promise<ProgramFacts> {
    const order = await client.order(orderId);
    const { certificate } = order;
    const doing = `Writing a program for order ${orderId}`;
    const end = endOf(order, now);
    if (end !== undefined) {
        throw new RefusedError(
            `${doing}: the order ${end}, so it allows no reissue. Place a new order in CertCentral, and use its id.`,
        );
    }
    if (certificate.id === undefined) {
        throw new RefusedError(
            `${doing}: it is ${quote(order.status)} and has no issued certificate yet. Try again once it is issued.`,
        );
    }
    const hash = certificate.signature_hash?.toLowerCase();
    return {
        orderId,
        commonName: certificate.common_name && reportedName(certificate.common_name),
        dnsNames: [...(await readNames(client, order, orderId))],
        signatureHash: hash === "sha384" || hash === "sha512" ? hash : "sha256",
        serverPlatformId: certificate.server_platform?.id,
        csr: isReadableCsr(certificate.csr) ? readCsr(certificate.csr).pem : undefined,
        notAdoptable: notAdoptable(order, now),
    };
}

function notAdoptable({ certificate }: Order, now: Date): string | undefined {
    if (certificate.status === "revoked") return "is revoked";
    const { valid_till: till } = certificate;
    return till !== undefined && Date.parse(till) <= now.getTime() ? `ended on ${quote(till)}` : undefined;
}

/** Whether a CSR has the key of the order's certificate; undefined where the order does not tell. */
export function hasKeyOf(facts: ProgramFacts, csr: string): boolean | undefined {
    return csrHasKey(facts.csr, readCsr(csr).key);
}
