/**
 * The version of this package, for the `User-Agent` header.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

let cached: string | undefined;

/** `pulumi-digicert/<version>` (RFC 9110, section 10.1.5). */
export function userAgent(): string {
    // The compiled file lies in dist/provider/certcentral/.
    const manifest = () =>
        JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8")) as {
            version: string;
        };
    cached ??= `pulumi-digicert/${manifest().version}`;
    return cached;
}
