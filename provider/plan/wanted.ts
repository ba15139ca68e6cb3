/**
 * Identity of what is wanted: the digest that tells whether two requests ask for the same, and the marker that
 * finds ours again among the reissues of an order.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { readCsr, sameCsr } from "../x509/csr.js";
import { nameSet, sameNames } from "../x509/names.js";
import type { ReissueInputs, WantedCertificate } from "../state.js";

/** The inputs a change of which is a reissue. */
export type Wanted = Pick<ReissueInputs, "certificate" | "triggers" | "additionalParameters">;

/** The properties that differ between two wanted certificates, as paths a person can read. */
export function changedWanted(old: Wanted, wanted: Wanted): string[] {
    const a = old.certificate;
    const b = wanted.certificate;
    const same: Record<string, boolean> = {
        "certificate.commonName": (a.commonName ?? "") === (b.commonName ?? ""),
        "certificate.dnsNames": sameNames(nameSet(a), nameSet(b)) || onlyCommonNameMoved(a, b),
        "certificate.csr": sameCsr(a.csr, b.csr),
        "certificate.serverPlatform": a.serverPlatform.id === b.serverPlatform.id,
        "certificate.signatureHash": a.signatureHash === b.signatureHash,
        "certificate.caCertId": a.caCertId === b.caCertId,
        triggers: isDeepStrictEqual(old.triggers ?? {}, wanted.triggers ?? {}),
        additionalParameters: isDeepStrictEqual(
            old.additionalParameters ?? {},
            wanted.additionalParameters ?? {},
        ),
    };
    return Object.keys(same).filter((path) => same[path] === false);
}

/** The common name changed and is reported as such: the others are the same, whether or not they repeat it. */
function onlyCommonNameMoved(a: WantedCertificate, b: WantedCertificate): boolean {
    if (a.commonName === b.commonName) return false;
    return spellingsOf(a).some((one) => spellingsOf(b).some((other) => sameNames(one, other)));
}

/** The names with and without the common name: repeating it in `dnsNames` makes no difference. */
function spellingsOf(certificate: WantedCertificate): Set<string>[] {
    const all = nameSet(certificate);
    const [commonName] = nameSet({ commonName: certificate.commonName, dnsNames: [] });
    return [all, new Set([...all].filter((name) => name !== commonName))];
}

/** SHA-256, in hex, of everything that is wanted, in one canonical form. */
export function wantedDigest({ certificate, triggers, additionalParameters }: Wanted): string {
    return sha256(
        canonicalJson({
            csr: readCsr(certificate.csr).content,
            commonName: certificate.commonName ?? "",
            names: [...nameSet(certificate)].sort(),
            serverPlatform: certificate.serverPlatform.id,
            signatureHash: certificate.signatureHash,
            caCertId: certificate.caCertId ?? "",
            triggers: triggers ?? {},
            additionalParameters: additionalParameters ?? {},
        }),
    );
}

/**
 * The marker appended to `comments`: one half stands for the resource's identity and the order, the other for
 * what is wanted and, in an update, the certificate that is replaced. A repeated run makes the same marker.
 *
 * @param replaces - id of the certificate that an update replaces; none in a create
 */
export function markerOf(inputs: ReissueInputs, replaces?: number): string {
    const half = sha256(`${wantedDigest(inputs)}/${replaces ?? ""}`).slice(0, 8);
    return `${identityMark(inputs)}${half}`;
}

/** The first half of a marker. */
export function identityMark({ identity, orderId }: Pick<ReissueInputs, "identity" | "orderId">): string {
    return sha256(`${identity ?? ""}/${orderId}`).slice(0, 8);
}

/** The text that carries a marker in `comments`. */
export function markerText(marker: string): string {
    return `[pulumi-digicert ${marker}]`;
}

/** The marker in a comment, if there is one; the last, because ours is appended. */
export function markerIn(comments: string | undefined): string | undefined {
    return [...(comments ?? "").matchAll(/\[pulumi-digicert ([0-9a-f]{16})\]/g)].at(-1)?.[1];
}

function sha256(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}

/** JSON with sorted keys, so that the order in which a program writes them never matters. */
function canonicalJson(value: unknown): string {
    return JSON.stringify(value, (_key, member: unknown) =>
        typeof member === "object" && member !== null && !Array.isArray(member)
            ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
            : member,
    );
}
