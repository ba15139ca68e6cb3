import { z } from "zod";

/**
 * How control over a domain is proven. `http-token-dynamic` is not for DV.
 */
export type DcvMethod = "email" | "dns-txt-token" | "dns-cname-token" | "http-token" | "http-token-dynamic";

/** Which certificate of an order: the requested one, the first, the one before the requested one, or the n-th, counted from 1. */
export type CertificateChoice = "requested" | "first" | "previous" | number;

/** Odd forms in which answers come; see {@link OrderPolicy.oddForms}. */
export type OddForm = "emptyObjectsAsLists" | "blankDnsNames" | "oddListEntries" | "idsAsStrings";

/**
 * How DigiCert (the account, the validations, its defects) behaves towards one order. The defaults are what DigiCert
 * documents. Where no document or recording says which of two readings is right, the member says "not documented", and
 * each reading can be chosen.
 */
export interface OrderPolicy {
    // --- Approval and requests ---

    /**
     * `required`: a reissue waits for an approver unless it skips approval. `auto`: the account approves by itself. `none`:
     * there is no approval step and no request, as in subscription accounts. Default `required`.
     */
    approval: "required" | "auto" | "none";
    /** Whether the key may send `skip_approval: true`; else 403. Default true. */
    skipApprovalAllowed: boolean;
    /** Whether `skip_approval: true` has its effect. An EV order may still need its verified contact. Default true. */
    skipApprovalObeyed: boolean;
    /** Whether the key may approve and reject requests; else 403. Default true. */
    approvalAllowed: boolean;
    /** With which status a request that waits begins. What `submitted` means is not documented. Default `pending`. */
    requestStatus: "pending" | "submitted";
    /** With which status a request to revoke begins: clients expect `submitted`, an example of the documents says `pending`. Default `submitted`. */
    revocationStatus: "submitted" | "pending";
    /** Whether requests whose approval was skipped are listed; documented: never. Default false. */
    listsSkippedRequests: boolean;
    /** Whether requests to reissue are listed in the order. Default true. */
    listsReissueRequests: boolean;
    /** Whether the comments of a reissue that does not skip approval can be read. Default true. */
    showComments: boolean;
    /** Whether the comments of a reissue made with `skip_approval` can be read; its request is then listed too. Default false. */
    showCommentsOnSkipApproval: boolean;
    /**
     * In which form the comments of a reissue come back, where they can be read: as sent, left out, as `""`, cut to
     * `commentsLength` characters, or with HTML entities. Not documented. Default `asSent`.
     */
    reportedComments: "asSent" | "absent" | "blank" | "cut" | "escaped";
    /** Length of comments that are `cut`. Default 255. */
    commentsLength: number;
    /** What the API shows for a request without comments: `""`, or no member. Not documented. Default `blank`. */
    emptyComments: "blank" | "absent";
    /** The order inside `GET /request/{id}` stays as it was when the request was made (a defect that clients report). Default false. */
    staleRequestView: boolean;
    /** How a status that was changed by PUT is answered: 204 (documented for cancelling), or 200 with a text. Default 204. */
    statusAnswer: 204 | 200;

    // --- Validation of domains and organization ---

    /**
     * `byProduct`: a DV order needs a new validation for every reissue, OV and EV orders reuse one for
     * `validationReuseDays`. `unvalidated`: the next reissue needs a validation; then as `byProduct`. `validated`: nothing is
     * ever waited for. Changing it to `validated` completes what waits. Default `byProduct`.
     */
    domains: "byProduct" | "validated" | "unvalidated";
    /** For how many days OV and EV orders reuse a validation: 199 since 2026-02-24, later 100 and 10. Default 199. */
    validationReuseDays: number;
    /** `unvalidated`: a reissue waits until DigiCert has validated the organization, see `Simulator.issue`. Default `validated`. */
    organization: "validated" | "unvalidated";
    /** Method of an order that has chosen none; a token method gives `dcv_random_value` in the 201. Default `dns-txt-token`. */
    dcvMethod: DcvMethod;
    /** For how many days a token is good. Default 30. */
    dcvTokenDays: number;
    /** Whether a reissue gets a new token once the last one has done its work. Not documented. Default true. */
    newDcvToken: boolean;
    /** Whether DigiCert looks for published tokens by itself, at growing intervals, for a week. Default true. */
    pollsDcv: boolean;
    /**
     * Answer of `check-dcv` where a DNS record is missing: `error`, a 400; `names`, a 200 that lists each name; `mixed`, a 400
     * only if no record was found. The documents have both. A missing file is always a 400. Default `mixed`.
     */
    dcvFailure: "error" | "names" | "mixed";
    /** Answer of `check-dcv` of an order with nothing pending: 400, or 200 with `order_status: "issued"`. Not documented. Default 400. */
    checkDcvOfIssued: 400 | 200;
    /** Where DigiCert looks for TXT records: at the name, and at `_dnsauth.` before it (this one by a secondary source). Default both. */
    txtRecordAt: readonly ("name" | "_dnsauth")[];
    /** Whether `www.` names are validated at the name below (by a secondary source). Default true. */
    validatesBelowWww: boolean;

