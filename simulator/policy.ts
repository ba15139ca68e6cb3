import { z } from "zod";

/**
 * How DigiCert (the account, the validations, its defects) behaves towards one order. An order with nothing special needs
 * an approver, has everything validated, and is issued at once, for 199 days.
 */
export interface OrderPolicy {
    /** `required`: a reissue waits for an approver unless it skips approval; `auto`: the account approves by itself. Default `required`. */
    approval: "required" | "auto";
    /** Whether the key may send `skip_approval: true`; else 403. Default true. */
    skipApprovalAllowed: boolean;
    /** Whether the key may approve and reject requests; else 403. Default true. */
    approvalAllowed: boolean;
    /** `unvalidated`: a reissue waits for validation. Changing it to `validated` completes those that wait. Default `validated`. */
    domains: "validated" | "unvalidated";
    /** Of an unvalidated order; a token method gives `dcv_random_value` in the 201. Default `dns-txt-token`. */
    dcvMethod: "email" | "dns-txt-token" | "dns-cname-token" | "http-token";
    /** From approval and validation to issuance, by the simulator's clock; 0, the default, is at once, in the same answer. */
    issuanceMs: number;
    /** Longest certificate, in days; default 199. */
    maxValidityDays: number;
    /** Whether the 201 of a certificate issued at once carries `certificate_chain`, or only `certificate_id`. Default true. */
    includeChain: boolean;
    /** Whether `requests[]` in the 201 carries `status`. Default false. */
    requestStatusIn201: boolean;
    /** Members that are left out of the 201, whatever else is set. Default none. */
    omitFrom201: readonly string[];
    /** Members that are left out of orders, requests and lists of reissues, at any depth. Default none. */
    omitFromReads: readonly string[];
    /** Names DigiCert adds by itself, for example a `www.` twin. Default none. */
    addsNames: readonly string[];
    /** Hash that is reported, and used, whatever was asked for. Default `undefined`: as asked for. */
    reportedHash: "sha256" | "sha384" | "sha512" | undefined;
    /** In which form CSRs come back: as they were sent, with `\r\n`, or as base64 without PEM header and line breaks. Default `asSent`. */
    reportedCsr: "asSent" | "crLf" | "bare";
    /** Issues over a key that is not the CSR's. Default false. */
    wrongKey: boolean;
    /** Downloads by certificate id return the order's first certificate (a known defect). Default false. */
    downloadsPrimary: boolean;
    /** The list of reissues also holds the order's first certificate, twice (a known defect). Default false. */
    listsPrimary: boolean;
    /** The order inside `GET /request/{id}` stays as it was when the request was made (a known defect). Default false. */
    staleRequestView: boolean;
    /** Whether the comments of a reissue made with `skip_approval` can be read anywhere. Default false. */
    showCommentsOnSkipApproval: boolean;
    /** Whether the comments of a reissue that does not skip approval can be read. Default true. */
    showComments: boolean;
    /** Reported as the order's status, whatever it really is. Default `undefined`: as it is. */
    orderStatus: string | undefined;
}

/**
 * An order with nothing special: approval needed, everything validated, issued at once, 199 days.
 *
 * @internal
 */
export const defaultPolicy: OrderPolicy = {
    approval: "required",
    skipApprovalAllowed: true,
    approvalAllowed: true,
    domains: "validated",
    dcvMethod: "dns-txt-token",
    issuanceMs: 0,
    maxValidityDays: 199,
    includeChain: true,
    requestStatusIn201: false,
    omitFrom201: [],
    omitFromReads: [],
    addsNames: [],
    reportedHash: undefined,
    reportedCsr: "asSent",
    wrongKey: false,
    downloadsPrimary: false,
    listsPrimary: false,
    staleRequestView: false,
    showCommentsOnSkipApproval: false,
    showComments: true,
    orderStatus: undefined,
};

/**
 * `dcv_method` as the API takes it.
 *
 * @internal
 */
export const dcvMethod = z.enum(["email", "dns-txt-token", "dns-cname-token", "http-token"]);

/**
 * `signature_hash` as the API takes it.
 *
 * @internal
 */
export const signatureHash = z.enum(["sha256", "sha384", "sha512"]);

/**
 * A partial policy as the admin interface takes it; `null` returns a member to "not set".
 *
 * @internal
 */
export const policySchema = z
    .strictObject({
        approval: z.enum(["required", "auto"]),
        skipApprovalAllowed: z.boolean(),
        approvalAllowed: z.boolean(),
        domains: z.enum(["validated", "unvalidated"]),
        dcvMethod,
        issuanceMs: z.number().min(0),
        maxValidityDays: z.int().min(1),
        includeChain: z.boolean(),
        requestStatusIn201: z.boolean(),
        omitFrom201: z.array(z.string()),
        omitFromReads: z.array(z.string()),
        addsNames: z.array(z.string()),
        reportedHash: signatureHash.nullable().transform((hash) => hash ?? undefined),
        reportedCsr: z.enum(["asSent", "crLf", "bare"]),
        wrongKey: z.boolean(),
        downloadsPrimary: z.boolean(),
        listsPrimary: z.boolean(),
        staleRequestView: z.boolean(),
        showCommentsOnSkipApproval: z.boolean(),
        showComments: z.boolean(),
        orderStatus: z
            .string()
            .nullable()
            .transform((status) => status ?? undefined),
    } satisfies Record<keyof OrderPolicy, z.ZodType>)
    .partial();
