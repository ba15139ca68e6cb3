/**
 * Reads a stored state, which any release of this package, or a person, may have written.
 *
 * @module
 */
import { z } from "zod";
import { StateError } from "../errors.js";
import { compact, type Json } from "../json.js";
import { quote } from "../quote.js";
import { DCV_METHODS, STATUSES } from "./enumerations.js";
import type { ReissueState } from "./state.js";

export const instantSchema = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "is not a date");
export const certificateIdSchema = z.int().positive();
const json: z.ZodType<Json> = z.json();
/** DigiCert's `yyyy-MM-dd`. */
const day = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "is not a date");

export const certificateSchema = z.object({
    commonName: z.string().optional(),
    dnsNames: z.array(z.string()).default([]),
    csr: z.string(),
    serverPlatform: z.object({ id: z.int() }).default({ id: -1 }),
    signatureHash: z.enum(["sha256", "sha384", "sha512"]).default("sha256"),
    caCertId: z.string().optional(),
});

export const pendingRequestSchema = z.object({
    marker: z.string(),
    cause: z.enum(["due", "revoked"]).optional(),
    at: instantSchema,
    replaces: certificateIdSchema.optional(),
    after: instantSchema.optional(),
    before: z
        .object({
            request: z.int().optional(),
            certificate: z.int().optional(),
            isComplete: z.boolean().optional(),
        })
        .optional(),
    inUse: z
        .object({
            certificateId: certificateIdSchema,
            serialNumber: z.string().optional(),
            validFrom: instantSchema.optional(),
            validTill: instantSchema.optional(),
        })
        .optional(),
    mayBeForeign: z.boolean().optional(),
    token: z.enum(["given", "none"]).optional(),
    dcvMethod: z.string().optional(),
    isOthers: z.boolean().optional(),
    rejection: z.string().optional(),
});

const lastIssuedSchema = z.object({
    certificateId: certificateIdSchema,
    ownCertificateId: certificateIdSchema.optional(),
    wanted: z.string(),
    serialNumber: z.string().optional(),
    key: z.string().optional(),
    names: z.array(z.string()).default([]),
    added: z.array(z.string()).optional(),
    validFrom: instantSchema,
    validTill: instantSchema,
    clientAuth: z.boolean().optional(),
    endsNoLater: z.boolean().optional(),
});

export const dcvMethodSchema = z.enum(DCV_METHODS);
export const statusSchema = z.enum(STATUSES);
/** The outputs of a certificate that have the same names in every resource. */
export const certificateDetails = {
    certificatePem: z.string().optional(),
    chainPem: z.string().optional(),
    serialNumber: z.string().optional(),
    thumbprint: z.string().optional(),
    validFrom: instantSchema.optional(),
    validTill: instantSchema.optional(),
};

/** The schema of the states of all releases; members of a later release are dropped. */
export const stateSchema = z.object({
    orderId: z.string().regex(/^\d+$/),
    certificate: certificateSchema,
    comments: z.string().optional(),
    skipApproval: z.boolean().default(false),
    dcvMethod: dcvMethodSchema.optional(),
    additionalParameters: z.record(z.string(), json).optional(),
    triggers: z.record(z.string(), z.string()).optional(),
    minDaysRemaining: z.number().optional(),
    failDaysRemaining: z.number().optional(),
    waitForApproval: z.boolean().default(false),
    issuanceTimeoutSeconds: z.number().default(900),
    allowPendingOutputs: z.boolean().default(false),
    allowNameRemoval: z.array(z.string()).optional(),
    adoptExisting: z.boolean().default(false),
    deletionPolicy: z.enum(["forget", "cancelPending", "revoke"]).default("forget"),
    status: statusSchema,
    reissueId: z.string().optional(),
    requestIds: z.array(z.int()).default([]),
    certificateId: certificateIdSchema.optional(),
    issuedCertificateId: certificateIdSchema.optional(),
    ...certificateDetails,
    orderValidTill: day.optional(),
    dcvRandomValue: z
        .string()
        .nullish()
        .transform((token) => token ?? undefined),
    asked: pendingRequestSchema.optional(),
    issued: lastIssuedSchema.optional(),
    orderEnd: z.string().optional(),
    renewedOrderId: z.string().optional(),
} satisfies Record<keyof ReissueState, z.ZodType>);

/**
 * Reads a state.
 *
 * @throws StateError naming the member that cannot be read; the stored state does not change.
 */
export function readState(stored: Readonly<Record<string, unknown>>): ReissueState {
    return readStored(stateSchema, stored) as ReissueState;
}

/** Reads the state of any resource on an order, by its schema. */
export function readStored<T extends z.ZodObject>(
    schema: T,
    stored: Readonly<Record<string, unknown>>,
): z.output<T> {
    const result = schema.safeParse(stored);
    if (result.success) return compact(result.data);
    const [issue] = result.error.issues;
    const member = quote(issue?.path.join(".") ?? "");
    const of = typeof stored.orderId === "string" ? ` of order ${quote(stored.orderId)}` : "";
    throw new StateError(
        `Reading the state${of}: ${member || "the state"} holds a value that this version does not understand (${quote(issue?.message ?? "")}); the state is kept`,
        { remedy: "repairState" },
    );
}
