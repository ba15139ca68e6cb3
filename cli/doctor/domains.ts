/**
 * Checks whether the domains of a certificate are validated, by the account's list of domains.
 *
 * @module
 */
import { isIP } from "node:net";
import type { Domain } from "../../provider/core/certcentral/answers.js";
import { quote } from "../../provider/core/quote.js";
import { hasPlanEnded } from "../../provider/core/reissue/plan/validity.js";
import { reportedName } from "../../provider/core/x509/names.js";
import type { Finding, Level } from "./finding.js";

/** Whether a reissue needs domain validation; undefined where unknown. */
export type NeedsValidation = boolean | undefined;

/** The domains of the account, or why they are unknown. */
export type AccountDomains =
    | { readonly list: readonly Domain[] }
    /** `failed`: the list could not be read; `unknown`: the key may not read it. */
    | { readonly reason: string; readonly level: "unknown" | "failed" };

/** The result of the check. */
export interface DomainsCheck {
    readonly needsValidation: NeedsValidation;
    readonly finding: Finding;
}

/**
 * Checks the domains of a certificate.
 *
 * @param validationType - kind of validation of the product: `dv`, `ov` or `ev`
 */
export function checkDomains(
    names: ReadonlySet<string>,
    domains: AccountDomains,
    validationType: string | undefined,
    now: Date,
): DomainsCheck {
    const type = validationType?.toLowerCase();
    if (names.size === 0) return domainsCheck(false, "ok", "the certificate has no names to validate");
    if (type === "dv") {
        return domainsCheck(
            true,
            "info",
            "DV order: DigiCert reuses no validation, so every reissue needs a new one",
        );
    }
    if ("reason" in domains) return domainsCheck(undefined, domains.level, domains.reason);
    const validations = [...names].map((name) => findValidation(name, domains.list, type === "ev"));
    const ended = validations.filter(
        ({ domain, until }) => domain !== undefined && (until === undefined || hasPlanEnded(until, now)),
    );
    if (ended.length > 0) {
        const list = ended.map(({ name, until }) =>
            until === undefined ? quote(name) : `${quote(name)} (ended on ${until})`,
        );
        const text = `not validated: ${list.join(", ")}. Validate in CertCentral, or the next reissue waits for it.`;
        return domainsCheck(true, "attention", text);
    }
    const unlisted = validations.filter(({ domain }) => domain === undefined).map(({ name }) => quote(name));
    if (unlisted.length > 0) {
        return domainsCheck(undefined, "unknown", `the account lists no domain for ${unlisted.join(", ")}`);
    }
    const first = validations.map(({ until = "" }) => until).sort()[0] ?? "";
    return domainsCheck(false, "ok", `validated; the first validation ends on ${first}`);
}

function domainsCheck(needsValidation: NeedsValidation, level: Level, text: string): DomainsCheck {
    return { needsValidation, finding: { check: "domains", level, text } };
}

interface Validation {
    readonly name: string;
    /** The domain that covers the name; absent if the account lists none. */
    readonly domain: Domain | undefined;
    /** Last day of its validation, `yyyy-MM-dd`. */
    readonly until: string | undefined;
}

/** Finds the validation of each name. A domain covers the names below it; of several domains the longest validation counts. */
function findValidation(name: string, domains: readonly Domain[], isEv: boolean): Validation {
    const host = name.replace(/^\*\./, "");
    const covering = domains
        .filter(
            (domain) =>
                domain.is_active !== false &&
                domain.name !== undefined &&
                isCovered(host, reportedName(domain.name)),
        )
        .map((domain) => ({ name, domain, until: validationEnd(domain, isEv) }))
        .sort((a, b) => ((a.until ?? "") < (b.until ?? "") ? 1 : -1));
    return covering[0] ?? { name, domain: undefined, until: undefined };
}

function isCovered(host: string, domain: string): boolean {
    return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

/** The last day of a validation; newer answers of DigiCert also hold the time of day. */
function validationEnd({ dcv_expiration: expiration }: Domain, isEv: boolean): string | undefined {
    const date = isEv ? expiration?.ev : (expiration?.ov ?? expiration?.ev);
    return /^\d{4}-\d{2}-\d{2}/.exec(date ?? "")?.[0];
}
