/**
 * What a person has to know when refresh, destroy or an import fails.
 *
 * @module
 */
import { AuthenticationError, ConfigurationError, NotFoundError, PermissionError } from "../core/errors.js";

/** Added to an error of refresh and destroy: the program did not run, and the state is there. */
export function savedSettingsAdvice(error: unknown): string {
    const isOfSettings = error instanceof ConfigurationError && error.remedy !== "correctProxy";
    if (isOfSettings || error instanceof AuthenticationError || error instanceof PermissionError) {
        return "Refresh and destroy use the settings saved by the last `pulumi up` (run `pulumi up` first, or add --run-program).";
    }
    if (error instanceof NotFoundError) {
        return "The state is kept; to drop the resource from it all the same, use `pulumi state delete`.";
    }
    return "";
}
