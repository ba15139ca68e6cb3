/**
 * The state of a validation, as plain JSON. The names of the members never change after the first release that stores them.
 *
 * @module
 */
import { z } from "zod";
import { compact, pick } from "../json.js";
import type { AllTrue, Same } from "../same.js";
import { readReissueId } from "../reissue/reissueId.js";
import type { DcvMethod, Status } from "../reissue/enumerations.js";
import type { CertificateOutputs, ReissueState, RequestedCertificate } from "../reissue/state.js";
import {
    certificateIdSchema,
    certificateDetails,
    certificateSchema,
    dcvMethodSchema,
    readStored,
    statusSchema,
} from "../reissue/stateSchema.js";
import { certificateNames, readCertificate } from "../x509/certificate.js";
import { csrHasKey, keyDigest, readCsr } from "../x509/csr.js";
import { nameSet, sameNames } from "../x509/names.js";
import { INPUT_NAMES, OUTPUT_NAMES, type InputName, type OutputName } from "./declaration.js";

/** The inputs, validated and normalised by `check`. */
export interface ValidationInputs {
    orderId: string;
    certificate: RequestedCertificate;
    reissueId: string;
    certificateId?: number | undefined;
    requestIds?: number[] | undefined;
    dcvRandomValue?: string | undefined;
    dcvMethod?: DcvMethod | undefined;
    issuanceTimeoutSeconds: number;
    waitForApproval: boolean;
    allowPendingOutputs: boolean;
    failDaysRemaining?: number | undefined;
}

/** The outputs that belong to the certificate that is handed on; they exist together. */
export interface HandedOn extends Omit<CertificateOutputs, "issuedCertificateId"> {
    certificateId: number;
}

type Optional<T> = { [Name in keyof T]?: T[Name] | undefined };

/** The whole state. `certificateId` is the output: the id of the certificate that is handed on. */
export interface ValidationState extends Omit<ValidationInputs, "certificateId">, Optional<HandedOn> {
    status: Status;
}

/**
 * Fails to compile unless types and declarations have the same members.
 *
 * @internal
 */
export type DeclaredMembers = AllTrue<
    [
        Same<keyof ValidationInputs, InputName>,
        Same<keyof HandedOn | "status", OutputName>,
        Same<keyof ValidationState, InputName | OutputName>,
    ]
>;

const schema = z.object({
    orderId: z.string().regex(/^\d+$/),
    certificate: certificateSchema,
    reissueId: z.string(),
    requestIds: z.array(z.int()).optional(),
    dcvRandomValue: z.string().optional(),
    dcvMethod: dcvMethodSchema.optional(),
    issuanceTimeoutSeconds: z.number().default(1800),
    waitForApproval: z.boolean().default(false),
    allowPendingOutputs: z.boolean().default(false),
    failDaysRemaining: z.number().optional(),
    status: statusSchema,
    certificateId: certificateIdSchema.optional(),
    ...certificateDetails,
} satisfies Record<keyof ValidationState, z.ZodType>);

/**
 * Reads a stored state.
 *
 * @throws StateError naming the member that cannot be read.
 */
export function readState(stored: Readonly<Record<string, unknown>>): ValidationState {
    return readStored(schema, stored);
}

/** Reads the inputs in a bag of properties. */
export function inputsOf(bag: object): ValidationInputs {
    return pick(bag, INPUT_NAMES) as unknown as ValidationInputs;
}

/** Replaces the inputs of a state. The input `certificateId` is not stored, because the output has that name. */
export function withInputs(state: ValidationState, inputs: ValidationInputs): ValidationState {
    return makeState(inputs, state.status, handedOn(state));
}

/** Makes a state from inputs, a status and the certificate that is handed on, if there is one. */
export function makeState(
    inputs: Omit<ValidationInputs, "certificateId">,
    status: Status,
    certificate: HandedOn | undefined,
): ValidationState {
    const recorded = pick(
        inputs,
        INPUT_NAMES.filter((name) => name !== "certificateId"),
    );
    return compact({ ...recorded, status, ...certificate } as ValidationState);
}

/** Returns the certificate that a state hands on; undefined if there is none. */
export function handedOn(state: Optional<HandedOn>): HandedOn | undefined {
    if (state.certificatePem === undefined) return undefined;
    return pick(
        state,
        OUTPUT_NAMES.filter((name) => name !== "status"),
    ) as unknown as HandedOn;
}

/** Returns the certificate that a state hands on, if it has the key of these inputs. */
export function handedOnWithKey(
    state: ValidationState | undefined,
    { certificate }: Pick<ValidationInputs, "certificate">,
): HandedOn | undefined {
    const found = state && handedOn(state);
    if (!found) return undefined;
    const { publicKey } = readCertificate(found.certificatePem);
    return csrHasKey(certificate.csr, publicKey) === true ? found : undefined;
}

/** Whether two requested certificates have the same key and names. The CSR of the first may be unreadable, after a refresh. */
export function isSameCertificate(a: RequestedCertificate, b: RequestedCertificate): boolean {
    return (
        sameNames(nameSet(a), nameSet(b)) &&
        (a.csr === b.csr || csrHasKey(a.csr, readCsr(b.csr).key) === true)
    );
}

/** Makes the state that a resource "reissue" would have for the same reissue; the functions of `reissue/` take it. */
export function reissueStateOf(state: ValidationState): ReissueState {
    const { orderId, certificate, reissueId, requestIds, status } = state;
    const named = readReissueId(reissueId);
    const current = handedOn(state);
    return compact<ReissueState>({
        ...REISSUE_SETTINGS,
        orderId,
        certificate,
        issuanceTimeoutSeconds: state.issuanceTimeoutSeconds,
        waitForApproval: state.waitForApproval,
        reissueId,
        requestIds: requestIds ?? [],
        status,
        ...(current && outputsOf(current)),
        certificateId: current?.certificateId,
        asked: named?.kind === "reissue" && isPending(state) ? named.request : undefined,
        issued: current && {
            certificateId: current.certificateId,
            wanted: "",
            key: keyDigest(readCsr(certificate.csr).key),
            names: [...nameSet(certificate)],
            added: [...certificateNames(readCertificate(current.certificatePem))].filter(
                (name) => !nameSet(certificate).has(name),
            ),
            validFrom: current.validFrom,
            validTill: current.validTill,
        },
    });
}

/** Converts the certificate outputs of a resource "reissue" into those that a validation hands on; undefined if there are none. */
export function toHandedOn(state: Optional<CertificateOutputs>): HandedOn | undefined {
    const { issuedCertificateId } = state;
    return issuedCertificateId === undefined
        ? undefined
        : handedOn({ ...state, certificateId: issuedCertificateId });
}

/** Whether the reissue of a state is not issued yet. */
export function isPending({ status, certificatePem }: ValidationState): boolean {
    return certificatePem === undefined || /^(?:pending|rejected|unknown)/.test(status);
}

/** Defaults for the settings that a reissue has and a validation lacks; a validation does not depend on them. */
export const REISSUE_SETTINGS = {
    skipApproval: false,
    allowPendingOutputs: false,
    adoptExisting: false,
    deletionPolicy: "forget",
} as const;

function outputsOf({ certificateId, ...outputs }: HandedOn) {
    return { issuedCertificateId: certificateId, ...outputs };
}