    // --- The answer to a reissue ---

    /** From approval and validation to issuance, by the simulator's clock; 0, the default, is at once, in the same answer. */
    issuanceMs: number;
    /** Whether the 201 of a certificate issued at once carries `certificate_chain`, or only `certificate_id`. Default true. */
    includeChain: boolean;
    /** Of which certificate the `certificate_chain` in the 201 is. Default `requested`. */
    chainIn201: CertificateChoice;
    /** Whether `requests[]` in the 201 carries `status`. Not documented. Default false. */
    requestStatusIn201: boolean;
    /** Whether the 201 of a reissue that waits for approval tells `certificate_id`. Default false. */
    certificateIdBeforeApproval: boolean;
    /** Members that are left out of the 201, whatever else is set. Default none. */
    omitFrom201: readonly string[];
    /** Whether a reissue needs `server_platform`: so in 2017; today's clients leave it out. Default false. */
    requiresServerPlatform: boolean;
    /**
     * Members of a reissue's body, or of its `certificate`, that have no effect: for those that are documented on orders
     * only. Default `profile_option`.
     */
    ignoredParameters: readonly string[];
    /** Members of a reissue's body, or of its `certificate`, that are refused with 400. Default none. */
    refusedParameters: readonly string[];
    /** Whether a CSR with `\n` written out as two characters is taken. Not documented. Default false. */
    takesEscapedCsr: boolean;

    // --- The certificate that is issued ---

    /** Longest certificate, in days; default 199. */
    maxValidityDays: number;
    /** Whether a reissue may end later than the certificate that it replaces. Default true. */
    prolongs: boolean;
    /** `yyyy-MM-dd`, last day of every reissue, as far as the plan allows. Default `undefined`: none. */
    fixedValidTill: string | undefined;
    /** A requested end beyond the plan is shortened, or 400 `cert_validity_exceeds_order_validity`; both are documented. Default `shortened`. */
    validityBeyondOrder: "shortened" | "refused";
    /**
     * Extended key usage of TLS reissues. Since 2025-10-01 `serverAuth` only, unless the account or the request says otherwise,
     * until 2027-03-01. Default `serverAuth`.
     */
    extendedKeyUsage: ExtendedKeyUsage;
    /** Key of DigiCert's auto-reissue: that of the certificate before (inferred), or a new one. Default `same`. */
    autoReissueKey: "same" | "new";
    /** Names DigiCert adds by itself, for example a `www.` twin. Default none. */
    addsNames: readonly string[];
    /** Whether a reissue that sends one of `addsNames` back is refused with 400 `invalid_dns_name_on_duplicate`, as seen once. Default false. */
    refusesAddedNames: boolean;
    /** Hash that is reported, and used, whatever the request says. Default `undefined`: as requested. */
    reportedHash: "sha256" | "sha384" | "sha512" | undefined;
    /** Issues over a key that is not the CSR's. Default false. */
    wrongKey: boolean;

    // --- Reads ---

    /** Members that are left out of orders, requests and lists of reissues, at any depth. Default none. */
    omitFromReads: readonly string[];
    /** In which form CSRs come back: as they were sent, with `\r\n`, or as base64 without PEM header and line breaks. Default `asSent`. */
    reportedCsr: "asSent" | "crLf" | "bare";
    /** `dns_names` of an order: all names, as recorded, or those besides the common name, as in the documents' samples. Default `all`. */
    reportedDnsNames: "all" | "additional";
    /**
     * `certificate` of an order while a reissue is pending: the issued one, or the pending one with its own id and CSR,
     * `status: "pending"` and no validity. Not documented. Default `issued`.
     */
    certificateWhilePending: "issued" | "pending";
    /**
     * `date_created` and `date_issued` of an order's `certificate`: when the *order* was made and its *primary* certificate
     * issued, as documented; those of the reissue itself; or left out. Default `order`.
     */
    certificateDates: "order" | "reissue" | "absent";
    /** Status of an order with a pending reissue. Default `reissue_pending`, as documented. */
    statusWhilePending: string;
    /** Reported as the order's status, whatever it really is. Default `undefined`: as it is. */
    orderStatus: string | undefined;
    /** `id` in the answer of Order info, whichever order was requested. Default `undefined`: the order's. */
    reportedOrderId: number | undefined;
    /** For how long after a POST order, list of orders and list of reissues show what they showed before it. Default 0. */
    readLagMs: number;
    /**
     * Odd forms of answers: empty objects as `[]`; a blank name in `dns_names` (alone for products that are not TLS);
     * entries of another type in lists; ids as strings. Default none.
     */
    oddForms: readonly OddForm[];
    /** The list of reissues also holds the order's first certificate, twice (a defect that clients report). Default false. */
    listsPrimary: boolean;
    /** Whether an order expires when its plan ends, or already when its certificate ends. Not documented. Default `plan`. */
    expiresWith: "plan" | "certificate";

