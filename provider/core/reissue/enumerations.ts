/** The enumerations among the inputs and outputs. A file of its own, so that public types need no more of the declaration. */

/** The methods of domain control validation (Services API, `dcv_method`). */
export const DCV_METHODS = ["dns-txt-token", "dns-cname-token", "http-token", "email"] as const;

/** The statuses of a reissue. */
export const STATUSES = [
    "issued",
    "pending_approval",
    "pending_issuance",
    "rejected",
    "revoked",
    "expired",
    "unknown",
] as const;

/** How DigiCert validates control over domains. */
export type DcvMethod = (typeof DCV_METHODS)[number];

/** Status of the latest reissue. */
export type Status = (typeof STATUSES)[number];

/** Hash of the signature. */
export type SignatureHash = "sha256" | "sha384" | "sha512";

/** What happens at DigiCert when the resource is deleted. */
export type DeletionPolicy = "forget" | "cancelPending" | "revoke";
