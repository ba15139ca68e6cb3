import { z } from "zod";

/** How DigiCert (the account, the validations, its defects) behaves towards one order. */
export interface OrderPolicy {
    /** `required`: a reissue waits for an approver unless it skips approval; `auto`: the account approves by itself. */
    approval: "required" | "auto";
    /** Whether the key may send `skip_approval: true`; else 403. */
    skipApprovalAllowed: boolean;
    /** Whether the key may approve and reject requests; else 403. */
    approvalAllowed: boolean;
    /** `unvalidated`: a reissue waits for validation. Changing it to `validated` completes those that wait. */
    domains: "validated" | "unvalidated";
    /** Of an unvalidated order; a token method gives `dcv_random_value` in the 201. */
    dcvMethod: "email" | "dns-txt-token" | "dns-cname-token" | "http-token";
    /** From approval and validation to issuance, by the simulator's clock; 0 is at once, in the same answer. */
    issuanceMs: number;
    /** Longest certificate, in days. */
    maxValidityDays: number;
    /** Whether the 201 of a certificate issued at once carries `certificate_chain`, or only `certificate_id`. */
    includeChain: boolean;
    /** Whether `requests[]` in the 201 carries `status`. */
    requestStatusIn201: boolean;
    /** Members that are left out of the 201, whatever else is set. */
    omitFrom201: readonly string[];
    /** Members that are left out of orders, requests and lists of reissues, at any depth. */
    omitFromReads: readonly string[];
    /** Names DigiCert adds by itself, for example a `www.` twin. */
    addsNames: readonly string[];
    /** Hash that is reported, and used, whatever was asked for. */
    reportedHash: "sha256" | "sha384" | "sha512" | undefined;
    /** In which form CSRs come back: as they were sent, with `\r\n`, or as base64 without PEM header and line breaks. */
    reportedCsr: "asSent" | "crLf" | "bare";
    /** Issues over a key that is not the CSR's. */
    wrongKey: boolean;
    /** Downloads by certificate id return the order's first certificate (a known defect). */
    downloadsPrimary: boolean;
    /** The list of reissues also holds the order's first certificate, twice (a known defect). */
    listsPrimary: boolean;
    /** The order inside `GET /request/{id}` stays as it was when the request was made (a known defect). */
    staleRequestView: boolean;
    /** Whether the comments of a reissue made with `skip_approval` can be read anywhere. */
    showCommentsOnSkipApproval: boolean;
    /** Whether the comments of a reissue that does not skip approval can be read. */
    showComments: boolean;
    /** Reported as the order's status, whatever it really is. */
    orderStatus: string | undefined;
}

/** An order with nothing special: approval needed, everything validated, issued at once, 199 days. */
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

/** `dcv_method` as the API takes it. */
export const dcvMethod = z.enum(["email", "dns-txt-token", "dns-cname-token", "http-token"]);

/** `signature_hash` as the API takes it. */
export const signatureHash = z.enum(["sha256", "sha384", "sha512"]);

/** A partial policy as the admin interface takes it; `null` returns a member to "not set". */
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
