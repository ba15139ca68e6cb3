/**
 * What a reissue with other names would do.
 *
 * @module
 */
import { judgeRemoval } from "../../../provider/plan/removal.js";
import { removedNames } from "../../../provider/x509/names.js";
import type { Finding } from "./finding.js";

/** Names that would come and go. */
export interface NamesChange {
    readonly added: readonly string[];
    /** If there are any, DigiCert revokes every earlier copy within 72 hours. */
    readonly removed: readonly string[];
}

/** Compares the names on the certificate with those of a reissue that is thought of. */
export function namesFinding(
    present: ReadonlySet<string>,
    wanted: ReadonlySet<string>,
    orderId: string,
): { change: NamesChange; finding: Finding } {
    const removed = removedNames(present, wanted);
    const added = [...wanted].filter((name) => !present.has(name));
    return { change: { added, removed }, finding: { check: "change", ...judged(added, removed, orderId) } };
}

function judged(
    added: readonly string[],
    removed: readonly string[],
    orderId: string,
): Omit<Finding, "check"> {
    const removal = judgeRemoval(removed, {}, `order ${orderId}`);
    if (removal?.kind === "refuse") return { level: "attention", text: removal.reasons.join(" ") };
    if (added.length === 0) return { level: "ok", text: "a reissue with these names revokes nothing" };
    return {
        level: "info",
        text: `a reissue with these names adds ${added.join(", ")}, which revokes nothing but may cost money`,
    };
}
