/**
 * What Pulumi keeps of a reissue: the inputs as `check` normalises them, the outputs, and three records. Everything is plain
 * JSON. The names of the members are frozen, because the states of all releases hold them.
 *
 * @module
 */
import { compact, type Json } from "../json.js";
import {
    INPUT_NAMES,
    type AllTrue,
    type CertificateMemberName,
    type CertificateOutputName,
    type InputName,
    type OutputName,
    type Same,
} from "./declaration.js";

/** Hash that DigiCert is asked to sign with. */
export type SignatureHash = "sha256" | "sha384" | "sha512";

/** What happens at DigiCert when the resource is deleted. */
export type DeletionPolicy = "forget" | "cancelPending" | "revoke";

/** How DigiCert validates control over domains (Services API, `dcv_method`). */
export type DcvMethod = "dns-txt-token" | "dns-cname-token" | "http-token" | "email";

/** The certificate that is wanted: `certificate` of the reissue request. */
export interface RequestedCertificate {
    commonName?: string | undefined;
    dnsNames: string[];
    csr: string;
    serverPlatform: { id: number };
    signatureHash: SignatureHash;
    caCertId?: string | undefined;
}

/** The inputs, validated and normalised by `check`. */
export interface ReissueInputs {
    orderId: string;
    certificate: RequestedCertificate;
    comments?: string | undefined;
    skipApproval: boolean;
    dcvMethod?: DcvMethod | undefined;
    additionalParameters?: Record<string, Json> | undefined;
    triggers?: Record<string, string> | undefined;
    minDaysRemaining?: number | undefined;
    failDaysRemaining?: number | undefined;
    waitForApproval: boolean;
    issuanceTimeoutSeconds: number;
    allowPendingOutputs: boolean;
    allowNameRemoval?: string[] | undefined;
    adoptExisting: boolean;
    deletionPolicy: DeletionPolicy;
}

/** Where the latest reissue stands. */
export type Status =
    "issued" | "pending_approval" | "pending_issuance" | "rejected" | "revoked" | "expired" | "unknown";

/** The outputs that belong to the certificate in `certificatePem`; they exist together. */
export interface CertificateOutputs {
    issuedCertificateId: number;
    certificatePem: string;
    chainPem?: string | undefined;
    serialNumber: string;
    thumbprint: string;
    validFrom: string;
    validTill: string;
}

/** A reissue that was requested and is not issued yet; stored as `asked`. */
export interface PendingRequest {
    /** The marker in its `comments`. */
    marker: string;
    /** When it was requested, by the clock of this machine, ISO 8601. */
    at: string;
    /** Id of the certificate that was current on the order before the request. */
    replaces?: number | undefined;
    /** The time of DigiCert's own clock before the request, ISO 8601: the reissue is not older. */
    after?: string | undefined;
    /** The highest ids that the order showed before the request: the reissue has higher ones. */
    before?: HighestIds | undefined;
    /** The certificate that was current on the order before the request, as the order told it. */
    inUse?: CertificateInUse | undefined;
    /** Whether it waits until `dcvRandomValue` is published; absent where that is not known. */
    needsToken?: boolean | undefined;
    /** Who rejected it and why, in a sentence, once it was rejected. */
    rejection?: string | undefined;
}

/** The highest ids that an order showed at some moment. */
export interface HighestIds {
    request?: number | undefined;
    certificate?: number | undefined;
    /** Whether the list of reissues was read, so that no certificate is missing. */
    isComplete?: boolean | undefined;
}

/** A certificate as an order tells it. */
export interface CertificateInUse {
    certificateId: number;
    serialNumber?: string | undefined;
    validFrom?: string | undefined;
    validTill?: string | undefined;
}

/** The certificate that was last issued for the stack, against which the next plan is made; stored as `issued`. */
export interface LastIssued {
    certificateId: number;
    /** Digest of the request, see `requestDigest`. */
    wanted: string;
    /** Digest of its public key, see `keyDigest`. */
    key?: string | undefined;
    /** Names that were requested. */
    names: string[];
    /** Names that DigiCert added: on the certificate right after this stack's own issuance without being requested. */
    added?: string[] | undefined;
    validFrom: string;
    validTill: string;
    /** It was requested because the one before had few days left, and it ends no later. */
    endsNoLater?: boolean | undefined;
}

/** The whole state of a reissue. */
export interface ReissueState extends ReissueInputs, Partial<CertificateOutputs> {
    requestIds: number[];
    certificateId?: number | undefined;
    status: Status;
    /** Absent in states of release 0.1.0. */
    reissueId?: string | undefined;
    orderValidTill?: string | undefined;
    dcvRandomValue?: string | undefined;
    asked?: PendingRequest | undefined;
    issued?: LastIssued | undefined;
    /** Why the order allows no reissue any more, in words that follow "the order": `is revoked`. */
    orderEnd?: string | undefined;
    /** Id of the order that renewed this one, where the last read of the order told it. */
    renewedOrderId?: string | undefined;
}

type RecordName = "asked" | "issued" | "orderEnd" | "renewedOrderId";

/**
 * Fails to compile unless types and declarations have the same members.
 *
 * @internal
 */
export type DeclaredMembers = AllTrue<
    [
        Same<keyof ReissueInputs, InputName>,
        Same<keyof RequestedCertificate, CertificateMemberName>,
        Same<keyof CertificateOutputs, CertificateOutputName>,
        Same<Exclude<keyof ReissueState, keyof ReissueInputs | RecordName>, OutputName>,
    ]
>;

/** The inputs in a state, and nothing else. */
export function inputsOf(state: ReissueInputs): ReissueInputs {
    return Object.fromEntries(
        INPUT_NAMES.flatMap((name) => (state[name] === undefined ? [] : [[name, state[name]]])),
    ) as unknown as ReissueInputs;
}

/** A state with other inputs; inputs that are gone do not linger. */
export function withInputs(state: ReissueState, inputs: ReissueInputs): ReissueState {
    const outputs = Object.fromEntries(
        Object.entries(state).filter(([name]) => !(INPUT_NAMES as readonly string[]).includes(name)),
    );
    return compact({ ...outputs, ...inputsOf(inputs) } as ReissueState);
}
