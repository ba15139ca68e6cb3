/**
 * What makes two requested certificates the same, and the digest of it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { readCsr, sameCsr } from "../x509/csr.js";
import { nameSet, sameNames } from "../x509/names.js";
import type { ReissueInputs, WantedCertificate } from "./state.js";

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

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
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
