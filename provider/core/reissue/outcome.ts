/**
 * The next state, from what became of a reissue; and whether `up` succeeds with it.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import { certificateNames } from "../x509/certificate.js";
import { csrHasKey, keyDigest, readCsr } from "../x509/csr.js";
import type { Order } from "../certcentral/answers.js";
import type { Wanted } from "./ours.js";
import { nameSet } from "../x509/names.js";
import {
    inputsOf,
    ISSUED_OUTPUTS,
    type Asked,
    type IssuedOutputs,
    type ReissueInputs,
    type ReissueState,
} from "./state.js";
import { compact } from "../json.js";
import { wantedDigest } from "./digest.js";

/**
 * `up` fails, but what DigiCert accepted is not forgotten: the state is saved together with the reasons
 * (Pulumi's "initialization failed").
 */
export class Incomplete extends Error {
    constructor(
        readonly state: ReissueState,
        readonly reasons: readonly string[],
    ) {
        super(reasons.join("; "));
    }
}

/** Ids and dates that every next state carries. */
export interface Known {
    readonly requestIds: readonly number[];
    readonly certificateId?: number | undefined;
    readonly orderValidTill?: string | undefined;
    readonly dcvRandomValue?: string | undefined;
}

/** The state after issuance. */
export function issuedState(inputs: ReissueInputs, outputs: IssuedOutputs, known: Known): ReissueState {
    const asked = nameSet(inputs.certificate);
    const added = [...certificateNames(new X509Certificate(outputs.certificatePem))].filter(
        (name) => !asked.has(name),
    );
    return compact<ReissueState>({
        ...inputsOf(inputs),
        requestIds: [...known.requestIds],
        certificateId: outputs.issuedCertificateId,
        status: "issued",
        orderValidTill: known.orderValidTill,
        ...outputs,
        issued: {
            certificateId: outputs.issuedCertificateId,
            wanted: wantedDigest(inputs),
            key: keyDigest(readCsr(inputs.certificate.csr).key),
            names: [...asked],
            added: added.length > 0 ? added : undefined,
            validFrom: outputs.validFrom,
            validTill: outputs.validTill,
        },
    });
}

/** The state while a reissue is open. Of the previous certificate it keeps what has the wanted key. */
export function openState(
    inputs: ReissueInputs,
    status: ReissueState["status"],
    asked: Asked | undefined,
    known: Known,
    old: ReissueState | undefined,
): ReissueState {
    return compact<ReissueState>({
        ...inputsOf(inputs),
        ...keptOutputs(inputs, old),
        requestIds: [...known.requestIds],
        certificateId: known.certificateId,
        status,
        orderValidTill: known.orderValidTill ?? old?.orderValidTill,
        dcvRandomValue: known.dcvRandomValue,
        asked,
        issued: old?.issued,
    });
}

/** Whether the stack had a certificate for another key, so that dependents would be handed nothing. */
export function leavesDependentsEmpty(state: ReissueState): boolean {
    return state.issued !== undefined && state.certificatePem === undefined;
}

/** The outputs of the previous certificate, if its key is the wanted one. */
export function keptOutputs(inputs: ReissueInputs, old: ReissueState | undefined): Partial<IssuedOutputs> {
    if (old?.certificatePem === undefined) return {};
    if (csrHasKey(inputs.certificate.csr, readCsr(old.certificate.csr).key) !== true) return {};
    return Object.fromEntries(ISSUED_OUTPUTS.map((name) => [name, old[name]]));
}

/** What a certificate of this reissue must match. */
export function expectedOf({ orderId, key, names }: Wanted, certificateId: number) {
    return { what: `Reading certificate ${certificateId} of order ${orderId}`, key, names };
}

/** Where the certificate in a state stands, by the live order and the time. */
export function certificateStatus(
    { status, certificate }: Order,
    { validTill, issuedCertificateId }: Pick<ReissueState, "validTill" | "issuedCertificateId">,
    now: Date,
): ReissueState["status"] {
    const isCurrent = issuedCertificateId === undefined || certificate.id === issuedCertificateId;
    if (status === "revoked" || (certificate.status === "revoked" && isCurrent)) return "revoked";
    return validTill !== undefined && Date.parse(validTill) <= now.getTime() ? "expired" : "issued";
}
