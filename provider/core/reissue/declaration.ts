/**
 * Declares the inputs and outputs of a reissue. These tables decide what a change of an input means, which members are read
 * from the state, and which outputs the SDK's class announces; the tables of the documents are made from them. `inputs.ts`
 * (validation, defaults) and `state.ts` (types) do not compile unless they agree with these tables.
 *
 * This file imports nothing, so that a program that imports `pulumi-digicert` loads no schema library.
 *
 * @module
 */

/**
 * What a change of an input means:
 * - `replace`: another order, so the resource is replaced
 * - `reissue`: the certificate is reissued
 * - `record`: only the new value is saved
 */
export type Change = "replace" | "reissue" | "record";

interface InputDeclaration {
    readonly change: Change;
    /** The member of DigiCert's request body; absent if the input is not sent. */
    readonly bodyMember?: string;
    /** The type, as documents show it. */
    readonly type: string;
    /** The default, as documents show it. */
    readonly default: string;
    /** One or two sentences that fit every programming language. */
    readonly about: string;
}

/** Every input, in the order in which documents show them. */
export const INPUTS = {
    orderId: {
        change: "replace",
        type: "number, or string of digits",
        default: "required",
        about: "The CertCentral order.",
    },
    certificate: {
        change: "reissue",
        bodyMember: "certificate",
        type: "object",
        default: "required",
        about: "The certificate to request.",
    },
    comments: {
        change: "record",
        bodyMember: "comments",
        type: "string",
        default: "none",
        about: "Comments on the reissue. A marker is appended, by which the reissue is recognised later.",
    },
    skipApproval: {
        change: "record",
        bodyMember: "skip_approval",
        type: "boolean",
        default: "false",
        about: "Skip the approval step; needs a key whose user may approve.",
    },
    dcvMethod: {
        change: "record",
        bodyMember: "dcv_method",
        type: "dns-txt-token, dns-cname-token, http-token or email",
        default: "not sent",
        about:
            "How DigiCert validates control over the domains. Used by the next reissue, and at once while a reissue waits for " +
            "validation.",
    },
    additionalParameters: {
        change: "reissue",
        type: "object",
        default: "none",
        about: "Further members of the request body, merged deeply. A member that another input sets is refused.",
    },
    triggers: {
        change: "reissue",
        type: "map of strings",
        default: "none",
        about: "A change of any of these texts causes a reissue.",
    },
    minDaysRemaining: {
        change: "record",
        type: "number of days",
        default: "30, or a third of the certificate's lifetime if that is less",
        about:
            "Request a reissue when fewer days are left and the order's plan ends later than the certificate. Never more than half of the lifetime; " +
            "negative: never.",
    },
    failDaysRemaining: {
        change: "record",
        type: "number of days",
        default: "7, or a tenth of the certificate's lifetime if that is less",
        about:
            "Fail when the certificate in use has fewer days left and its successor is not issued, for whatever reason. " +
            "Negative: never.",
    },
    waitForApproval: {
        change: "record",
        type: "boolean",
        default: "false",
        about: "Wait for any person: an approver, or the person who publishes dcvRandomValue.",
    },
    issuanceTimeoutSeconds: {
        change: "record",
        type: "number of seconds",
        default: "900",
        about: "How long to wait for DigiCert to issue; 0: do not wait.",
    },
    allowPendingOutputs: {
        change: "record",
        type: "boolean",
        default: "false",
        about:
            "Whether an update to another key may succeed while its certificate is pending; the certificate outputs are absent then. " +
            "Otherwise the update fails, so that dependents keep the old key and certificate.",
    },
    allowNameRemoval: {
        change: "record",
        type: "list of strings",
        default: "none",
        about:
            "Only these names may be removed from the certificate. DigiCert then revokes the original and every reissue and " +
            "duplicate within 72 hours.",
    },
    adoptExisting: {
        change: "record",
        type: "boolean",
        default: "false",
        about:
            "Whether a create takes over the order's current certificate instead of requesting a reissue. If the certificate has " +
            "another key or other names, the create fails and lists each difference.",
    },
    deletionPolicy: {
        change: "record",
        type: "forget, cancelPending or revoke",
        default: "forget",
        about:
            "What deleting the resource does at DigiCert: nothing; cancel a pending reissue of this resource; or revoke its " +
            "certificate, which each run has to confirm.",
    },
} as const satisfies Readonly<Record<string, InputDeclaration>>;

interface MemberDeclaration extends Omit<InputDeclaration, "change"> {
    readonly bodyMember: string;
}

