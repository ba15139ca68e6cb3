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
 * Base class of the errors of this package. The message is a sentence: what was being done, to which order, what
 * DigiCert said, and what to do. Subclasses are split by what a caller would do next.
 *
 * Errors of resources stay in the provider's process, and only the sentence leaves it; those of `getOrder` can be caught
 * with `instanceof`. Who calls the lifecycle in the own process (`pulumi-digicert/provider`, with the settings in the environment) finds
 * them as the `cause` of what `read` and `delete` throw.
 *
 * @example
 * ```ts
 * import { DigiCertError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof DigiCertError) console.error(failure.code, failure.status, failure.errors);
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
 * Code `ERR_DIGICERT_CONFIGURATION`: a setting is missing or wrong, before any request. Fix the stack configuration,
 * the environment, or the arguments of the `DigiCertProvider`; the message names the setting, never its value.
 *
 * @example
 * ```ts
 * import { ConfigurationError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof ConfigurationError) console.error("fix the settings", failure.message);
 * ```
 */
export class ConfigurationError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_CONFIGURATION";
}

/**
 * Code `ERR_DIGICERT_AUTHENTICATION`: 403 `access_denied_invalid_key`, or 401. The key is wrong, revoked, or of the
 * other region; CertCentral answers a bad key with 403. Set another key, or the right region.
 *
 * @example
 * ```ts
 * import { AuthenticationError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof AuthenticationError) console.error("another key is needed");
 * ```
 */
export class AuthenticationError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_AUTHENTICATION";
}

/**
 * Code `ERR_DIGICERT_PERMISSION`: any other 403. The key is valid, but its role may not do this. Use the key of a user
 * who may, or change the role.
 *
 * @example
 * ```ts
 * import { PermissionError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof PermissionError) console.error("another role is needed");
 * ```
 */
export class PermissionError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_PERMISSION";
}

/**
 * Code `ERR_DIGICERT_NOT_FOUND`: 404. Orders do not disappear from CertCentral, so the order id, the account, the
 * region or the address is the wrong one. Correct it.
 *
 * @example
 * ```ts
 * import { NotFoundError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof NotFoundError) console.error("wrong order, account or region");
 * ```
 */
export class NotFoundError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_NOT_FOUND";
}

/**
 * Code `ERR_DIGICERT_INVALID_REQUEST`: DigiCert refused what was asked for, with any 4xx that has no class of its own;
 * {@link DigiCertError.errors} holds all its reasons. Correct what they name.
 *
 * @example
 * ```ts
 * import { InvalidRequestError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof InvalidRequestError) for (const { code } of failure.errors) console.error(code);
 * ```
 */
export class InvalidRequestError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_INVALID_REQUEST";
}

/**
 * Code `ERR_DIGICERT_RATE_LIMIT`: 429, or not sent because of an earlier one. The quota of the API key (100 requests in
 * 5 s, 1,000 in 3 min) is used up, by somebody outside of this process, and waiting for it did not help. Try again in
 * a few minutes.
 *
 * @example
 * ```ts
 * import { RateLimitError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof RateLimitError) console.error("try again in a few minutes");
 * ```
 */
export class RateLimitError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_RATE_LIMIT";
}

/**
 * Code `ERR_DIGICERT_UNAVAILABLE`: DigiCert could not be reached, answered 5xx or with a redirect, or answered something
 * that cannot be read. Reads were repeated already. Try again later; the message says if the network, the proxy or the
 * address should be looked at.
 *
 * @example
 * ```ts
 * import { UnavailableError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof UnavailableError) console.error("try again later");
 * ```
 */
export class UnavailableError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_UNAVAILABLE";
}

/**
 * Code `ERR_DIGICERT_AMBIGUOUS`: the reissue may or may not have been accepted; the cause says what happened to its
 * answer. It stays inside: the lifecycle looks at the order until it knows, and if it cannot, `pulumi up` fails with
 * `status: unknown` saved, and the next one looks again. Nothing is to be done but that.
 *
 * @example
 * ```ts
 * import { AmbiguousError } from "pulumi-digicert";
 *
 * // In a test of a client of your own, which hands the lifecycle what became of a POST:
 * const lost = new AmbiguousError("Asking for a reissue of order 112233: the answer was lost.");
 * console.assert(lost.code === "ERR_DIGICERT_AMBIGUOUS");
 * ```
 */
export class AmbiguousError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_AMBIGUOUS";
}

/**
 * Code `ERR_DIGICERT_TIMEOUT`: one request took longer than `requestTimeoutSeconds`, or the answers came too slowly for a
 * POST to follow the read that allows it. Try again, or raise the limit. A certificate that is not issued within
 * `issuanceTimeoutSeconds` is not an error of this class: `pulumi up` fails with the ids saved, and the next one resumes.
 *
 * @example
 * ```ts
 * import { TimeoutError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof TimeoutError) console.error("DigiCert is slow");
 * ```
 */
export class TimeoutError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_TIMEOUT";
}

/**
 * Code `ERR_DIGICERT_REFUSED`: this package refused to go on, because going on could do harm or cannot succeed: a name
 * would be lost, a reissue of somebody else is pending, the order allows no reissue, or has nothing to read. Decide as
 * the message says.
 *
 * @example
 * ```ts
 * import { RefusedError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof RefusedError) console.error("to be decided", failure.message);
 * ```
 */
export class RefusedError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_REFUSED";
}

/**
 * Code `ERR_DIGICERT_CERTIFICATE`: DigiCert returned a certificate that is not the one asked for (another key, a wanted
 * name missing, unreadable PEM). It is not used. Try again, and ask DigiCert if it stays.
 *
 * @example
 * ```ts
 * import { CertificateError } from "pulumi-digicert";
 * import * as provider from "pulumi-digicert/provider";
 *
 * const failure: unknown = await provider.read("112233", {}).catch((error: Error) => error.cause);
 * if (failure instanceof CertificateError) console.error("not our certificate");
 * ```
 */
export class CertificateError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_CERTIFICATE";
}
