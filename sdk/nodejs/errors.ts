/**
 * The errors of this package, for programs that catch what `getOrder` throws. Loads no HTTP client and no schema library.
 *
 * @module
 */
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
    TimeoutError,
    UnavailableError,
    type ApiError,
    type DigiCertErrorCode,
    type DigiCertErrorDetails,
} from "../../provider/core/errors.js";
