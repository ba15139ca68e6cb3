import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import { addYears } from "./calendar.js";
import { bitString, children, content, element, integer, sequence, time } from "./der.js";
import { toPem } from "./pem.js";
import { type ExtendedKeyUsage } from "./policy.js";
import { type SignatureHash } from "./terms.js";
import { x509 } from "./x509.js";

/** A request to the issuing CA. */
export interface LeafRequest {
    /** Public key, DER of its SubjectPublicKeyInfo. */
    spki: Uint8Array;
    commonName: string | undefined;
    names: readonly string[];
    organization: { name: string; city: string; state: string; country: string } | undefined;
    hash: SignatureHash;
    notBefore: Date;
    notAfter: Date;
    usage: ExtendedKeyUsage | "codeSigning";
}

/** A certificate that was issued. */
export interface Leaf {
    pem: string;
    /** Upper-case hex. */
    serialNumber: string;
    /** SHA-1, upper-case hex. */
    thumbprint: string;
    names: readonly string[];
    validFrom: Date;
    validTill: Date;
}

interface Certificate {
    subject: x509.Name;
    spki: Buffer;
    key: KeyObject;
    pem: string;
}

/** A CA certificate of the chain. */
export type CaCertificate = Readonly<Record<"commonName" | "pem", string>>;

/** AlgorithmIdentifier of ecdsa-with-SHA256, -SHA384, -SHA512 (1.2.840.10045.4.3.x). */
export const signatureAlgorithms: Record<SignatureHash, Buffer> = {
    sha256: sequence(Buffer.from("06082a8648ce3d040302", "hex")),
    sha384: sequence(Buffer.from("06082a8648ce3d040303", "hex")),
    sha512: sequence(Buffer.from("06082a8648ce3d040304", "hex")),
};

const { serverAuth, clientAuth, codeSigning } = x509.ExtendedKeyUsage;

const usages: Record<LeafRequest["usage"], string[]> = {
    serverAuth: [serverAuth],
    serverAndClientAuth: [serverAuth, clientAuth],
    codeSigning: [codeSigning],
};

function keyIdentifier(spki: Buffer): string {
    const [, key = Buffer.alloc(0)] = children(spki);
    return createHash("sha1").update(content(key).subarray(1)).digest("hex");
}

function signCertificate(
    issuer: { subject: x509.Name; spki: Buffer; key: KeyObject },
    requested: { subject: x509.Name; spki: Buffer; notBefore: Date; notAfter: Date; hash: SignatureHash },
    extensions: x509.Extension[],
): { der: Buffer; serial: Buffer } {
    const serial = randomBytes(16);
    serial[0] = (serial[0] ?? 0) | 0x40; // no leading zero: the hex of the number always has 32 digits
    const algorithm = signatureAlgorithms[requested.hash];
    const all = [
        ...extensions,
        new x509.SubjectKeyIdentifierExtension(keyIdentifier(requested.spki)),
        new x509.AuthorityKeyIdentifierExtension(keyIdentifier(issuer.spki)),
    ];
    const tbs = sequence(
        element(0xa0, integer(Buffer.from([2]))),
        integer(serial),
        algorithm,
        Buffer.from(issuer.subject.toArrayBuffer()),
        sequence(time(requested.notBefore), time(requested.notAfter)),
        Buffer.from(requested.subject.toArrayBuffer()),
        requested.spki,
        element(0xa3, sequence(...all.map((extension) => Buffer.from(extension.rawData)))),
    );
    return { der: sequence(tbs, algorithm, bitString(sign(requested.hash, tbs, issuer.key))), serial };
}

function makeCa(commonName: string, now: Date, issuer?: Certificate): Certificate {
    const { publicKey, privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const spki = publicKey.export({ format: "der", type: "spki" });
    const subject = new x509.Name([{ C: ["US"] }, { O: ["CertCentral simulator"] }, { CN: [commonName] }]);
    // Valid both by the simulator's clock and by the real clock, which verifiers use.
    const notBefore = addYears(new Date(Math.min(now.getTime(), Date.now())), -10);
    const notAfter = addYears(new Date(Math.max(now.getTime(), Date.now())), 20);
    const extensions = [
        new x509.BasicConstraintsExtension(true, issuer ? 0 : undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ];
    const requested = { subject, spki, notBefore, notAfter, hash: "sha256" as const };
    const { der } = signCertificate(issuer ?? { subject, spki, key }, requested, extensions);
    return { subject, spki, key, pem: toPem("CERTIFICATE", der) };
}

function subjectOf({ commonName, organization }: LeafRequest): x509.Name {
    const parts: x509.JsonName = [];
    if (organization) {
        const { name, city, state, country } = organization;
        parts.push({ C: [country.toUpperCase()] }, { ST: [state] }, { L: [city] }, { O: [name] });
    }
    if (commonName !== undefined) parts.push({ CN: [commonName] });
    return new x509.Name(parts);
}

/** A root and an issuing CA with real keys; signs synchronously. */
export class CertificateAuthority {
    readonly root: CaCertificate;
    readonly issuing: CaCertificate;
    private readonly issuer: Certificate;

    constructor(now: Date) {
        const root = makeCa("Example Root CA", now);
        this.issuer = makeCa("Example TLS Issuing CA", now, root);
        this.root = { commonName: "Example Root CA", pem: root.pem };
        this.issuing = { commonName: "Example TLS Issuing CA", pem: this.issuer.pem };
    }

    /** Issues a certificate for a key. */
    issue(request: LeafRequest): Leaf {
        const { names, hash, notBefore, notAfter } = request;
        const { KeyUsageFlags } = x509;
        const extensions: x509.Extension[] = [
            new x509.BasicConstraintsExtension(false, undefined, true),
            new x509.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
            new x509.ExtendedKeyUsageExtension(usages[request.usage]),
        ];
        if (names.length > 0) {
            const alternative = names.map((value) => ({
                type: isIP(value) ? ("ip" as const) : ("dns" as const),
                value,
            }));
            extensions.push(new x509.SubjectAlternativeNameExtension(alternative));
        }
        const requested = {
            subject: subjectOf(request),
            spki: Buffer.from(request.spki),
            notBefore,
            notAfter,
            hash,
        };
        const { der, serial } = signCertificate(this.issuer, requested, extensions);
        return {
            pem: toPem("CERTIFICATE", der),
            serialNumber: serial.toString("hex").toUpperCase(),
            thumbprint: createHash("sha1").update(der).digest("hex").toUpperCase(),
            names,
            validFrom: notBefore,
            validTill: notAfter,
        };
    }
}
