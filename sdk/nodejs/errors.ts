/**
 * The errors of this package, for programs that catch errors of `getOrder`. This module loads no HTTP client and no schema library.
 *
 * @module
 */
import { DigiCertError, explain } from "../../provider/core/errors.js";
import { REMEDIES } from "../../provider/pulumi/remedies.js";

export {
    AmbiguousError,
    AuthenticationError,
    CertificateError,
    ConfigurationError,
    DigiCertError,
    ExpiringError,
    InvalidRequestError,
    NotFoundError,
    PendingError,
    PermissionError,
    RateLimitError,
    RefusedError,
    RejectedError,
    StateError,
    StoppedError,
    TimeoutError,
    UnavailableError,
    type ApiError,
    type DigiCertErrorCode,
    type DigiCertErrorDetails,
} from "../../provider/core/errors.js";

/**
 * Makes an error fit for a program that may not catch it: its message says what to do and ends with the code, and Pulumi prints
 * it without a stack trace, because it is marked like a `pulumi.RunError`.
 *
 * @internal
 */
export function forProgram(error: unknown): unknown {
    if (!(error instanceof DigiCertError)) return error;
    error.message = explain(error, REMEDIES);
    return Object.defineProperty(error, "__pulumiRunError", { value: true });
}
