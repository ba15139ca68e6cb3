// Types that the public methods and the records of the account share.

/** Origin of a certificate: the order, a POST, somebody in the console, DigiCert's auto-reissue, or a request for a duplicate. */
export type Origin = "order" | "api" | "console" | "auto-reissue" | "duplicate";

/** Hash of the signature of a certificate. */
export type SignatureHash = "sha256" | "sha384" | "sha512";

/** A product, with DigiCert's names. */
export interface Product {
    /** Id of the product, such as `ssl_plus`. */
    name_id: string;
    /** Name of the product, such as `SSL Plus`. */
    name: string;
    /** Type of the product; `ssl_certificate` for TLS, which needs a common name. */
    type: string;
    /** Kind of validation: `dv`, `ov` or `ev`. */
    validation_type: string;
}
