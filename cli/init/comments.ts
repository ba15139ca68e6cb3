/**
 * The comments in the programs of `init`, in every language. Each text is one line.
 *
 * @module
 */
import type { ProgramOrder } from "./order.js";

/** Above the names. */
export const NAMES_COMMENT =
    "All names of the certificate. A reissue without one of them makes DigiCert revoke the earlier certificates.";
/** Above a CSR that the program holds. */
export const CSR_COMMENT = "The CSR of the current certificate, from CertCentral. For a new key, replace it.";
/** Above a CSR that the program reads from a file. */
export const CSR_FILE_COMMENT = "The CSR of the current certificate. For a new key, replace the file.";

/** Above `adoptExisting`, which is a comment too where the certificate cannot be adopted. */
export function adoptComments({ notAdoptable }: Pick<ProgramOrder, "notAdoptable">): string[] {
    if (notAdoptable !== undefined) {
        return [
            `The certificate ${notAdoptable} and cannot be adopted, so the first \`pulumi up\` requests a reissue.`,
        ];
    }
    return [
        "The first `pulumi up` adopts the current certificate, without a reissue. It fails if key or names differ from",
        "this program. The line may stay: later changes are reissued as usual.",
    ];
}
