/**
 * `reissueId`: identifies the reissue that a resource follows. The text is opaque for users. It holds the record of the request
 * (marker, times, the ids that the order showed before), or the id of an issued certificate.
 *
 * @module
 */
import { z } from "zod";
import { compact } from "../json.js";
import { certificateId, pendingRequestSchema } from "./stateSchema.js";
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

/** What a `reissueId` names. */
export type NamedReissue =
    | { readonly kind: "reissue"; readonly request: PendingRequest }
    | { readonly kind: "certificate"; readonly certificateId: number };

/** Reads a `reissueId`; undefined for a text that is none. */
export function readReissueId(reissueId: string): NamedReissue | undefined {
    const value = parseJson(Buffer.from(reissueId, "base64url").toString());
    const certificate = z.object({ certificateId }).safeParse(value);
    if (certificate.success) return { kind: "certificate", ...certificate.data };
    const request = pendingRequestSchema.safeParse(value);
    return request.success ? { kind: "reissue", request: request.data } : undefined;
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
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