    // --- Downloads ---

    /** Downloads by certificate id return the order's first certificate (a defect that clients report). Default false. */
    downloadsPrimary: boolean;
    /** Which certificate of the order a download by certificate id returns (a defect that clients report). Default `requested`. */
    downloadGives: CertificateChoice;
    /** How many downloads return another certificate, from the last change of the policy on; later ones are right. Default `undefined`: all. */
    wrongDownloads: number | undefined;
    /** Answer to the download of a certificate that is not issued. Not documented. Default 400. */
    unissuedDownload: 400 | 403 | 404 | 409 | 204;
    /**
     * Order of the certificates in bundles and chains: leaf first, as documented; leaf last; root first; another end-entity
     * certificate first; or the leaf alone. Default `leafFirst`.
     */
    bundle: "leafFirst" | "leafLast" | "rootFirst" | "otherFirst" | "leafOnly";

    // --- Revocation ---

    /** When earlier certificates are revoked after a reissue dropped a name; "within 72 hours". Default 72 hours. */
    revocationDelayMs: number;
    /** Whether a common name that is replaced counts as a name that was removed (inferred). Default true. */
    commonNameChangeRevokes: boolean;
    /** Whether revoking the only certificate of an order ends the order: a setting of the account. Default false. */
    revocationEndsOrder: boolean;
}

/** Purposes of a TLS certificate: to be a server, or a server and a client. */
export type ExtendedKeyUsage = "serverAuth" | "serverAndClientAuth";

/**
 * The documented behaviour: approval needed, validations by product, issued at once, 199 days.
 *
 * @internal
 */
export const defaultPolicy: OrderPolicy = {
    approval: "required",
    skipApprovalAllowed: true,
    skipApprovalObeyed: true,
    approvalAllowed: true,
    requestStatus: "pending",
    revocationStatus: "submitted",
    listsSkippedRequests: false,
    listsReissueRequests: true,
    showComments: true,
    showCommentsOnSkipApproval: false,
    reportedComments: "asSent",
    commentsLength: 255,
    emptyComments: "blank",
    staleRequestView: false,
    statusAnswer: 204,
    domains: "byProduct",
    validationReuseDays: 199,
    organization: "validated",
    dcvMethod: "dns-txt-token",
    dcvTokenDays: 30,
    newDcvToken: true,
    pollsDcv: true,
    dcvFailure: "mixed",
    checkDcvOfIssued: 400,
    txtRecordAt: ["name", "_dnsauth"],
    validatesBelowWww: true,
    issuanceMs: 0,
    includeChain: true,
    chainIn201: "requested",
    requestStatusIn201: false,
    certificateIdBeforeApproval: false,
    omitFrom201: [],
    requiresServerPlatform: false,
    ignoredParameters: ["profile_option"],
    refusedParameters: [],
    takesEscapedCsr: false,
    maxValidityDays: 199,
    prolongs: true,
    fixedValidTill: undefined,
    validityBeyondOrder: "shortened",
    extendedKeyUsage: "serverAuth",
    autoReissueKey: "same",
    addsNames: [],
    refusesAddedNames: false,
    reportedHash: undefined,
    wrongKey: false,
    omitFromReads: [],
    reportedCsr: "asSent",
    reportedDnsNames: "all",
    certificateWhilePending: "issued",
    certificateDates: "order",
    statusWhilePending: "reissue_pending",
    orderStatus: undefined,
    reportedOrderId: undefined,
    readLagMs: 0,
    oddForms: [],
    listsPrimary: false,
    expiresWith: "plan",
    downloadsPrimary: false,
    downloadGives: "requested",
    wrongDownloads: undefined,
    unissuedDownload: 400,
    bundle: "leafFirst",
    revocationDelayMs: 72 * 3_600_000,
    commonNameChangeRevokes: true,
    revocationEndsOrder: false,
};

/**
 * `dcv_method` as the API takes it.
 *
 * @internal
 */
