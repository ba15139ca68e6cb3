/**
 * The names of an order's current certificate.
 *
 * @module
 */
import type { Order } from "../provider/core/certcentral/answers.js";
import type { CertCentral } from "../provider/core/certcentral/client.js";
import { readLeaf, reportedNames } from "../provider/core/reissue/ours.js";
import { certificateNames } from "../provider/core/x509/certificate.js";

/** The common name first; where the order tells only that, the certificate itself is asked. */
export async function readNames(
    client: CertCentral,
    { certificate }: Order,
    orderId: string,
): Promise<ReadonlySet<string>> {
    const { id, common_name: commonName, dns_names: dnsNames } = certificate;
    const reported = reportedNames(certificate);
    if (dnsNames !== undefined || commonName === undefined || id === undefined) return reported;
    const leaf = await readLeaf({ client }, id, orderId);
    return new Set([...reported, ...(leaf ? certificateNames(leaf) : [])]);
}
