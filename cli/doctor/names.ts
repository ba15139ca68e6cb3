/**
 * What a reissue with other names would do.
 *
 * @module
 */
import { judgeRemoval } from "../../provider/core/reissue/plan/nameRemoval.js";
import { disappearingNames } from "../../provider/core/x509/names.js";
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
    const change = { added: without(wanted, present), removed: disappearingNames(present, wanted) };
    const leftOut = without(present, wanted);
    return { change, finding: { check: "change", ...judged(change, leftOut, orderId) } };
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
    return [...names].filter((name) => !others.has(name));
}

function judged(
    { added, removed }: NamesChange,
    leftOut: readonly string[],
    orderId: string,
): Omit<Finding, "check"> {
    const removal = judgeRemoval(removed, {}, `order ${orderId}`);
    if (removal?.kind === "refuse") return { level: "attention", text: removal.reasons.join(" ") };
    const text = [
        "a reissue with these names revokes nothing",
        ...(added.length > 0 ? [`it adds ${added.join(", ")}, which may cost money`] : []),
        ...(leftOut.length > 0
            ? [`${leftOut.join(", ")}, left out, is what DigiCert adds by itself: list it if you need it`]
            : []),
    ].join("; ");
    return { level: added.length + leftOut.length > 0 ? "info" : "ok", text };
}