export const dcvMethod = z.enum([
    "email",
    "dns-txt-token",
    "dns-cname-token",
    "http-token",
    "http-token-dynamic",
]) satisfies z.ZodType<DcvMethod>;

/**
 * `signature_hash` as the API takes it.
 *
 * @internal
 */
export const signatureHash = z.enum(["sha256", "sha384", "sha512"]);

/**
 * Extended key usages as the admin interface takes them.
 *
 * @internal
 */
export const extendedKeyUsage = z.enum(["serverAuth", "serverAndClientAuth"]);

const certificateChoice = z.union([z.enum(["requested", "first", "previous"]), z.int().min(1)]);
const names = z.array(z.string());
const ms = z.number().min(0);
const status = z.union([z.literal(204), z.literal(200)]);

// `null` is "not set": JSON has no undefined.
function optional<T extends z.ZodType>(schema: T) {
    return schema.nullable().transform((value) => value ?? undefined);
}

/**
 * A partial policy as the admin interface takes it; `null` returns a member to "not set".
 *
 * @internal
 */
export const policySchema = z
    .strictObject({
        approval: z.enum(["required", "auto", "none"]),
        skipApprovalAllowed: z.boolean(),
        skipApprovalObeyed: z.boolean(),
        approvalAllowed: z.boolean(),
        requestStatus: z.enum(["pending", "submitted"]),
        revocationStatus: z.enum(["submitted", "pending"]),
        listsSkippedRequests: z.boolean(),
        listsReissueRequests: z.boolean(),
        showComments: z.boolean(),
        showCommentsOnSkipApproval: z.boolean(),
        reportedComments: z.enum(["asSent", "absent", "blank", "cut", "escaped"]),
        commentsLength: z.int().min(0),
        emptyComments: z.enum(["blank", "absent"]),
        staleRequestView: z.boolean(),
        statusAnswer: status,
        domains: z.enum(["byProduct", "validated", "unvalidated"]),
        validationReuseDays: z.number().min(0),
        organization: z.enum(["validated", "unvalidated"]),
        dcvMethod,
        dcvTokenDays: z.number().min(0),
        newDcvToken: z.boolean(),
        pollsDcv: z.boolean(),
        dcvFailure: z.enum(["error", "names", "mixed"]),
        checkDcvOfIssued: z.union([z.literal(400), z.literal(200)]),
        txtRecordAt: z.array(z.enum(["name", "_dnsauth"])),
        validatesBelowWww: z.boolean(),
        issuanceMs: ms,
        includeChain: z.boolean(),
        chainIn201: certificateChoice,
        requestStatusIn201: z.boolean(),
        certificateIdBeforeApproval: z.boolean(),
        omitFrom201: names,
        requiresServerPlatform: z.boolean(),
        ignoredParameters: names,
        refusedParameters: names,
        takesEscapedCsr: z.boolean(),
        maxValidityDays: z.int().min(1),
        prolongs: z.boolean(),
        fixedValidTill: optional(z.iso.date()),
        validityBeyondOrder: z.enum(["shortened", "refused"]),
        extendedKeyUsage,
        autoReissueKey: z.enum(["same", "new"]),
        addsNames: names,
        refusesAddedNames: z.boolean(),
        reportedHash: optional(signatureHash),
        wrongKey: z.boolean(),
        omitFromReads: names,
        reportedCsr: z.enum(["asSent", "crLf", "bare"]),
        reportedDnsNames: z.enum(["all", "additional"]),
        certificateWhilePending: z.enum(["issued", "pending"]),
        certificateDates: z.enum(["order", "reissue", "absent"]),
        statusWhilePending: z.string(),
        orderStatus: optional(z.string()),
        reportedOrderId: optional(z.int()),
        readLagMs: ms,
        oddForms: z.array(z.enum(["emptyObjectsAsLists", "blankDnsNames", "oddListEntries", "idsAsStrings"])),
        listsPrimary: z.boolean(),
        expiresWith: z.enum(["plan", "certificate"]),
        downloadsPrimary: z.boolean(),
        downloadGives: certificateChoice,
        wrongDownloads: optional(z.int().min(0)),
        unissuedDownload: z.union([
            z.literal(400),
            z.literal(403),
            z.literal(404),
            z.literal(409),
            z.literal(204),
        ]),
        bundle: z.enum(["leafFirst", "leafLast", "rootFirst", "otherFirst", "leafOnly"]),
        revocationDelayMs: ms,
        commonNameChangeRevokes: z.boolean(),
        revocationEndsOrder: z.boolean(),
    } satisfies Record<keyof OrderPolicy, z.ZodType>)
    .partial();
