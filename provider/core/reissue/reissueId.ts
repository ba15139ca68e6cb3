/**
 * `reissueId`: identifies the reissue that a resource follows. The text is opaque for users. It holds the record of the request
 * (marker, times, the ids that the order showed before), or the id of an issued certificate. Each resource stores it, so it is
 * short: `<marker>.<at>.<replaces>.<after>.<request>.<certificate>.<isComplete>`, all but the marker in base 36, times in
 * milliseconds, `after` as the difference from `at`, `certificate` from `replaces`, and nothing for what is absent; or
 * `certificate.<id>`.
 *
 * @module
 */
import { compact } from "../json.js";
import { certificateIdSchema, pendingRequestSchema } from "./stateSchema.js";
import type { PendingRequest, ReissueState } from "./state.js";

const CERTIFICATE = /^certificate\.(\d+)$/;
/** The marker and six numbers, each at most as long as the largest safe integer in base 36. */
const REQUEST = /^(.+)((?:\.(?:-?[0-9a-z]{1,11})?){6})$/;

/** Makes the id of a reissue from the ids that were known when it was requested, and its marker. */
export function makeReissueId({ marker, at, replaces, after, before = {} }: PendingRequest): string {
    const { request, certificate, isComplete } = before;
    const ms = Date.parse(at);
    const numbers = [
        ms,
        replaces,
        after === undefined ? undefined : Date.parse(after) - ms,
        request,
        certificate === undefined ? undefined : certificate - (replaces ?? 0),
        isComplete === undefined ? undefined : Number(isComplete),
    ];
    return [marker, ...numbers.map((number) => number?.toString(36) ?? "")].join(".");
}

/** Makes the id of a certificate that was adopted, taken over, restored or followed. */
export function makeCertificateReissueId(certificateId: number): string {
    return `certificate.${certificateId}`;
}

/** The reissue or the certificate that a `reissueId` names. */
export type NamedReissue =
    | { readonly kind: "reissue"; readonly request: PendingRequest }
    | { readonly kind: "certificate"; readonly certificateId: number };

/** Reads a `reissueId`; undefined if the text is not a `reissueId`. */
export function readReissueId(reissueId: string): NamedReissue | undefined {
    const certificate = certificateIdSchema.safeParse(Number(CERTIFICATE.exec(reissueId)?.[1]));
    if (certificate.success) return { kind: "certificate", certificateId: certificate.data };
    const request = readRequest(reissueId);
    return request && { kind: "reissue", request };
}

function readRequest(reissueId: string): PendingRequest | undefined {
    const [, marker, fields] = REQUEST.exec(reissueId) ?? [];
    if (marker === undefined || fields === undefined) return undefined;
    const numbers = fields.slice(1).split(".").map(readNumber);
    const [at, replaces, difference, request, further, isComplete] = numbers;
    const value = compact({
        marker,
        at: toInstant(at),
        replaces,
        after: difference === undefined ? undefined : toInstant((at ?? 0) + difference),
        before: {
            request,
            certificate: further === undefined ? undefined : (replaces ?? 0) + further,
            isComplete: isComplete === undefined ? undefined : isComplete > 0,
        },
    });
    return pendingRequestSchema.safeParse(value).data;
}

function readNumber(field: string): number | undefined {
    return field === "" ? undefined : parseInt(field, 36);
}

/** `8.64e15` is the last moment that a `Date` can hold, and its negative the first. */
function toInstant(ms: number | undefined): string | undefined {
    return ms === undefined || Math.abs(ms) > 8.64e15 ? undefined : new Date(ms).toISOString();
}

/** Adds the `reissueId` to a state of release 0.1.0, which has none; no request is needed. */
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
