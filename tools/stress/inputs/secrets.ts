/** Secrets as people paste them: private keys in every form that tools write, and passwords. */
import { csrPem, freshKey, keyPair } from "../../../test/fixtures/csr.js";
import { element, integer, sequence } from "../../../simulator/der.js";
import { toPem, withCrLf } from "../../../simulator/pem.js";

/** A private key in one form. */
export interface PastedKey {
    readonly form: string;
    readonly text: string;
}

const PASSPHRASE = "correct horse battery staple";

/** One private key in each form that is recognised. */
export function pastedKeys(): PastedKey[] {
    const { privateKey: ec } = freshKey();
    const { privateKey: rsa } = keyPair("RSA 2048");
    const { privateKey: ed25519 } = keyPair("Ed25519");
    const pem = (type: "pkcs8" | "sec1") => ec.export({ format: "pem", type }).toString();
    const lock = { cipher: "aes-256-cbc", passphrase: PASSPHRASE } as const;
    const pkcs8 = ec.export({ format: "der", type: "pkcs8" });
    const bare = pkcs8.toString("base64");
    const openSsh = Buffer.concat([Buffer.from("openssh-key-v1\0\0\0\0\x04none"), pkcs8]);
    const jwk = JSON.stringify(ec.export({ format: "jwk" }));
    const body = toPem("X", pkcs8).split("\n").slice(1, -2);
    const forms: Record<string, string> = {
        "PKCS #8": pem("pkcs8"),
        "SEC 1": pem("sec1"),
        "PKCS #1": rsa.export({ format: "pem", type: "pkcs1" }).toString(),
        "PKCS #1, encrypted": rsa.export({ format: "pem", type: "pkcs1", ...lock }).toString(),
        "PKCS #8, encrypted": ec.export({ format: "pem", type: "pkcs8", ...lock }).toString(),
        "PKCS #8 of Ed25519": ed25519.export({ format: "pem", type: "pkcs8" }).toString(),
        "with CRLF, behind a CSR": withCrLf(`${csrPem(keyPair("P-256"))}${pem("pkcs8")}`),
        "with \\n written out": JSON.stringify(pem("pkcs8")),
        "in lower case": pem("pkcs8").toLowerCase(),
        "cut off": pem("pkcs8").slice(0, 80),
        "in a URL": encodeURIComponent(pem("pkcs8")),
        "in a form": pem("pkcs8").replaceAll(" ", "+"),
        "labelled as a CSR": toPem("CERTIFICATE REQUEST", pkcs8),
        "labelled as a certificate": toPem("CERTIFICATE", pkcs8),
        OpenSSH: toPem("OPENSSH PRIVATE KEY", openSsh),
        "OpenSSH without its frame": openSsh.toString("base64"),
        "SSH.com": `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n${bare}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`,
        PuTTY: `PuTTY-User-Key-File-3: ecdsa-sha2-nistp256\nEncryption: none\nPrivate-Lines: 1\n${bare}\n`,
        PGP: `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${bare}\n-----END PGP PRIVATE KEY BLOCK-----\n`,
        "JSON Web Key": jwk,
        "JSON Web Key, in JSON": JSON.stringify({ key: jwk }),
        "DER of PKCS #8 in base64": bare,
        "DER of PKCS #8 in lines": body.join("\n"),
        "DER of PKCS #8 in lines written out": body.join("\\n"),
        "DER of PKCS #8 behind a word": `key: ${bare}`,
        "DER of PKCS #8 as a data URL": `data:application/pkcs8;base64,${bare}`,
        "DER of PKCS #8 in base64url": pkcs8.toString("base64url"),
        "DER of PKCS #8 as bytes": pkcs8.toString("latin1"),
        "DER of PKCS #8 read as UTF-8": pkcs8.toString("utf8"),
        "DER of RSA as PKCS #8": rsa.export({ format: "der", type: "pkcs8" }).toString("base64"),
        "DER of Ed25519 as PKCS #8": ed25519.export({ format: "der", type: "pkcs8" }).toString("base64"),
        "DER of PKCS #1": rsa.export({ format: "der", type: "pkcs1" }).toString("base64"),
        "DER of SEC 1": ec.export({ format: "der", type: "sec1" }).toString("base64"),
        "DER of P-521 as SEC 1": keyPair("P-521")
            .privateKey.export({ format: "der", type: "sec1" })
            .toString("base64"),
        "DER of DSA as PKCS #8": keyPair("DSA")
            .privateKey.export({ format: "der", type: "pkcs8" })
            .toString("base64"),
        "DER of encrypted PKCS #8": ec.export({ format: "der", type: "pkcs8", ...lock }).toString("base64"),
        "PKCS #12 in base64": pkcs12(pkcs8).toString("base64"),
        "PEM in base64": Buffer.from(pem("pkcs8")).toString("base64"),
        "CSR and key in base64": Buffer.from(`${csrPem(keyPair("P-256"))}${pem("sec1")}`).toString("base64"),
        "the secret of Kubernetes": `data:\n  tls.key: ${Buffer.from(pem("pkcs8")).toString("base64")}\n`,
    };
    return Object.entries(forms).map(([form, text]) => ({ form, text }));
}

/** Enough of a PKCS #12 file (RFC 7292) to be known as one. */
function pkcs12(content: Buffer): Buffer {
    const data = element(0x06, Buffer.from("2a864886f70d010701", "hex"));
    return sequence(integer(Buffer.from([3])), sequence(data, element(0xa0, element(0x04, content))));
}

/** Passwords and tokens. They cannot be distinguished from other texts, so the only promise is that they are not printed. */
export const PASSWORDS = [
    PASSPHRASE,
    "S3cr3t!hunter2",
    "Tr0ub4dor&3",
    "ghp_1234567890abcdefghijABCDEFGHIJ123456",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "pässwört-mit-ümlaut",
];

/** Fields into which a text may be pasted: every input, its members, and names that are not inputs. */
export const FIELDS = [
    "orderId",
    "certificate",
    "certificate.commonName",
    "certificate.dnsNames",
    "certificate.dnsNames.[]",
    "certificate.csr",
    "certificate.serverPlatform",
    "certificate.serverPlatform.id",
    "certificate.signatureHash",
    "certificate.caCertId",
    "certificate.unheardOf",
    "comments",
    "skipApproval",
    "additionalParameters",
    "additionalParameters.dcv_method",
    "additionalParameters.certificate.csr",
    "additionalParameters.list.[]",
    "triggers",
    "triggers.rotation",
    "minDaysRemaining",
    "failDaysRemaining",
    "waitForApproval",
    "issuanceTimeoutSeconds",
    "allowPendingOutputs",
    "allowNameRemoval",
    "allowNameRemoval.[]",
    "adoptExisting",
    "deletionPolicy",
    "unheardOf",
] as const;

/** The property under which a failure at one of {@link FIELDS} is reported. */
export function propertyOf(field: string): string {
    return field.replace(".[]", "[0]");
}
