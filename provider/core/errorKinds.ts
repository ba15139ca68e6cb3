/**
 * Distinguishes the errors of requests by what a caller does next.
 *
 * @module
 */
import {
    InvalidRequestError,
    NotFoundError,
    PermissionError,
    RateLimitError,
    TimeoutError,
    UnavailableError,
    type DigiCertError,
} from "./errors.js";

/** Whether a request may succeed if it is made again, after this error. */
export function isTemporary(error: unknown): boolean {
    return (
        error instanceof UnavailableError || error instanceof RateLimitError || error instanceof TimeoutError
    );
}

/** Whether DigiCert refused a request; a download is refused also while the certificate is not issued yet. */
export function isRefusal(error: unknown): error is DigiCertError {
    return (
        error instanceof InvalidRequestError ||
        error instanceof NotFoundError ||
        error instanceof PermissionError
    );
}
