/**
 * The key and the names of certificates as an order and its list report them. They are read in turns with other work, because a list
 * may have a thousand CSRs and many thousand names; the comparison of the whole list, which follows, then takes no time.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import type { Reissue } from "../certcentral/answers.js";
import { isReadableCsr } from "../x509/csr.js";
import { nameSet } from "../x509/names.js";
import type { SignatureHash } from "./enumerations.js";

/** The members of a certificate in an order or a list that are compared. */
export type Reported = Partial<Pick<Reissue, "csr" | "common_name" | "dns_names" | "serial_number">>;

/** Time in which reading goes on before other work has its turn, in milliseconds. */
const TURN_MS = 5;

const sets = new WeakMap<Reported, ReadonlySet<string>>();

/** Returns the signature hash that DigiCert reports of a certificate; `sha256` for any that the inputs do not have. */
export function reportedHash({
    signature_hash: reported,
}: {
    signature_hash?: string | undefined;
}): SignatureHash {
    const hash = reported?.toLowerCase();
    return hash === "sha384" || hash === "sha512" ? hash : "sha256";
}

/** The set of common name and further names. */
export function reportedNames(reported: Reported): ReadonlySet<string> {
    const remembered = sets.get(reported);
    if (remembered) return remembered;
    const { common_name: commonName, dns_names: dnsNames = [] } = reported;
    const names = nameSet({ commonName, dnsNames });
    sets.set(reported, names);
    return names;
}

/** Reads key and names of each entry; the results are remembered. */
export async function readInTurns(list: readonly Reported[]): Promise<void> {
    let begun = performance.now();
    for (const reported of list) {
        isReadableCsr(reported.csr);
        reportedNames(reported);
        if (performance.now() - begun < TURN_MS) continue;
        await setImmediate();
        begun = performance.now();
    }
}