/** Every member of the input `certificate`; a change of any of them is a reissue. */
export const CERTIFICATE_MEMBERS = {
    commonName: {
        bodyMember: "common_name",
        type: "string",
        default: "none",
        about: "Domain to secure. TLS orders need one; product types without one (code signing, VMC) leave it out.",
    },
    dnsNames: {
        bodyMember: "dns_names",
        type: "list of strings",
        default: "only the common name",
        about:
            "The complete set of names that is wanted; a name left out is removed from the certificate. Order, case and a repeated " +
            "common name make no difference.",
    },
    csr: {
        bodyMember: "csr",
        type: "string",
        default: "required",
        about:
            "Certificate signing request (RFC 2986), PEM or bare base64, signed by its own key: RSA of at least 2048 bits, P-256, " +
            "P-384 or P-521. The private key is never an input.",
    },
    serverPlatform: {
        bodyMember: "server_platform",
        type: "object",
        default: "id -1 (Other)",
        about: "The server platform that DigiCert formats the certificate for.",
    },
    signatureHash: {
        bodyMember: "signature_hash",
        type: "sha256, sha384 or sha512",
        default: "sha256",
        about: "Hash that DigiCert signs with.",
    },
    caCertId: {
        bodyMember: "ca_cert_id",
        type: "string",
        default: "not sent",
        about: "Id of the issuing CA, where the account may choose it.",
    },
} as const satisfies Readonly<Record<string, MemberDeclaration>>;

/** The name of a member of `certificate`. */
export type CertificateMemberName = keyof typeof CERTIFICATE_MEMBERS;

/** The name of an input. */
export type InputName = keyof typeof INPUTS;

/** How an output is declared. */
export interface OutputDeclaration {
    readonly type: string;
    readonly about: string;
    /** Whether the output belongs to the certificate in `certificatePem`, and is absent while the program has another key. */
    readonly ofCertificate?: true;
}

/** The outputs that describe the certificate; every resource that outputs a certificate has them. */
export const CERTIFICATE_DETAILS = {
    certificatePem: { type: "string", about: "The leaf certificate, PEM.", ofCertificate: true },
    chainPem: {
        type: "string",
        about: "The intermediate certificates, the leaf's issuer first, without the root, PEM.",
        ofCertificate: true,
    },
    serialNumber: {
        type: "string",
        about: "Serial number of the certificate, upper-case hex.",
        ofCertificate: true,
    },
    thumbprint: {
        type: "string",
        about: "SHA-1 of the certificate, upper-case hex, as DigiCert's API uses it.",
        ofCertificate: true,
    },
    validFrom: {
        type: "string",
        about: "Start of the certificate's validity: ISO 8601, UTC, to the second.",
        ofCertificate: true,
    },
    validTill: {
        type: "string",
        about: "End of the certificate's validity: ISO 8601, UTC, to the second.",
        ofCertificate: true,
    },
} as const;

/** Every output beside the inputs, in the order in which documents show them. */
export const OUTPUTS = {
    status: {
        type: "string",
        about:
            "Status of the latest reissue: issued, pending_approval, pending_issuance, rejected, revoked, expired, or unknown " +
            "(DigiCert may have accepted it).",
    },
    reissueId: {
        type: "string",
        about:
            "Identifies the reissue that this resource follows, as an opaque text. It changes only with an accepted reissue, and when " +
            "a certificate is adopted, taken over, restored or followed.",
    },
    requestIds: {
        type: "list of numbers",
        about: "Ids of the approval requests of the latest reissue; empty if there are none.",
    },
    certificateId: {
        type: "number",
        about: "Id of the latest reissued certificate, as soon as DigiCert gives it.",
    },
    issuedCertificateId: {
        type: "number",
        about: "Id of the certificate in certificatePem; differs from certificateId while a successor is pending.",
        ofCertificate: true,
    },
    ...CERTIFICATE_DETAILS,
    orderValidTill: { type: "string", about: "Last day of the order's plan, yyyy-MM-dd." },
    dcvRandomValue: {
        type: "string",
        about:
            "Token of the latest reissue that needed domain control validation. It stays after issuance, so that a DNS record made " +
            "from it is not deleted and made again.",
    },
} as const satisfies Readonly<Record<string, OutputDeclaration>>;

/** The name of an output that is not an input. */
export type OutputName = keyof typeof OUTPUTS;

/** The outputs that belong to the certificate in `certificatePem`. */
export type CertificateOutputName = {
    [Name in OutputName]: (typeof OUTPUTS)[Name] extends { ofCertificate: true } ? Name : never;
}[OutputName];

/** The names of all inputs. */
export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[];

/** The names of all outputs. */
export const OUTPUT_NAMES = Object.keys(OUTPUTS) as readonly OutputName[];

/** Lists the inputs whose change means `change`. */
export function inputsThat(change: Change): readonly InputName[] {
    return INPUT_NAMES.filter((name) => INPUTS[name].change === change);
}

/** The names of the outputs that belong to the certificate in `certificatePem`. */
export const CERTIFICATE_OUTPUTS = Object.entries(OUTPUTS).flatMap(([name, output]) =>
    "ofCertificate" in output ? [name as CertificateOutputName] : [],
);
