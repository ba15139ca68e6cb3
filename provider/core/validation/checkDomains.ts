/**
 * One check of the domains of a pending reissue: `PUT /order/certificate/{order_id}/check-dcv`.
 *
 * @module
 */
import type { CertCentral } from "../certcentral/client.js";
import { InvalidRequestError } from "../errors.js";
import { reportedName } from "../x509/names.js";

/** The result of one check. */
export type CheckResult =
    /** DigiCert answered name by name. */
    | { readonly kind: "checked"; readonly isIssued: boolean; readonly unseen: readonly string[] }
    /** DigiCert found the token of no name, or does not say of which name. */
    | { readonly kind: "unseen"; readonly method: string | undefined }
    /** Nothing can be checked: the order is validated by e-mail. */
    | { readonly kind: "email" }
    /** No reissue is pending; it may have been issued meanwhile. */
    | { readonly kind: "over" };

/** Codes with which DigiCert says that a token was not found, and the method that each is about (DigiCert errors page). */
const NOT_FOUND_CODES: readonly (readonly [string, string])[] = [
    ["invalid_dns_txt", "dns-txt-token"],
    ["invalid_dns_cname", "dns-cname-token"],
    ["file_random_value_not_found", "http-token"],
];
const EMAIL_CODE = "invalid_dns_method";

/**
 * Requests a check of the domains.
 *
 * @throws DigiCertError of the request, if it is not about the domains.
 */
export async function checkDomains(client: CertCentral, orderId: string): Promise<CheckResult> {
    try {
        const { order_status: status, dns_name_validations: names = [] } = await client.checkDcv(orderId);
        const unseen = names.filter(
            ({ status: nameStatus }) => nameStatus !== undefined && nameStatus !== "approved",
        );
        const isIssued = status === "issued";
        // An entry without a name may be about any name.
        const isAnyName = unseen.some(({ dns_name: name }) => name === undefined);
        if (isAnyName && !isIssued) return { kind: "unseen", method: undefined };
        const unseenNames = unseen.flatMap(({ dns_name: name }) =>
            name === undefined ? [] : reportedName(name),
        );
        return { kind: "checked", isIssued, unseen: unseenNames };
    } catch (error) {
        if (!(error instanceof InvalidRequestError)) throw error;
        const hasCode = (beginning: string) => error.errors.some(({ code }) => code.startsWith(beginning));
        const found = NOT_FOUND_CODES.find(([code]) => hasCode(code));
        if (found) return { kind: "unseen", method: found[1] };
        return { kind: hasCode(EMAIL_CODE) ? "email" : "over" };
    }
}
