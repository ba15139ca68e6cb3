/**
 * The errors that end a program, such as those of `getOrder`. This module loads no HTTP client and no schema library.
 *
 * @module
 */
import { DigiCertError, explain } from "../../provider/core/errors.js";
import { REMEDIES } from "../../provider/pulumi/remedies.js";

export { ConfigurationError } from "../../provider/core/errors.js";

/**
 * Prepares an error for a program that may not catch it: its message says what to do and ends with the code, and Pulumi prints
 * it without a stack trace, because it is marked like a `pulumi.RunError`. The frames of Pulumi's SDK are removed from the trace:
 * source maps give them paths such as `node_modules/@pulumi/output.ts`, for which `util.inspect` of Node 20 needs a minute, and
 * Pulumi calls `util.inspect` for each error that is not caught.
 *
 * @internal
 */
export function prepareForProgram(error: unknown): unknown {
    if (!(error instanceof DigiCertError)) return error;
    const frames = (error.stack ?? "")
        .split("\n")
        .filter((line) => /^ +at (?!.*node_modules\/@pulumi\/)/.test(line));
    error.message = explain(error, REMEDIES);
    error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n");
    return Object.defineProperty(error, "__pulumiRunError", { value: true });
}
