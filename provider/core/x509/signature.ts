/**
 * Verifies the signature of a certificate signing request (RFC 2986, 8017, 5758).
 *
 * @module
 */
import { constants, createPublicKey, getHashes, verify, type KeyObject } from "node:crypto";
import { objectId, readElement, sequence, type Element } from "./der.js";

/** The hash by algorithm identifier: of the hash alone (for PSS), or of a signature with RSA or ECDSA. */
const HASHES: Readonly<Record<string, string>> = {
    "1.2.840.113549.2.5": "md5",
    "1.2.840.113549.1.1.4": "md5",
    "1.3.14.3.2.26": "sha1",
    "1.3.14.3.2.29": "sha1",
    "1.2.840.113549.1.1.5": "sha1",
    "1.2.840.10045.4.1": "sha1",
    "1.3.36.3.2.1": "ripemd160",
    "1.3.36.3.3.1.2": "ripemd160",
    ...arcs("2.16.840.1.101.3.4.2", 1, ["sha256", "sha384", "sha512", "sha224", "sha512-224", "sha512-256"]),
    ...arcs("2.16.840.1.101.3.4.2", 7, ["sha3-224", "sha3-256", "sha3-384", "sha3-512"]),
    ...arcs("2.16.840.1.101.3.4.3", 9, ["sha3-224", "sha3-256", "sha3-384", "sha3-512"]),
    ...arcs("2.16.840.1.101.3.4.3", 13, ["sha3-224", "sha3-256", "sha3-384", "sha3-512"]),
    ...arcs("1.2.840.113549.1.1", 11, ["sha256", "sha384", "sha512", "sha224", "sha512-224", "sha512-256"]),
    ...arcs("1.2.840.10045.4.3", 1, ["sha224", "sha256", "sha384", "sha512"]),
};
/** Hashes of this Node's OpenSSL. */
const AVAILABLE = new Set(getHashes());
const PSS = "1.2.840.113549.1.1.10";
/** Defaults of RSASSA-PSS (RFC 8017, A.2.3). */
const PSS_HASH = "sha1";
const PSS_SALT_LENGTH = 20;

/** A signature and the parts that it is verified with. */
export interface Signed {
    /** DER of the signed part. */
    readonly content: Buffer;
    /** DER of the public key (SubjectPublicKeyInfo). */
    readonly spki: Buffer;
    readonly key: KeyObject;
    /** AlgorithmIdentifier of the signature. */
    readonly algorithm: Element;
    /** BIT STRING. */
    readonly signature: Element;
}

/** Verifies a signature; returns what is wrong, in words that follow "the request", or undefined. */
export function signatureProblem({ content, spki, key, algorithm, signature }: Signed): string | undefined {
    const [id, parameters] = algorithm.children();
    const name = id === undefined ? "" : objectId(id);
    const pss = name === PSS ? pssParameters(parameters) : undefined;
    const hash = pss?.hash ?? HASHES[name];
    if (hash === undefined || !AVAILABLE.has(hash)) {
        return `is signed with an algorithm that cannot be verified here (${hash ?? name})`;
    }
    // The key is rebuilt with the signature's AlgorithmIdentifier, which names the hash of the mask function (RFC 4055).
    const signer = pss ? { key: pssKey(spki, algorithm), ...pss.options } : { key };
    const bits = signature.content.subarray(1);
    return verify(hash, content, signer, bits) ? undefined : "is not signed by its own key";
}

function pssKey(spki: Buffer, algorithm: Element): KeyObject {
    const [, bits] = readElement(spki).children();
    const der = sequence(algorithm.der, bits?.der ?? Buffer.alloc(0));
    return createPublicKey({ key: der, format: "der", type: "spki" });
}

function pssParameters(parameters: Element | undefined) {
    const given = new Map((parameters?.children() ?? []).map((one) => [one.tag & 0x1f, one.children()[0]]));
    const hash = given.get(0);
    const [hashId] = hash?.children() ?? [];
    const salt = given.get(2)?.content;
    return {
        hash: hashId === undefined ? PSS_HASH : (HASHES[objectId(hashId)] ?? objectId(hashId)),
        options: {
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: salt === undefined ? PSS_SALT_LENGTH : salt.readUIntBE(0, salt.length),
        },
    };
}

function arcs(parent: string, first: number, names: readonly string[]): Record<string, string> {
    return Object.fromEntries(names.map((name, index) => [`${parent}.${first + index}`, name]));
}
