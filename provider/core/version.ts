/**
 * The version of this package, also for the `User-Agent` header.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

let cached: string | undefined;

/** The version in `package.json`. */
export function packageVersion(): string {
    // The compiled file lies in dist/provider/core/.
    const manifest = () =>
        JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8")) as {
            version: string;
        };
    cached ??= manifest().version;
    return cached;
}

/** `pulumi-digicert/<version>` (RFC 9110, section 10.1.5). */
export function userAgent(): string {
    return `pulumi-digicert/${packageVersion()}`;
}
