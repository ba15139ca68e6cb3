/**
 * Names that a reissue would remove from the certificate. If a name is removed, DigiCert revokes the original certificate and
 * every reissue and duplicate of the order within 72 hours (CertCentral documentation, "Reissue certificates").
 *
 * @module
 */
import { quote } from "../../quote.js";
import { nameSet, disappearingNames } from "../../x509/names.js";
import type { ReissueInputs, ReissueState } from "../state.js";

/** A removal of names: refused, or permitted with a warning. */
export type NameRemoval = { kind: "refused"; text: string } | { kind: "permitted"; warning: string };

/** Lists the names that were requested for the last certificate issued for the stack, and that the program does not list any more. */
export function droppedNames(
    { issued }: Pick<ReissueState, "issued">,
    { certificate }: Pick<ReissueInputs, "certificate">,
): string[] {
    const requested = nameSet(certificate);
    return (issued?.names ?? []).filter((name) => !requested.has(name));
}

/** Lists the names that a reissue would remove from the last certificate issued for the stack. */
export function removalFromLastIssued(
    { issued }: Pick<ReissueState, "issued">,
    inputs: ReissueInputs,
    order: string,
): NameRemoval | undefined {
    if (!issued) return undefined;
    return judgeRemoval(new Set([...issued.names, ...(issued.added ?? [])]), issued.added, inputs, order);
}

/**
 * Refuses a removal of names, or warns of it if `allowNameRemoval` permits it.
 *
 * @param present - names on the certificate today
 * @param added - names that DigiCert added to this stack's own issuance; their removal is allowed
 */
export function judgeRemoval(
    present: ReadonlySet<string>,
    added: readonly string[] | undefined,
    { certificate, allowNameRemoval }: Pick<ReissueInputs, "certificate" | "allowNameRemoval">,
    order: string,
): NameRemoval | undefined {
    const removed = disappearingNames(present, nameSet(certificate), new Set(added));
    if (removed.length === 0) return undefined;
    const consequence =
        "DigiCert then revokes the original certificate and every reissue and duplicate of this order within 72 hours";
    const forbidden = notPermitted(removed, allowNameRemoval);
    if (forbidden.length === 0) {
        return {
            kind: "permitted",
            warning: `${order}: this reissue removes ${list(removed)}. ${consequence}: deploy the new certificate at once.`,
        };
    }
    return {
        kind: "refused",
        text:
            `${order}: refused, because ${list(forbidden)} would disappear from the certificate. ${consequence}. ` +
            describeRemedies(forbidden),
    };
}

/**
 * Makes the warning about a certificate with names that the program neither lists nor permits to be removed: a later reissue will
 * be refused. Undefined if there are none.
 *
 * @param subject - the certificate, as the beginning of the sentence
 */
export function laterRemovalWarning(
    present: ReadonlySet<string>,
    added: readonly string[],
    { certificate, allowNameRemoval }: Pick<ReissueInputs, "certificate" | "allowNameRemoval">,
    subject: string,
): string | undefined {
    const removed = disappearingNames(present, nameSet(certificate), new Set(added));
    const forbidden = notPermitted(removed, allowNameRemoval);
    if (forbidden.length === 0) return undefined;
    return (
        `${subject} has names that the program does not list: ${list(forbidden)}. The next reissue will be refused, because they ` +
        `would disappear. ${describeRemedies(forbidden)}`
    );
}

function notPermitted(names: readonly string[], allowNameRemoval: readonly string[] = []): string[] {
    const permitted = nameSet({ dnsNames: allowNameRemoval });
    return names.filter((name) => !permitted.has(name));
}

/** Says how to keep the names, and how to permit their removal. */
function describeRemedies(names: readonly string[]): string {
    return (
        "To keep the names, list them in certificate.dnsNames; to permit their removal, set allowNameRemoval: " +
        JSON.stringify(names.map(quote))
    );
}

function list(names: readonly string[]): string {
    return names.map(quote).join(", ");
}
