/**
 * The errors of this package. They live here, and not in `provider/`, because programs may import them and
 * importing `pulumi-digicert` must not load the HTTP client or the schema library.
 *
 * @module
 */

/** One entry of the `errors` array in a CertCentral answer. */
export interface ApiError {
    /** DigiCert's code, for example `access_denied|access_denied_invalid_key`. */
    readonly code: string;
    /** DigiCert's sentence. */
    readonly message: string;
}

/** The stable codes of {@link DigiCertError}; a code never changes its meaning. */
export type DigiCertErrorCode =
    | "ERR_DIGICERT_CONFIGURATION"
    | "ERR_DIGICERT_AUTHENTICATION"
    | "ERR_DIGICERT_PERMISSION"
    | "ERR_DIGICERT_NOT_FOUND"
    | "ERR_DIGICERT_INVALID_REQUEST"
    | "ERR_DIGICERT_RATE_LIMIT"
    | "ERR_DIGICERT_UNAVAILABLE"
    | "ERR_DIGICERT_AMBIGUOUS"
    | "ERR_DIGICERT_TIMEOUT"
    | "ERR_DIGICERT_REFUSED"
    | "ERR_DIGICERT_CERTIFICATE";

/** What an error carries besides its sentence. */
export interface DigiCertErrorDetails {
    /** HTTP status of the answer, where there was one. */
    readonly status?: number | undefined;
    /** All entries of DigiCert's `errors` array. */
    readonly errors?: readonly ApiError[] | undefined;
    /** The underlying failure, free of secrets. */
    readonly cause?: unknown;
}

/**
 * Base class of everything this package throws. The message is a sentence: what was being done, to which
 * order, what DigiCert said, and what to do. Subclasses are split by what a caller would do next.
 *
 * @example
 * ```ts
 * import { DigiCertError } from "pulumi-digicert";
 *
 * export function describe(failure: unknown): string {
 *     return failure instanceof DigiCertError ? `${failure.code}: ${failure.message}` : "not from DigiCert";
 * }
 * ```
 */
export class DigiCertError extends Error {
    /** Stable code; see {@link DigiCertErrorCode}. */
    readonly code: DigiCertErrorCode = "ERR_DIGICERT_REFUSED";
    /** HTTP status of DigiCert's answer; absent when there was none. */
    declare readonly status?: number;
    /** DigiCert's own `errors[]`, all of them; empty when it sent none. */
    readonly errors: readonly ApiError[];

    constructor(message: string, details: DigiCertErrorDetails = {}) {
        super(message, details.cause === undefined ? undefined : { cause: details.cause });
        this.name = new.target.name;
        this.errors = details.errors ?? [];
        if (details.status !== undefined) this.status = details.status;
    }
}

/**
 * A setting is missing or wrong: fix the stack configuration or the environment.
 *
 * @example
 * ```ts
 * import { ConfigurationError } from "pulumi-digicert";
 *
 * export const isConfiguration = (failure: unknown): boolean => failure instanceof ConfigurationError;
 * ```
 */
export class ConfigurationError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_CONFIGURATION";
}

/**
 * 403 `access_denied_invalid_key`: the key is wrong, revoked, or of the other region. CertCentral answers a bad
 * key with 403, not 401.
 *
 * @example
 * ```ts
 * import { AuthenticationError } from "pulumi-digicert";
 *
 * export const needsNewKey = (failure: unknown): boolean => failure instanceof AuthenticationError;
 * ```
 */
export class AuthenticationError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_AUTHENTICATION";
}

/**
 * Any other 403: the key is valid, but its role may not do this.
 *
 * @example
 * ```ts
 * import { PermissionError } from "pulumi-digicert";
 *
 * export const needsAnotherRole = (failure: unknown): boolean => failure instanceof PermissionError;
 * ```
 */
export class PermissionError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_PERMISSION";
}

/**
 * 404: orders do not disappear from CertCentral, so the account, the region or the address is the wrong one.
 *
 * @example
 * ```ts
 * import { NotFoundError } from "pulumi-digicert";
 *
 * export const wrongAccount = (failure: unknown): boolean => failure instanceof NotFoundError;
 * ```
 */
export class NotFoundError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_NOT_FOUND";
}

/**
 * DigiCert refused what was asked for (any other 4xx); {@link DigiCertError.errors} holds all its reasons.
 *
 * @example
 * ```ts
 * import { InvalidRequestError } from "pulumi-digicert";
 *
 * export const reasons = (failure: InvalidRequestError): string[] => failure.errors.map((error) => error.message);
 * ```
 */
export class InvalidRequestError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_INVALID_REQUEST";
}

/**
 * 429: the quota of the API key (100 requests in 5 s, 1,000 in 3 min) is used up.
 *
 * @example
 * ```ts
 * import { RateLimitError } from "pulumi-digicert";
 *
 * export const tryLater = (failure: unknown): boolean => failure instanceof RateLimitError;
 * ```
 */
export class RateLimitError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_RATE_LIMIT";
}

/**
 * DigiCert could not be reached, answered 5xx, or answered something unreadable.
 *
 * @example
 * ```ts
 * import { UnavailableError } from "pulumi-digicert";
 *
 * export const tryAgain = (failure: unknown): boolean => failure instanceof UnavailableError;
 * ```
 */
export class UnavailableError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_UNAVAILABLE";
}

/**
 * The reissue may or may not have been accepted. Nothing was repeated; the next `pulumi up` looks again.
 *
 * @example
 * ```ts
 * import { AmbiguousError } from "pulumi-digicert";
 *
 * export const lookFirst = (failure: unknown): boolean => failure instanceof AmbiguousError;
 * ```
 */
export class AmbiguousError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_AMBIGUOUS";
}

/**
 * A request took longer than `requestTimeoutSeconds`, or issuance longer than `issuanceTimeoutSeconds`.
 *
 * @example
 * ```ts
 * import { TimeoutError } from "pulumi-digicert";
 *
 * export const waitLonger = (failure: unknown): boolean => failure instanceof TimeoutError;
 * ```
 */
export class TimeoutError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_TIMEOUT";
}

/**
 * This package refused to go on, because going on could do harm: a name would be lost, a reissue of somebody
 * else is pending, the order is in a state that allows no reissue.
 *
 * @example
 * ```ts
 * import { RefusedError } from "pulumi-digicert";
 *
 * export const needsDecision = (failure: unknown): boolean => failure instanceof RefusedError;
 * ```
 */
export class RefusedError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_REFUSED";
}

/**
 * DigiCert returned a certificate that is not the one asked for (another key, unreadable PEM).
 *
 * @example
 * ```ts
 * import { CertificateError } from "pulumi-digicert";
 *
 * export const wrongCertificate = (failure: unknown): boolean => failure instanceof CertificateError;
 * ```
 */
export class CertificateError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_CERTIFICATE";
}
