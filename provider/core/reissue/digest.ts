/**
 * Compares requests for a certificate, and makes the digest of a request.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../json.js";
import { isReadableCsr, readCsr, sameCsr } from "../x509/csr.js";
import { nameSet, sameNames } from "../x509/names.js";
import type { ReissueInputs, RequestedCertificate } from "./state.js";

/** The inputs whose change causes a reissue. */
export type RequestInputs = Pick<ReissueInputs, "certificate" | "triggers" | "additionalParameters">;

/** Lists the paths of the inputs whose difference causes a reissue. */
export function listRequestChanges(old: RequestInputs, desired: RequestInputs): string[] {
    const a = old.certificate;
    const b = desired.certificate;
    const same: Record<string, boolean> = {
        "certificate.commonName": (a.commonName ?? "") === (b.commonName ?? ""),
        "certificate.dnsNames": sameNames(nameSet(a), nameSet(b)) || onlyCommonNameMoved(a, b),
        "certificate.csr": sameCsr(a.csr, b.csr),
        "certificate.serverPlatform": a.serverPlatform.id === b.serverPlatform.id,
        "certificate.signatureHash": a.signatureHash === b.signatureHash,
        "certificate.caCertId": a.caCertId === b.caCertId,
        triggers: isDeepStrictEqual(old.triggers ?? {}, desired.triggers ?? {}),
        additionalParameters: isDeepStrictEqual(parametersOf(old), parametersOf(desired)),
    };
    return Object.keys(same).filter((path) => same[path] === false);
}

/** The domain validation method of a request; `dcvMethod` and `additionalParameters.dcv_method` count as the same. */
export function dcvMethodOf({
    dcvMethod,
    additionalParameters,
}: Pick<ReissueInputs, "dcvMethod" | "additionalParameters">): string | undefined {
    const other = additionalParameters?.dcv_method;
    return dcvMethod ?? (typeof other === "string" ? other : undefined);
}

/** The additional parameters, without the domain validation method, which is no part of the certificate. */
function parametersOf({
    additionalParameters = {},
}: Pick<RequestInputs, "additionalParameters">): JsonObject {
    return Object.fromEntries(Object.entries(additionalParameters).filter(([name]) => name !== "dcv_method"));
}

/** Whether only the common name changed: the further names are equal, with or without a repeated common name. */
function onlyCommonNameMoved(a: RequestedCertificate, b: RequestedCertificate): boolean {
    if (a.commonName === b.commonName) return false;
    return spellingsOf(a).some((first) => spellingsOf(b).some((second) => sameNames(first, second)));
}

/** The two sets of names of a certificate: with the common name, and without it. */
function spellingsOf(certificate: RequestedCertificate): Set<string>[] {
    const all = nameSet(certificate);
    const [commonName] = nameSet({ commonName: certificate.commonName, dnsNames: [] });
    return [all, new Set([...all].filter((name) => name !== commonName))];
}

/** Makes the digest of a request: SHA-256, in hex, of its canonical form. */
export function requestDigest(request: RequestInputs): string {
    return digestWith(request, parametersOf(request));
}

/** Makes the digest of a request as a state records it: the first 16 hex digits of {@link requestDigest}. */
export function recordedDigest(request: RequestInputs): string {
    return shorten(requestDigest(request));
}

function shorten(digest: string): string {
    return digest.slice(0, 16);
}

/**
 * Whether a recorded digest was made of this request. A digest of 64 digits, or with the parameter `dcv_method`, is recognised too:
 * release 0.1.0 recorded such digests.
 */
export function isDigestOf(
    digest: string,
    request: RequestInputs & Pick<ReissueInputs, "dcvMethod">,
): boolean {
    const parameters = parametersOf(request);
    const method = dcvMethodOf(request);
    return [parameters, ...(method === undefined ? [] : [{ ...parameters, dcv_method: method }])].some(
        (each) => shorten(digest) === shorten(digestWith(request, each)),
    );
}

function digestWith({ certificate, triggers }: RequestInputs, additionalParameters: JsonObject): string {
    return sha256(
        canonicalJson({
            // A refresh records "" for a key whose CSR DigiCert does not tell.
            csr: isReadableCsr(certificate.csr) ? readCsr(certificate.csr).content : certificate.csr,
            commonName: certificate.commonName ?? "",
            names: [...nameSet(certificate)].sort(),
            serverPlatform: certificate.serverPlatform.id,
            signatureHash: certificate.signatureHash,
            caCertId: certificate.caCertId ?? "",
            triggers: triggers ?? {},
            additionalParameters,
        }),
    );
}

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}

/** Writes JSON with sorted keys, so that the order of keys in a program makes no difference. */
function canonicalJson(value: unknown): string {
    return JSON.stringify(value, (_key, member: unknown) =>
        typeof member === "object" && member !== null && !Array.isArray(member)
            ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
            : member,
    );
}
