/**
 * Checks the names of a reissue against those of the current certificate.
 *
 * @module
 */
import { quote } from "../../provider/core/quote.js";
import type { Finding } from "./finding.js";

/** The difference between two sets of names. */
export interface NamesChange {
    readonly added: readonly string[];
    /** Names that the reissue would remove. With one or more, DigiCert may revoke every certificate of the order within 72 hours. */
    readonly removed: readonly string[];
}

/**
 * Checks the names of a planned reissue. DigiCert does not revoke when a name that it added itself is removed, but only the state
 * of a stack shows which names these are. So every name of the certificate that is not planned counts as dropped.
 *
 * @param current - names of the current certificate
 * @param planned - the complete set of names of the reissue
 */
export function checkNames(
    current: ReadonlySet<string>,
    planned: ReadonlySet<string>,
): { change: NamesChange; finding: Finding } {
    const change = { added: difference(planned, current), removed: difference(current, planned) };
    return { change, finding: { check: "change", ...judgeChange(change) } };
}

function difference(names: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
    return [...names].filter((name) => !others.has(name));
}

function judgeChange({ added, removed }: NamesChange): Omit<Finding, "check"> {
    if (removed.length > 0) {
        const names = removed.map(quote).join(", ");
        return {
            level: "attention",
            text: `may revoke all certificates of the order within 72 hours, because it drops ${names}; pulumi up refuses that`,
        };
    }
    if (added.length === 0)
        return { level: "ok", text: "keeps all names of the certificate, so it revokes nothing" };
    return {
        level: "info",
        text: `keeps all names of the certificate; adds ${added.map(quote).join(", ")}, which may cost money`,
    };
}
