/**
 * Reads public keys, and compares those that are encoded in different forms.
 *
 * @module
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { objectId, readElement, type Element } from "./der.js";

const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
/** A curve: its name in a JWK (RFC 7518, 6.2.1.1) and in OpenSSL, and the octets of a coordinate. */
interface Curve {
    readonly crv: string;
    readonly namedCurve: string;
    readonly length: number;
}

/** Curves by object identifier (RFC 5480, 2.1.1.1). */
const CURVES: Readonly<Record<string, Curve>> = {
    "1.2.840.10045.3.1.7": { crv: "P-256", namedCurve: "prime256v1", length: 32 },
    "1.3.132.0.34": { crv: "P-384", namedCurve: "secp384r1", length: 48 },
    "1.3.132.0.35": { crv: "P-521", namedCurve: "secp521r1", length: 66 },
};
const OBJECT_IDENTIFIER = 0x06;
const UNCOMPRESSED = 0x04;

/** A public key, with the properties that decide whether DigiCert accepts it. */
export interface PublicKey {
    /** The key in its {@link usualForm}. */
    readonly key: KeyObject;
    /** Node's name of the type: `rsa`, `rsa-pss`, `ec`, … */
    readonly type: string | undefined;
    /** Bits of an RSA modulus. */
    readonly modulusLength?: number | undefined;
    /** OpenSSL's name of an EC curve; undefined if the curve is given by explicit parameters. */
    readonly namedCurve?: string | undefined;
}

/**
 * Reads a public key. OpenSSL 3 takes longer to read a SubjectPublicKeyInfo than to verify a signature with its key, and is slow
 * to name the properties of a key. So RSA keys and uncompressed points on a named curve are read here, and only other keys by
 * OpenSSL.
 *
 * @param spki - SubjectPublicKeyInfo (RFC 5280, 4.1.2.7)
 * @throws an error of OpenSSL, or a RangeError, if it cannot be read
 */
export function readPublicKey(spki: Element): PublicKey {
    const { algorithm, parameters = "", key: bits } = partsOf(spki);
    if (algorithm === RSA && bits) {
        const key = createPublicKey({ key: bits, format: "der", type: "pkcs1" });
        return { key, type: "rsa", modulusLength: countModulusBits(bits) };
    }
    const curve = algorithm === EC ? CURVES[parameters] : undefined;
    const jwk = curve && bits && ecJwk(curve, bits);
    if (jwk) {
        return {
            key: createPublicKey({ key: jwk, format: "jwk" }),
            type: "ec",
            namedCurve: curve.namedCurve,
        };
    }
    const key = usualForm(createPublicKey({ key: spki.der, format: "der", type: "spki" }));
    const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
    return { key, type: key.asymmetricKeyType, modulusLength, namedCurve };
}

/** Counts the bits of the modulus of an RSAPublicKey (RFC 8017, A.1.1). */
function countModulusBits(key: Buffer): number {
    const [modulus] = readElement(key).children();
    const octets = modulus?.content ?? Buffer.alloc(0);
    const first = octets.findIndex((octet) => octet !== 0);
    // Math.clz32 counts the zeros before a number of 32 bits; an octet has 24 bits fewer.
    return first < 0 ? 0 : 8 * (octets.length - first) - (Math.clz32(octets[first] ?? 0) - 24);
}

/** Reads the algorithm, its parameters if they are an object identifier, and the key; nothing if they cannot be read. */
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
function ecJwk({ crv, length }: Curve, point: Buffer): JsonWebKey | undefined {
    if (point[0] !== UNCOMPRESSED || point.length !== 1 + 2 * length) return undefined;
    const coordinate = (start: number) => point.subarray(start, start + length).toString("base64url");
    return { kty: "EC", crv, x: coordinate(1), y: coordinate(1 + length) };
}

const usualForms = new WeakMap<KeyObject, KeyObject>();

/** Converts an EC key to the form with a named curve and an uncompressed point (RFC 5480); other keys stay as they are. */
export function usualForm(key: KeyObject): KeyObject {
    if (key.asymmetricKeyType !== "ec") return key;
    // The form is remembered, because one key is compared with the keys of a whole list.
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
