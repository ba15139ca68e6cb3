/**
 * `reissueId`: names the reissue that a resource follows, in one opaque text, which holds what recognising it needs.
 *
 * @module
 */
import { compact } from "../json.js";
import type { PendingRequest, ReissueState } from "./state.js";

/** Names a reissue in one opaque text, which holds what recognising it needs. */
export function makeReissueId(request: PendingRequest): string {
    const { marker, at, replaces, after, before } = request;
    return encode({ marker, at, replaces, after, before });
}

/** Names a certificate that was adopted, taken over, restored or followed. */
export function makeCertificateReissueId(certificateId: number): string {
    return encode({ certificateId });
}

function encode(value: object): string {
    return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** States of release 0.1.0 have no `reissueId`; it is filled in without a POST. */
export function withReissueId(state: ReissueState): ReissueState {
    if (state.reissueId !== undefined) return state;
    const { asked, issued, issuedCertificateId } = state;
    const id = issuedCertificateId ?? issued?.certificateId;
    const reissueId = asked
        ? makeReissueId(asked)
        : id === undefined
          ? undefined
          : makeCertificateReissueId(id);
    return compact({ ...state, reissueId });
}
