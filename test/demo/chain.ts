/** Verifies a chain as a client would. */
import { strict as assert } from "node:assert";
import { type KeyObject, X509Certificate } from "node:crypto";

const pemBlock = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/**
 * Leaf, intermediates and root sign each other, none is out of date, and the leaf is for our key.
 *
 * @returns the names the leaf is for
 */
export function verifyChain(
    fullChainPem: string | undefined,
    rootPem: string,
    privateKey: KeyObject,
): string[] {
    assert(fullChainPem !== undefined, "there is no certificate");
    const chain = [...(fullChainPem.match(pemBlock) ?? []), rootPem].map((pem) => new X509Certificate(pem));
    const [leaf] = chain;
    assert(leaf !== undefined && chain.length > 2, "the chain lacks its intermediates");
    chain.forEach((certificate, index) => {
        const issuer = chain[index + 1] ?? certificate;
        assert(certificate.checkIssued(issuer), `${certificate.subject} was not issued by ${issuer.subject}`);
        assert(certificate.verify(issuer.publicKey), `the signature of ${certificate.subject} is wrong`);
        assert(Date.parse(certificate.validTo) > Date.now(), `${certificate.subject} has expired`);
    });
    assert(leaf.checkPrivateKey(privateKey), "the leaf is for another key");
    return [...(leaf.subjectAltName ?? "").matchAll(/DNS:([^,]+)/g)].map(([, name]) => name ?? "");
}
