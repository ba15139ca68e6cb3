/**
 * The DNS records that prove control over the domains of a reissue.
 *
 * @module
 */
import { type Input, output, type Output, RunError } from "@pulumi/pulumi";
import {
    isDnsMethod,
    recordPlaces,
    recordValue,
    type DnsMethod,
} from "../../provider/core/validation/records.js";
import { notedMethodOf } from "./reissueArguments.js";

/** One record to publish. */
export interface DcvRecord {
    /** The domain that is validated; plain, so that it can name a resource. */
    readonly domain: string;
    /** Name of the record: `_dnsauth.<domain>`, without a dot at the end. */
    readonly name: string;
    readonly type: "TXT" | "CNAME";
    /**
     * The token; for `CNAME` `<token>.dcv.digicert.com`. Before DigiCert gives the first token it is a harmless constant; after
     * issuance the token stays.
     */
    readonly value: Output<string>;
}

/** A `DigiCertReissue`, or an object with its output `dcvRandomValue`. */
export interface DcvTokenSource {
    /** The output `dcvRandomValue` of a reissue. */
    readonly dcvRandomValue: Input<string | undefined>;
}

/**
 * The records to publish for some names, one for each domain that DigiCert validates: a wildcard, and a `www.` name, is
 * validated at the name below it; an IP address has no record. Everything but the value is known in preview, so that the
 * records are planned before there is a token.
 *
 * @param names - the names on the certificate, as plain texts
 * @param reissue - the reissue, or `{ dcvRandomValue }`
 * @param method - default: `dcvMethod` of the reissue, where it was given as a plain text, else `dns-txt-token`
 * @throws pulumi.RunError for the methods `email` and `http-token`, which have no record, and for an invalid DNS name
 *
 * Source: DigiCert documentation, "Supported DCV methods": TXT at `_dnsauth.<domain>`, or CNAME at `_dnsauth.<domain>` to
 * `<token>.dcv.digicert.com`.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { dcvRecords, DigiCertReissue } from "pulumi-digicert";
 *
 * const shop = new DigiCertReissue("shop", {
 *     orderId: 112233,
 *     certificate: { commonName: "shop.example", csr: readFileSync("shop.csr", "utf8") },
 *     dcvMethod: "dns-txt-token",
 *     skipApproval: true,
 * });
 *
 * export const records = dcvRecords(["shop.example", "*.shop.example"], shop);
 * ```
 */
export function dcvRecords(
    names: readonly string[],
    reissue: DcvTokenSource,
    method: string | undefined = notedMethodOf(reissue),
): DcvRecord[] {
    const used = checkMethod(method ?? "dns-txt-token");
    const token = output(reissue.dcvRandomValue);
    try {
        return recordPlaces(names, used).map((place) => ({
            ...place,
            value: token.apply((value) => recordValue(value ?? undefined, used)),
        }));
    } catch (error) {
        throw new RunError(`Making the records for domain validation: ${(error as Error).message}`);
    }
}

function checkMethod(method: string): DnsMethod {
    if (isDnsMethod(method)) return method;
    const advice =
        method === "http-token"
            ? "it has a file instead of records: use dcvFile()"
            : method === "email"
              ? 'DigiCert sends e-mail instead: use "dns-txt-token" or "dns-cname-token" to validate without a person'
              : 'the methods with records are "dns-txt-token" and "dns-cname-token"';
    throw new RunError(`Making the records for domain validation by ${JSON.stringify(method)}: ${advice}`);
}
