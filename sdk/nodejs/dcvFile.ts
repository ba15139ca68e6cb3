/**
 * The file that proves control over the names of a reissue.
 *
 * @module
 */
import { output, type Output } from "@pulumi/pulumi";
import { FILE_PATH, fileContent } from "../../provider/core/validation/records.js";
import type { DcvTokenSource } from "./dcvRecords.js";

/** The file to serve. */
export interface DcvFile {
    /** `.well-known/pki-validation/fileauth.txt`, below `http://<name>/`. */
    readonly path: string;
    /** The token; a harmless constant before DigiCert gives the first token. */
    readonly content: Output<string>;
}

/**
 * The file of the method `http-token`, to be served by every name on the certificate itself. Wildcards cannot be validated
 * by it.
 *
 * @param reissue - the reissue, or `{ dcvRandomValue }`
 *
 * Source: DigiCert documentation, "File-based domain control validation".
 */
export function dcvFile(reissue: DcvTokenSource): DcvFile {
    return {
        path: FILE_PATH,
        content: output(reissue.dcvRandomValue).apply((token) => fileContent(token ?? undefined)),
    };
}
