/**
 * The state of a reissue: the inputs as `check` normalises them, the outputs, and four records (`RecordName`). Everything is
 * plain JSON. The names of the members never change, because the states of all releases hold them.
 *
 * @module
 */
import { compact, pick, type Json } from "../json.js";
import type { AllTrue, Same } from "../same.js";
import {
    INPUT_NAMES,
    type CertificateMemberName,
    type CertificateOutputName,
    type InputName,
    type OutputName,
} from "./declaration.js";
import type { DcvMethod, DeletionPolicy, SignatureHash, Status } from "./enumerations.js";

/** The certificate to request: `certificate` of the reissue request. */
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
    /** The marker in the `comments` of the request. */
    marker: string;
    /** Why the reissue was requested; absent if the program asked for it. */
    cause?: "due" | "revoked" | undefined;
    /** Time of the request by the clock of this machine, ISO 8601. */
    at: string;
    /** Id of the certificate that was current on the order before the request. */
    replaces?: number | undefined;
    /** Time before the request by DigiCert's clock, ISO 8601; the reissue is not older. */
    after?: string | undefined;
    /** The highest ids that the order showed before the request: the reissue has higher ones. */
    before?: HighestIds | undefined;
    /** The current certificate of the order before the request, as the order showed it. */
    inUse?: CertificateInUse | undefined;
    /** Whether somebody else may have requested the reissue, and its further names. */
    mayBeForeign?: boolean | undefined;
    /** Whether DigiCert gave a token for the reissue, which is then `dcvRandomValue`; absent before DigiCert has answered. */
    token?: "given" | "none" | undefined;
    /**
     * The domain validation method that DigiCert has for the reissue; empty if the request named none, or if it is not known.
     * Absent in a state of an earlier release.
     */
    dcvMethod?: string | undefined;
    /**
     * Whether the comments of the request name a person or another resource. The reissue has the key and the names, so it is
     * waited for under its id, and never cancelled.
     */
    isOthers?: boolean | undefined;
    /** Who rejected the reissue and why, in a sentence; absent before a rejection. */
    rejection?: string | undefined;
}

/** The highest ids that an order showed at some moment. */
export interface HighestIds {
    request?: number | undefined;
    certificate?: number | undefined;
    /** Whether the list of reissues was read, so that no certificate is missing. */
    isComplete?: boolean | undefined;
}

/** A certificate as an order shows it. */
export interface CertificateInUse {
    certificateId: number;
    serialNumber?: string | undefined;
    validFrom?: string | undefined;
    validTill?: string | undefined;
}

/** The certificate that was last issued for the stack, against which the next plan is made; stored as `issued`. */
export interface LastIssued {
    certificateId: number;
    /**
     * The certificate of the stack's last own issuance, if a refresh has followed a newer certificate since. The marker of the next
     * request is made from it, so that a refresh between a killed run and the next run does not change the marker.
     */
    ownCertificateId?: number | undefined;
    /** Digest of the request, see `recordedDigest`. */
    wanted: string;
    /** Its serial number; absent in states of earlier releases. */
    serialNumber?: string | undefined;
    /** Digest of its public key, see `keyDigest`. */
    key?: string | undefined;
    /** Names that were requested. */
    names: string[];
    /** Names that DigiCert added: they were on a certificate right after this stack's own issuance, but not in its request. */
    added?: string[] | undefined;
    validFrom: string;
    validTill: string;
    /** Whether TLS clients may use it (extended key usage clientAuth); absent if not, and in states of earlier releases. */
    clientAuth?: boolean | undefined;
    /** Whether the certificate ends no later than the certificate before it, although it was requested because few days were left. */
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
    /** The reason why the order allows no further reissue, in words that follow "the order", such as `is revoked`. */
    orderEnd?: string | undefined;
    /** Id of the order that renewed this order, if the last read of the order showed one. */
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

/** Returns only the inputs of a state. */
export function inputsOf(state: ReissueInputs): ReissueInputs {
    return pick(state, INPUT_NAMES) as unknown as ReissueInputs;
}

/** Replaces all inputs of a state; an input that is absent now is removed. */
export function withInputs(state: ReissueState, inputs: ReissueInputs): ReissueState {
    const outputs = Object.fromEntries(
        Object.entries(state).filter(([name]) => !(INPUT_NAMES as readonly string[]).includes(name)),
    );
    return compact({ ...outputs, ...inputsOf(inputs) } as ReissueState);
}
