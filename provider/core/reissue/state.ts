/**
 * What Pulumi keeps: the inputs as `check` normalises them, and the outputs. Everything is plain JSON.
 *
 * @module
 */
import { compact, type Json } from "../json.js";

/** Hash that DigiCert is asked to sign with. */
export type SignatureHash = "sha256" | "sha384" | "sha512";

/** What happens at DigiCert when the resource is deleted. */
export type DeletionPolicy = "forget" | "cancelPending" | "revoke";

/** The certificate that is wanted: `certificate` of the reissue request. */
export interface WantedCertificate {
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
    certificate: WantedCertificate;
    comments?: string | undefined;
    skipApproval: boolean;
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
    /** `project/stack/name`, or `project/stack/types::name` inside components, passed by the SDK because Pulumi tells a dynamic provider none of it. */
    identity?: string | undefined;
}

/** Where the latest reissue stands. */
export type Status =
    "issued" | "pending_approval" | "pending_issuance" | "rejected" | "revoked" | "expired" | "unknown";

/** The outputs that describe one issued certificate; present only if its key is the key of `certificate.csr`. */
export interface IssuedOutputs {
    issuedCertificateId: number;
    certificatePem: string;
    chainPem?: string | undefined;
    serialNumber: string;
    thumbprint: string;
    validFrom: string;
    validTill: string;
}

/** A reissue that was asked for and is not settled. */
export interface Asked {
    /** The marker in its `comments`. */
    marker: string;
    /** When it was asked for, ISO 8601. */
    at: string;
    /** The certificate that was current on the order when it was asked for. */
    replaces?: number | undefined;
    /** When that one was made, by DigiCert's clock: a reissue of ours is not older. */
    after?: string | undefined;
    /** Who rejected it and why, in a sentence, once it was rejected. */
    rejection?: string | undefined;
}

/** What was last issued for the stack: the record that the next plan is made against. */
export interface Issued {
    certificateId: number;
    /** Digest of what was asked for, see `wantedDigest`. */
    wanted: string;
    /** Digest of its public key, see `keyDigest`; absent in states of earlier releases. */
    key?: string | undefined;
    /** Names that were asked for. */
    names: string[];
    /** Names that DigiCert reported beyond these, right after issuance. */
    added?: string[] | undefined;
    validFrom: string;
    validTill: string;
}

/** The whole state of a resource. */
export interface ReissueState extends ReissueInputs, Partial<IssuedOutputs> {
    requestIds: number[];
    certificateId?: number | undefined;
    status: Status;
    orderValidTill?: string | undefined;
    dcvRandomValue?: string | undefined;
    asked?: Asked | undefined;
    issued?: Issued | undefined;
    /** Why the order allows no reissue any more, in words that follow "the order": `is revoked`. */
    orderEnd?: string | undefined;
}

const INPUTS = [
    "orderId",
    "certificate",
    "comments",
    "skipApproval",
    "additionalParameters",
    "triggers",
    "minDaysRemaining",
    "failDaysRemaining",
    "waitForApproval",
    "issuanceTimeoutSeconds",
    "allowPendingOutputs",
    "allowNameRemoval",
    "adoptExisting",
    "deletionPolicy",
    "identity",
] as const satisfies readonly (keyof ReissueInputs)[];

/** The inputs in a state, and nothing else. */
export function inputsOf(state: ReissueInputs): ReissueInputs {
    return Object.fromEntries(
        INPUTS.flatMap((name) => (name in state ? [[name, state[name]]] : [])),
    ) as unknown as ReissueInputs;
}

/** A state with other inputs; those that are gone do not linger. */
export function withInputs(state: ReissueState, inputs: ReissueInputs): ReissueState {
    const outputs = Object.fromEntries(
        Object.entries(state).filter(([name]) => !(INPUTS as readonly string[]).includes(name)),
    );
    return compact({ ...outputs, ...inputsOf(inputs) } as ReissueState);
}

/** Names of the outputs that exist only while the certificate's key is the wanted one. */
export const ISSUED_OUTPUTS = [
    "issuedCertificateId",
    "certificatePem",
    "chainPem",
    "serialNumber",
    "thumbprint",
    "validFrom",
    "validTill",
] as const satisfies readonly (keyof IssuedOutputs)[];
