// Types that the public methods share with the records behind them.

/** Where a certificate comes from: the order itself, a POST, somebody in the console, DigiCert's auto-reissue, or a request for a duplicate. */
export type Origin = "order" | "api" | "console" | "auto-reissue" | "duplicate";

/** Hash that a certificate is signed with. */
export type SignatureHash = "sha256" | "sha384" | "sha512";

/** What is ordered, by DigiCert's own names. */
export interface Product {
    /** Such as `ssl_plus`. */
    name_id: string;
    /** Such as `SSL Plus`. */
    name: string;
    /** `ssl_certificate` for TLS: it needs a common name. */
    type: string;
    /** `dv`, `ov` or `ev`. */
    validation_type: string;
}
