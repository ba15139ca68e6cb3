/**
 * Names that would disappear from a certificate.
 *
 * @module
 */
import { quote } from "../../quote.js";
import { nameSet, removedNames } from "../../x509/names.js";
import type { ReissueInputs, ReissueState } from "../state.js";

/** What to do about a removal: refuse it, or warn of it. */
export type Removal = { kind: "refuse"; reasons: string[] } | { kind: "reissue"; warnings: string[] };

/** What the stack's own record says about names that would disappear. */
export function nameRemoval(old: ReissueState, wanted: ReissueInputs, order: string): Removal | undefined {
    const { issued } = old;
    if (!issued) return undefined;
    const asked = new Set(issued.names);
    const removed = removedNames(
        new Set([...asked, ...(issued.added ?? [])]),
        nameSet(wanted.certificate),
        asked,
    );
    return judgeRemoval(removed, wanted, order);
}

/** Refuses a removal of names, or warns of it where `allowNameRemoval` permits it. */
export function judgeRemoval(
    removed: readonly string[],
    wanted: Pick<ReissueInputs, "allowNameRemoval">,
    order: string,
): Removal | undefined {
    if (removed.length === 0) return undefined;
    const list = (names: readonly string[]) => names.map(quote).join(", ");
    const consequence =
        "DigiCert then revokes the original certificate and every reissue and duplicate of this order within 72 hours";
    const forbidden = removed.filter((name) => !wanted.allowNameRemoval?.includes(name));
    if (forbidden.length === 0) {
        return {
            kind: "reissue",
            warnings: [
                `${order}: this reissue removes ${list(removed)}. ${consequence}: deploy the new one at once.`,
            ],
        };
    }
    return {
        kind: "refuse",
        reasons: [
            `${order}: refused, because ${list(forbidden)} would disappear from the certificate. ${consequence}. ` +
                `Keep the names, or permit it with allowNameRemoval: ${JSON.stringify(forbidden.map(quote))}.`,
        ],
    };
}
