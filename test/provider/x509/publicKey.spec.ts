import assert from "node:assert/strict";
import { createPublicKey, type KeyObject } from "node:crypto";
import { readElement } from "../../../provider/core/x509/der.js";
import { readPublicKey, usualForm } from "../../../provider/core/x509/publicKey.js";
import { element, sequence } from "../../../simulator/der.js";
import { keyPair } from "../../fixtures/csr.js";

const KINDS = [
    "RSA 2047",
    "RSA 2048",
    "RSA 4096",
    "RSA-PSS 2048",
    "P-256",
    "P-384",
    "P-521",
    "secp256k1",
    "Ed25519",
];

/** SubjectPublicKeyInfo of a key. */
const spkiOf = (kind: string) => keyPair(kind).publicKey.export({ format: "der", type: "spki" });

/** What OpenSSL makes of the DER itself. */
function readByOpenSsl(spki: Buffer) {
    return usualForm(createPublicKey({ key: spki, format: "der", type: "spki" }));
}

/** The properties that OpenSSL names. */
function propertiesOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject) {
    return { type, modulusLength: details?.modulusLength, namedCurve: details?.namedCurve };
}

describe("readPublicKey", () => {
    for (const kind of KINDS) {
        it(`reads a key of kind ${kind} as OpenSSL reads its DER`, () => {
            const spki = spkiOf(kind);
            const { key, type, modulusLength, namedCurve } = readPublicKey(readElement(spki));
            const expected = readByOpenSsl(spki);
            assert.ok(key.equals(expected));
            assert.deepEqual(key.asymmetricKeyDetails, expected.asymmetricKeyDetails);
            assert.deepEqual({ type, modulusLength, namedCurve }, propertiesOf(expected));
            const form = { format: "der", type: "spki" } as const;
            assert.deepEqual(key.export(form), expected.export(form));
        });
    }

    for (const [what, offset] of [
        ["a coordinate", 40],
        ["the type of the point", 26],
    ] as const) {
        it(`refuses what OpenSSL refuses: a P-256 key with another octet in ${what}`, () => {
            const spki = Buffer.from(spkiOf("P-256"));
            spki.writeUInt8(spki.readUInt8(offset) ^ 0x08, offset);
            assert.throws(() => readByOpenSsl(spki));
            assert.throws(() => readPublicKey(readElement(spki)));
        });
    }

    const integer = (...octets: number[]) => element(0x02, Buffer.from(octets));
    const modulus = element(0x02, Buffer.concat([Buffer.from([0]), Buffer.alloc(256, 0xff)]));
    const exponent = integer(1, 0, 1);
    for (const [what, key] of [
        ["has a negative modulus", sequence(element(0x02, Buffer.alloc(256, 0xff)), exponent)],
        ["has an empty modulus", sequence(integer(), exponent)],
        ["has three numbers", sequence(modulus, exponent, integer(5))],
        ["has one number", sequence(modulus)],
        ["is followed by an octet", Buffer.concat([sequence(modulus, exponent), Buffer.from([0])])],
        ["is followed by another", Buffer.concat(Array<Buffer>(2).fill(sequence(modulus, exponent)))],
        ["is a text", Buffer.from("a text")],
        ["is empty", Buffer.alloc(0)],
    ] as const) {
        it(`decides as OpenSSL does about an RSA key that ${what}`, () => {
            const rsa = sequence(element(0x06, Buffer.from("2a864886f70d010101", "hex")), element(0x05));
            const spki = sequence(rsa, element(0x03, Buffer.concat([Buffer.from([0]), key])));
            const outcome = (read: () => number | undefined) => {
                try {
                    return read();
                } catch {
                    return "refused";
                }
            };
            assert.equal(
                outcome(() => readPublicKey(readElement(spki)).modulusLength),
                outcome(() => readByOpenSsl(spki).asymmetricKeyDetails?.modulusLength),
            );
        });
    }
});
