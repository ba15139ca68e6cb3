/**
 * One check of the domains of a pending reissue: `PUT /order/certificate/{order_id}/check-dcv`.
 *
 * @module
 */
import type { DcvCheck } from "../certcentral/answers.js";
import type { CertCentral } from "../certcentral/client.js";
import { InvalidRequestError } from "../errors.js";
import { reportedName } from "../x509/names.js";

/** The result of one check. */
export type CheckResult =
    /** DigiCert answered name by name. */
    | {
          readonly kind: "checked";
          readonly isIssued: boolean;
          readonly approved: readonly string[];
          readonly unseen: readonly string[];
      }
    /** DigiCert found the token of no name, or does not say of which name. */
    | { readonly kind: "unseen"; readonly method: string | undefined }
    /** Nothing can be checked: the order is validated by e-mail. */
    | { readonly kind: "email" }
    /** DigiCert refused the check: no reissue is pending, as it may have been issued meanwhile, or the code is not known. */
    | { readonly kind: "refused" };

/**
 * Codes with which DigiCert says that a token was not found, and the method that each is about. The errors page has
 * `invalid_dns_txt` and `file_random_value_not_found`; the others of their kind are not documented.
 */
const NOT_FOUND_CODES: readonly (readonly [RegExp, string | undefined])[] = [
    [/txt/, "dns-txt-token"],
    [/cname/, "dns-cname-token"],
    [/file_random/, "http-token"],
    [/dns|random_value/, undefined],
];
const EMAIL_CODE = /invalid_dns_method/;
/** The words with which DigiCert may say that the domains are validated; `valid` is documented. */
const VALIDATED = /^(?:valid(?:ated)?|approved|completed?)$/i;

/**
 * Requests a check of the domains.
 *
 * @throws DigiCertError of the request, if it is not about the domains.
 */
export async function checkDomains(client: CertCentral, orderId: string): Promise<CheckResult> {
    try {
        const answer = await client.checkDcv(orderId);
        const { order_status: status, dcv_status: dcvStatus, dns_name_validations: names = [] } = answer;
        const isIssued = status?.toLowerCase() === "issued";
        const isApproved = ({ status: word }: (typeof names)[number]) => word?.toLowerCase() === "approved";
        const unseen = names.filter((entry) => entry.status !== undefined && !isApproved(entry));
        // An entry without a name, and a status without a list, may be about any name.
        const isAnyName =
            unseen.some(({ dns_name: name }) => name === undefined) ||
            (names.length === 0 && dcvStatus !== undefined && !VALIDATED.test(dcvStatus));
        if (isAnyName && !isIssued) return { kind: "unseen", method: undefined };
        return {
            kind: "checked",
            isIssued,
            approved: namesIn(names.filter(isApproved)),
            unseen: namesIn(unseen),
        };
    } catch (error) {
        if (!(error instanceof InvalidRequestError)) throw error;
        const hasCode = (pattern: RegExp) => error.errors.some(({ code }) => pattern.test(code));
        if (hasCode(EMAIL_CODE)) return { kind: "email" };
        const found = NOT_FOUND_CODES.find(([code]) => hasCode(code));
        return found ? { kind: "unseen", method: found[1] } : { kind: "refused" };
    }
}

function namesIn(entries: NonNullable<DcvCheck["dns_name_validations"]>): string[] {
    return entries.flatMap(({ dns_name: name }) => (name === undefined ? [] : reportedName(name)));
}
