/**
 * Reads the version of this package, for messages and for the `User-Agent` header.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

let cached: string | undefined;

/** Returns the version in `package.json`. */
export function packageVersion(): string {
    // The compiled file is in dist/provider/core/, three folders below package.json.
    const manifest = () =>
        JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8")) as {
            version: string;
        };
    cached ??= manifest().version;
    return cached;
}

/** Returns the value of `User-Agent`, `pulumi-digicert/<version>` (RFC 9110, section 10.1.5). */
export function userAgent(): string {
    return `pulumi-digicert/${packageVersion()}`;
}
