import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { signatureAlgorithms } from "./authority.js";
import { bitString, element, integer, sequence } from "./der.js";
import { toPem } from "./pem.js";
import { x509 } from "./x509.js";

/** Options of {@link makeKeyAndCsr}. */
export interface KeyOptions {
    /** Common name of the subject. */
    commonName: string;
    /** Names and IP addresses of the extension `subjectAltName`; default none. */
    dnsNames?: readonly string[];
    /** Type of the key; default `ec`, which is fast. */
    type?: "rsa" | "ec";
    /** Bits of an RSA key, default 2048. */
    size?: number;
    /** Curve of an EC key, default P-256. */
    curve?: "P-256" | "P-384" | "P-521";
    /** Private key (PKCS #8) to sign with; default a new key. An EC signature differs each time, also over the same content. */
    keyPem?: string;
}

/** A private key (PKCS #8) and a CSR for it, both PEM. */
export interface KeyAndCsr {
    keyPem: string;
    csrPem: string;
}

type Algorithm = webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams;

function algorithmOf(options: KeyOptions): Algorithm {
    const { type = "ec", size = 2048, curve = "P-256" } = options;
    return type === "ec"
        ? { name: "ECDSA", namedCurve: curve }
        : {
              name: "RSASSA-PKCS1-v1_5",
              hash: "SHA-256",
              modulusLength: size,
              publicExponent: new Uint8Array([1, 0, 1]),
          };
}

async function keyPairOf(options: KeyOptions): Promise<webcrypto.CryptoKeyPair> {
    const algorithm = algorithmOf(options);
    const { subtle } = webcrypto;
    if (options.keyPem === undefined) return subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const privateKey = createPrivateKey(options.keyPem);
    const pkcs8 = privateKey.export({ format: "der", type: "pkcs8" });
    const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
    return {
        privateKey: await subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]),
        publicKey: await subtle.importKey("spki", spki, algorithm, true, ["verify"]),
    };
}

/**
 * Makes a CSR, and its key unless the options have one.
 *
 * @example
 * ```ts
 * import { makeKeyAndCsr } from "pulumi-digicert/simulator";
 *
 * export const shop = makeKeyAndCsr({ commonName: "shop.example" }).then(({ csrPem }) => csrPem);
 * ```
 */
export async function makeKeyAndCsr(options: KeyOptions): Promise<KeyAndCsr> {
    const keys = await keyPairOf(options);
    const names = (options.dnsNames ?? []).map((value) => ({
        type: isIP(value) ? ("ip" as const) : ("dns" as const),
        value,
    }));
    const csr = await x509.Pkcs10CertificateRequestGenerator.create({
        name: [{ CN: [options.commonName] }],
        keys,
        signingAlgorithm: { name: algorithmOf(options).name, hash: "SHA-256" },
        extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [],
    });
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return {
        keyPem: toPem("PRIVATE KEY", new Uint8Array(pkcs8)),
        csrPem: toPem("CERTIFICATE REQUEST", new Uint8Array(csr.rawData)),
    };
}

/**
 * Makes a CSR for a new P-256 key, synchronously; the key is not kept.
 *
 * @internal
 */
export function newCsr(commonName = "no name"): string {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const content = sequence(
        integer(Buffer.from([0])),
        Buffer.from(new x509.Name([{ CN: [commonName] }]).toArrayBuffer()),
        publicKey.export({ format: "der", type: "spki" }),
        element(0xa0),
    );
    const signature = bitString(sign("sha256", content, privateKey));
    return toPem("CERTIFICATE REQUEST", sequence(content, signatureAlgorithms.sha256, signature));
}
