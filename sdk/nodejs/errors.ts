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
 * it without a stack trace, because it is marked like a `pulumi.RunError`. The trace loses the frames of Pulumi's SDK: source maps
 * give them paths such as `node_modules/@pulumi/output.ts`, on which `util.inspect` of Node 20, which Pulumi calls for each error
 * that nobody catches, spends a minute.
 *
 * @internal
 */
export function forProgram(error: unknown): unknown {
    if (!(error instanceof DigiCertError)) return error;
    const frames = (error.stack ?? "")
        .split("\n")
        .filter((line) => /^ +at (?!.*node_modules\/@pulumi\/)/.test(line));
    error.message = explain(error, REMEDIES);
    error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n");
    return Object.defineProperty(error, "__pulumiRunError", { value: true });
}
