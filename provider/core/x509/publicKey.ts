/**
 * Public keys, comparable whatever form they come in.
 *
 * @module
 */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";

/** A key in its usual form: an EC key with named curve and uncompressed point (RFC 5480). */
export function usualForm(key: KeyObject): KeyObject {
    if (key.asymmetricKeyType !== "ec") return key;
    try {
        return createPublicKey({ key: key.export({ format: "jwk" }), format: "jwk" });
    } catch {
        // A curve that JWK does not name; it is refused by its name, or compared as it is.
        return key;
    }
}

/** A short digest of a public key: enough to tell the keys of one order apart. */
export function keyDigest(key: KeyObject): string {
    const spki = usualForm(key).export({ format: "der", type: "spki" });
    return createHash("sha256").update(spki).digest("hex").slice(0, 16);
}
