// Makes downloads: selects the certificates and packs them in a format.
import { generateKeyPairSync } from "node:crypto";
import { type Account } from "./account.js";
import { addDays } from "./calendar.js";
import { integer, element, sequence } from "./der.js";
import { type CertificateRecord, type OrderRecord } from "./model.js";
import { fromPem, toPem, withCrLf } from "./pem.js";
import { type CertificateChoice } from "./policy.js";
import { zip } from "./zip.js";

/** A certificate of a bundle. */
export interface BundledCertificate {
    commonName: string;
    pem: string;
}

/** The certificate that the policy puts in place of the requested certificate. */
export function chooseCertificate(
    order: OrderRecord,
    requested: CertificateRecord,
    choice: CertificateChoice,
): CertificateRecord {
    const { certificates } = order;
    if (choice === "requested") return requested;
    if (choice === "first") return certificates[0] ?? requested;
    if (choice === "previous") {
        const issued = certificates.filter((one) => one.leaf);
        return issued[issued.indexOf(requested) - 1] ?? requested;
    }
    return certificates[choice - 1] ?? requested;
}

// An end-entity certificate for the same names with another key.
function otherLeaf(account: Account, { requested, leaf }: CertificateRecord): BundledCertificate {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { pem } = account.authority.issue({
        spki: publicKey.export({ format: "der", type: "spki" }),
        commonName: requested.commonName,
        names: leaf?.names ?? [],
        organization: undefined,
        hash: "sha256",
        notBefore: leaf?.validFrom ?? account.now(),
        notAfter: leaf?.validTill ?? addDays(account.now(), 1),
        usage: "serverAuth",
    });
    return { commonName: requested.commonName ?? "", pem };
}

/** Lists the leaf, and the intermediate and the root if they are requested, in the order of the policy. */
export function bundleOf(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
    { intermediate, root }: { intermediate: boolean; root: boolean },
): BundledCertificate[] {
    const { authority } = account;
    const leaf = { commonName: certificate.requested.commonName ?? "", pem: certificate.leaf?.pem ?? "" };
    const intermediates = intermediate ? [authority.issuing] : [];
    const roots = root ? [authority.root] : [];
    switch (order.policy.bundle) {
        case "leafFirst":
            return [leaf, ...intermediates, ...roots];
        case "leafLast":
            return [...intermediates, ...roots, leaf];
        case "rootFirst":
            return [...roots, ...intermediates, leaf];
        case "otherFirst":
            return [otherLeaf(account, certificate), leaf, ...intermediates, ...roots];
        case "leafOnly":
            return [leaf];
    }
}

/** A bundle in the form of JSON answers. */
export function chainJson(certificates: readonly BundledCertificate[]) {
    return certificates.map(({ commonName, pem }) => ({
        subject_common_name: commonName,
        pem: withCrLf(pem),
    }));
}

/** A download: media type and content. */
export interface DownloadedFile {
    type: string;
    body: string;
    bytes?: Buffer;
}

const all = { intermediate: true, root: true };

// Documented: zip archives for `default`, `apache`, `default_cer`, `default_pem`; PKCS #7 for `p7b` and, by its media type,
// `cer`; PEM for the rest. [?] `crt` and `pem` are used by a client that decodes PEM.
const pemFormats: Readonly<Record<string, { intermediate: boolean; root: boolean }>> = {
    pem_all: all,
    pem_noroot: { intermediate: true, root: false },
    pem_nointermediate: { intermediate: false, root: false },
    pem: all,
    crt: { intermediate: false, root: false },
};

// [?] The names of the files; the extension is the format's.
const zipFormats: Readonly<Record<string, string>> = {
    default: "crt",
    apache: "crt",
    default_cer: "cer",
    default_pem: "pem",
};

/** The formats that can be downloaded. */
export const formats = [...Object.keys(pemFormats), ...Object.keys(zipFormats), "p7b", "cer"];

/** Packs a certificate; undefined for a format that does not exist. */
export function pack(
    account: Account,
    order: OrderRecord,
    certificate: CertificateRecord,
    format: string,
): DownloadedFile | undefined {
    const parts = pemFormats[format];
    if (parts) {
        const pems = bundleOf(account, order, certificate, parts).map(({ pem }) => withCrLf(pem));
        return { type: "application/x-pem-file", body: pems.join("") };
    }
    const bundle = bundleOf(account, order, certificate, all);
    const extension = zipFormats[format];
    if (extension !== undefined) {
        const files = bundle.map(({ commonName, pem }) => ({
            name: `${fileName(commonName)}.${extension}`,
            content: Buffer.from(withCrLf(pem)),
        }));
        return { type: "application/zip", body: "", bytes: zip(files, account.now()) };
    }
    if (format !== "p7b" && format !== "cer") return undefined;
    const signedData = pkcs7(bundle.map(({ pem }) => fromPem(pem)));
    return { type: "application/x-pkcs7-certificates", body: withCrLf(toPem("PKCS7", signedData)) };
}

function fileName(commonName: string): string {
    return commonName.replace("*", "star").replace(/[^A-Za-z0-9-]/g, "_");
}

const signedDataOid = Buffer.from("06092a864886f70d010702", "hex");
const dataOid = Buffer.from("06092a864886f70d010701", "hex");

/** PKCS #7 (RFC 2315) with certificates and nothing signed. [?] That it comes as PEM is an assumption. */
function pkcs7(certificates: readonly Buffer[]): Buffer {
    const set = element(0x31);
    const signedData = sequence(
        integer(Buffer.from([1])),
        set,
        sequence(dataOid),
        element(0xa0, ...certificates),
        set,
    );
    return sequence(signedDataOid, element(0xa0, signedData));
}
