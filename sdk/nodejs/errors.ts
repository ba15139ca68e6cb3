/**
 * The errors of this package, for programs that catch what `getOrder` throws. Loads no HTTP client and no schema library.
 *
 * @module
 */
export {
    AuthenticationError,
    CertificateError,
    ConfigurationError,
    DigiCertError,
    InvalidRequestError,
    NotFoundError,
    PermissionError,
    RateLimitError,
    RefusedError,
    TimeoutError,
    UnavailableError,
    AmbiguousError,
    type ApiError,
    type DigiCertErrorCode,
    type DigiCertErrorDetails,
} from "../../provider/core/errors.js";
