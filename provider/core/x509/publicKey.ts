/**
 * Compares public keys that are encoded in different forms.
 *
 * @module
 */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";

/** Converts an EC key to the form with a named curve and an uncompressed point (RFC 5480); other keys stay as they are. */
export function usualForm(key: KeyObject): KeyObject {
    if (key.asymmetricKeyType !== "ec") return key;
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
