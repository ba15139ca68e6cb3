/**
 * Whether the domains of a certificate are validated, as far as the account's list of domains tells.
 *
 * @module
 */
import { isIP } from "node:net";
import type { Domain } from "../../provider/core/certcentral/answers.js";
import { planEnded } from "../../provider/core/reissue/plan/validity.js";
import { reportedName } from "../../provider/core/x509/names.js";
import type { Finding, Level } from "./finding.js";

/** Whether a reissue would ask for domain control validation; undefined where no read tells. */
export type NeedsDcv = boolean | undefined;

/** The domains of the account, or why they are not known. */
export type Domains =
    | { readonly list: readonly Domain[] }
    /** `failed`: another try may tell. */
    | { readonly unknown: string; readonly level: "unknown" | "failed" };

const CHECK = "domains";

/** Judges the names of a certificate. */
export function judgeDomains(
    names: ReadonlySet<string>,
    domains: Domains,
    validationType: string | undefined,
    now: Date,
): { needsDcv: NeedsDcv; finding: Finding } {
    const unknown = (why: string, level: Level = "unknown") =>
        ({
            needsDcv: undefined,
            finding: {
                check: CHECK,
                level,
                text: `whether their validation is current is not known: ${why}`,
            },
        }) as const;
    if (names.size === 0) {
        return {
            needsDcv: false,
            finding: { check: CHECK, level: "ok", text: "the certificate has no names to validate" },
        };
    }
    if ("unknown" in domains) return unknown(domains.unknown, domains.level);
    if (validationType?.toLowerCase() === "dv") {
        return unknown("DigiCert keeps that of a DV order with the order, and no read tells it in advance");
    }
    const isEv = validationType?.toLowerCase() === "ev";
    const judged = [...names].map((name) => judge(name, domains.list, isEv));
    const lapsed = judged.filter(
        ({ domain, until }) => domain !== undefined && (until === undefined || planEnded(until, now)),
    );
    if (lapsed.length > 0) {
        const list = lapsed.map(
            ({ name, until }) => `${name} (${until === undefined ? "none told" : `it ended on ${until}`})`,
        );
        const text = `no current validation of ${list.join(", ")}. Validate in CertCentral, or the next reissue waits for it.`;
        return { needsDcv: true, finding: { check: CHECK, level: "attention", text } };
    }
    const unlisted = judged.filter(({ domain }) => domain === undefined).map(({ name }) => name);
    if (unlisted.length > 0) return unknown(`the account lists no domain for ${unlisted.join(", ")}`);
    const first = judged.map(({ until = "" }) => until).sort()[0] ?? "";
    return {
        needsDcv: false,
        finding: { check: CHECK, level: "ok", text: `validated, the first until ${first}` },
    };
}

interface Judged {
    readonly name: string;
    readonly domain: Domain | undefined;
    /** Last day, `yyyy-MM-dd`. */
    readonly until: string | undefined;
}

/** The validation of a domain covers what is below it; of several that cover a name the one valid for longest counts. */
function judge(name: string, domains: readonly Domain[], isEv: boolean): Judged {
    const host = name.replace(/^\*\./, "");
    const covering = domains
        .filter(
            (domain) =>
                domain.is_active !== false &&
                domain.name !== undefined &&
                covers(reportedName(domain.name), host),
        )
        .map((domain) => ({ name, domain, until: untilOf(domain, isEv) }))
        .sort((a, b) => ((a.until ?? "") < (b.until ?? "") ? 1 : -1));
    return covering[0] ?? { name, domain: undefined, until: undefined };
}

function covers(domain: string, host: string): boolean {
    return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

/** Newer answers tell the time as well; the day is enough. */
function untilOf({ dcv_expiration: expiration }: Domain, isEv: boolean): string | undefined {
    const date = isEv ? expiration?.ev : (expiration?.ov ?? expiration?.ev);
    return /^\d{4}-\d{2}-\d{2}/.exec(date ?? "")?.[0];
}
