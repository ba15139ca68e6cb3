import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { children } from "./der.js";
import { fromPem } from "./pem.js";
import { x509 } from "./x509.js";

/** The part of a CSR that the simulator uses: its key. As at DigiCert, the names come from the JSON. */
export interface ParsedCsr {
    spki: Buffer;
    keySize: number;
}

const curveSizes: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };

function keySize(key: KeyObject): number {
    const details = key.asymmetricKeyDetails;
    const size = details?.modulusLength ?? curveSizes[details?.namedCurve ?? ""];
    if (size === undefined) throw new Error(`key of type ${key.asymmetricKeyType ?? "unknown"}`);
    return size;
}

/** Parsed CSRs are remembered, because every view of an order shows the key size of its CSR. */
const parsed = new Map<string, ParsedCsr>();

/** Parses a CSR (PEM or bare base64) and checks its self-signature; throws if either fails. */
export function parseCsr(text: string): ParsedCsr {
    const csr = parsed.get(text) ?? parse(text);
    parsed.set(text, csr);
    return csr;
}

function parse(text: string): ParsedCsr {
    const der = fromPem(text);
    const request = new x509.Pkcs10CertificateRequest(der);
    const spki = Buffer.from(request.publicKey.rawData);
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    const [signed] = children(der);
    // The declared types refer to the DOM's types, which this project does not load.
    const { signatureAlgorithm }: { signatureAlgorithm: unknown } = request;
    const { hash } = signatureAlgorithm as { hash: { name: string } };
    if (!signed || !verify(hash.name.replace("-", ""), signed, key, new Uint8Array(request.signature))) {
        throw new Error("the self-signature does not verify");
    }
    return { spki, keySize: keySize(key) };
}
