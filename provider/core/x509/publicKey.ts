/**
 * Compares public keys that are encoded in different forms.
 *
 * @module
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { objectId, type Element } from "./der.js";

const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
/** Curve by object identifier: its name in a JWK (RFC 7518, 6.2.1.1), and the octets of a coordinate. */
const CURVES: Readonly<Record<string, { readonly crv: string; readonly length: number }>> = {
    "1.2.840.10045.3.1.7": { crv: "P-256", length: 32 },
    "1.3.132.0.34": { crv: "P-384", length: 48 },
    "1.3.132.0.35": { crv: "P-521", length: 66 },
};
const OBJECT_IDENTIFIER = 0x06;
const UNCOMPRESSED = 0x04;

/**
 * Reads a public key, in its {@link usualForm}. OpenSSL 3 takes longer to read a SubjectPublicKeyInfo than to verify a signature
 * with its key, so it is only given those that are neither RSA nor a point on a named curve.
 *
 * @param spki - SubjectPublicKeyInfo (RFC 5280, 4.1.2.7)
 * @throws an error of OpenSSL if it cannot be read
 */
export function readPublicKey(spki: Element): KeyObject {
    const { algorithm, parameters, key } = partsOf(spki);
    if (algorithm === RSA && key) return createPublicKey({ key, format: "der", type: "pkcs1" });
    const jwk = algorithm === EC && parameters && key && ecJwk(parameters, key);
    if (jwk) return createPublicKey({ key: jwk, format: "jwk" });
    return usualForm(createPublicKey({ key: spki.der, format: "der", type: "spki" }));
}

/** The algorithm, its parameters if they are an object identifier, and the key; of what cannot be read, nothing. */
function partsOf(spki: Element) {
    try {
        const [algorithm, bits] = spki.children();
        const [id, parameters] = algorithm?.children() ?? [];
        return {
            algorithm: id && objectId(id),
            parameters: parameters?.tag === OBJECT_IDENTIFIER ? objectId(parameters) : undefined,
            // The first octet of a BIT STRING is the number of unused bits.
            key: bits?.content.subarray(1),
        };
    } catch {
        return {}; // OpenSSL says what is wrong.
    }
}

/** An uncompressed point on a curve as JWK (RFC 7518, 6.2); undefined for others. */
function ecJwk(curve: string, point: Buffer): JsonWebKey | undefined {
    const { crv, length } = CURVES[curve] ?? { crv: "", length: 0 };
    if (length === 0 || point[0] !== UNCOMPRESSED || point.length !== 1 + 2 * length) return undefined;
    const coordinate = (start: number) => point.subarray(start, start + length).toString("base64url");
    return { kty: "EC", crv, x: coordinate(1), y: coordinate(1 + length) };
}

const usualForms = new WeakMap<KeyObject, KeyObject>();

/** Converts an EC key to the form with a named curve and an uncompressed point (RFC 5480); other keys stay as they are. */
export function usualForm(key: KeyObject): KeyObject {
    if (key.asymmetricKeyType !== "ec") return key;
    // One key is compared with those of a whole list.
    const usual = usualForms.get(key) ?? ecForm(key);
    usualForms.set(key, usual);
    return usual;
}

function ecForm(key: KeyObject): KeyObject {
    try {
        return createPublicKey({ key: key.export({ format: "jwk" }), format: "jwk" });
    } catch {
        // JWK has no name for this curve. The key stays as it is; a CSR with such a key is refused later.
        return key;
    }
}

/** A short digest of a public key, long enough to distinguish the keys of one order. */
export function keyDigest(key: KeyObject): string {
    const spki = usualForm(key).export({ format: "der", type: "spki" });
    return createHash("sha256").update(spki).digest("hex").slice(0, 16);
}
