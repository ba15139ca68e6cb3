/**
 * `reissueId`: identifies the reissue that a resource follows. The text is opaque for users; it holds the ids and the marker.
 *
 * @module
 */
import { compact } from "../json.js";
import type { PendingRequest, ReissueState } from "./state.js";

/** Makes the id of a reissue from its ids and its marker. */
export function makeReissueId(request: PendingRequest): string {
    const { marker, at, replaces, after, before } = request;
    return encode({ marker, at, replaces, after, before });
}

/** Makes the id of a certificate that was adopted, taken over, restored or followed. */
export function makeCertificateReissueId(certificateId: number): string {
    return encode({ certificateId });
}

function encode(value: object): string {
    return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Makes the id for a state of release 0.1.0, which has none; no request is needed. */
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
