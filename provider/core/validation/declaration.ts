/**
 * Declares the inputs and outputs of a validation, in the form of `reissue/declaration.ts`.
 *
 * This file imports only that file, so that a program that imports `pulumi-digicert` loads no schema library.
 *
 * @module
 */
import { CERTIFICATE_DETAILS, type OutputDeclaration } from "../reissue/declaration.js";

/**
 * What a change of an input means:
 * - `replace`: another order, so the resource is replaced
 * - `follow`: the validation waits for another reissue
 * - `record`: only the new value is saved
 */
export type Change = "replace" | "follow" | "record";

interface InputDeclaration {
    readonly change: Change;
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
        about: "The CertCentral order of the reissue.",
    },
    certificate: {
        change: "follow",
        type: "object",
        default: "required",
        about: "The certificate that the reissue was requested for.",
    },
    reissueId: {
        change: "follow",
        type: "string",
        default: "required",
        about: "The reissue to wait for: the output reissueId of the reissue.",
    },
    certificateId: {
        change: "record",
        type: "number",
        default: "none",
        about: "Id of the reissued certificate: the output certificateId of the reissue.",
    },
    requestIds: {
        change: "record",
        type: "list of numbers",
        default: "none",
        about: "Ids of the approval requests of the reissue.",
    },
    dcvRandomValue: {
        change: "record",
        type: "string",
        default: "none",
        about: "Token of the reissue.",
    },
    dcvMethod: {
        change: "record",
        type: "dns-txt-token, dns-cname-token, http-token or email",
        default: "none; messages assume dns-txt-token",
        about: "How DigiCert validates control over the domains. With email, DigiCert is not asked to check.",
    },
    issuanceTimeoutSeconds: {
        change: "record",
        type: "number of seconds",
        default: "1800",
        about: "How long to wait for DigiCert to validate and to issue; 0: the order is read and checked once.",
    },
    waitForApproval: {
        change: "record",
        type: "boolean",
        default: "false",
        about: "Wait for an approver.",
    },
    allowPendingOutputs: {
        change: "record",
        type: "boolean",
        default: "false",
        about:
            "Whether the validation may succeed without a certificate while the reissue waits for an approver and no earlier " +
            "certificate has this key.",
    },
    failDaysRemaining: {
        change: "record",
        type: "number of days",
        default: "7, or a tenth of the certificate's lifetime if that is less",
        about: "Fail when the certificate that is handed on has fewer days left and its successor is not issued. Negative: never.",
    },
} as const satisfies Readonly<Record<string, InputDeclaration>>;

/** The name of an input. */
export type InputName = keyof typeof INPUTS;

/** Every output beside the inputs, in the order in which documents show them. */
export const OUTPUTS = {
    status: {
        type: "string",
        about: "Status of the reissue: issued, pending_approval, rejected, revoked or expired.",
    },
    certificateId: {
        type: "number",
        about: "Id of the certificate in certificatePem.",
        ofCertificate: true,
    },
    ...CERTIFICATE_DETAILS,
} as const satisfies Readonly<Record<string, OutputDeclaration>>;

/** The name of an output. `certificateId` is an input as well: as an output, it is the id of the certificate handed on. */
export type OutputName = keyof typeof OUTPUTS;

/** The names of all inputs. */
export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[];

/** The names of all outputs. */
export const OUTPUT_NAMES = Object.keys(OUTPUTS) as readonly OutputName[];

/** Every input of the function `getDcvRecords`. */
export const RECORDS_INPUTS = {
    names: {
        type: "list of strings",
        default: "required",
        about: "The names on the certificate.",
    },
    dcvRandomValue: {
        type: "string",
        default: "none",
        about: "The token: the output dcvRandomValue of the reissue; absent before the reissue ever had a token.",
    },
    dcvMethod: {
        type: "dns-txt-token or dns-cname-token",
        default: "dns-txt-token",
        about: "The method of the reissue; the other methods have no record.",
    },
} as const satisfies Readonly<Record<string, Omit<InputDeclaration, "change">>>;

/** The name of an input of `getDcvRecords`. */
export type RecordsInputName = keyof typeof RECORDS_INPUTS;
