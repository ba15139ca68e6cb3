/**
 * The current certificate of an order, and its names.
 *
 * @module
 */
import type { X509Certificate } from "node:crypto";
import type { Order } from "../provider/core/certcentral/answers.js";
import type { CertCentral } from "../provider/core/certcentral/client.js";
import { CertificateError } from "../provider/core/errors.js";
import { certificateNames, readLeaf } from "../provider/core/x509/certificate.js";
import { nameSet } from "../provider/core/x509/names.js";

/**
 * Downloads the current certificate of an order; undefined if the order has none yet.
 *
 * @throws CertificateError if DigiCert sends an answer that is not a certificate.
 */
export async function downloadCertificate(
    client: CertCentral,
    { certificate: { id } }: Order,
    orderId: string,
): Promise<X509Certificate | undefined> {
    if (id === undefined) return undefined;
    const leaf = readLeaf(await client.download(id, orderId));
    if (leaf !== undefined) return leaf;
    throw new CertificateError(
        `Downloading certificate ${id} of order ${orderId}: DigiCert sent something that cannot be read as a certificate.`,
        { remedy: "tryLater" },
    );
}

/**
 * All names of the current certificate of an order, the common name first.
 *
 * @param download - downloads the certificate; called if DigiCert reports only the common name
 */
export async function readNames(
    { certificate }: Order,
    download: () => Promise<X509Certificate | undefined>,
): Promise<ReadonlySet<string>> {
    const { common_name: commonName, dns_names: dnsNames } = certificate;
    const reported = nameSet({ commonName, dnsNames: dnsNames ?? [] });
    if (dnsNames !== undefined || commonName === undefined) return reported;
    const leaf = await download();
    return new Set([...reported, ...(leaf ? certificateNames(leaf) : [])]);
}
