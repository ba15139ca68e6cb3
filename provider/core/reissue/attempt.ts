/**
 * The attempt: one reissue between request and issuance, with its marker and the ids that DigiCert acknowledged.
 *
 * @module
 */
import type { KeyObject } from "node:crypto";
import type { Order } from "../certcentral/answers.js";
import { readCsr } from "../x509/csr.js";
import { nameSet } from "../x509/names.js";
import { dcvMethodOf } from "./digest.js";
import { makeMarker } from "./marker.js";
import type { ReissueCause } from "./plan/plan.js";
import type { CertificateInUse, HighestIds, PendingRequest, ReissueInputs, ReissueState } from "./state.js";

/** A reissue that is about to be requested, or was requested. */
export interface Attempt {
    readonly inputs: ReissueInputs;
    /** Project, stack and name of the resource; empty in operations that only have a state. */
    readonly identity: string;
    /** The state before the operation; absent in a create. */
    readonly state?: ReissueState | undefined;
    readonly cause: ReissueCause;
    readonly request: PendingRequest;
    /** Ids of the requests that DigiCert acknowledged. */
    readonly requestIds: readonly number[];
    /** Id of the certificate that DigiCert acknowledged. */
    readonly certificateId?: number | undefined;
    /** Token of domain control validation, if DigiCert gave one for this reissue. */
    readonly dcvRandomValue?: string | undefined;
    /** Last day of the order's plan, `yyyy-MM-dd`. */
    readonly orderValidTill?: string | undefined;
    /** Id of the order that renewed this order. */
    readonly renewedOrderId?: string | undefined;
}

/** The key and the names that the certificate must have. */
export interface KeyAndNames {
    readonly key: KeyObject;
    readonly names: ReadonlySet<string>;
}

/** Reads the key and the names in the inputs. */
export function requestedKeyAndNames({ certificate }: Pick<ReissueInputs, "certificate">): KeyAndNames {
    return { key: readCsr(certificate.csr).key, names: nameSet(certificate) };
}

/** Makes the attempt of a create or an update. */
export function newAttempt(
    inputs: ReissueInputs,
    identity: string,
    cause: ReissueCause,
    now: Date,
    state?: ReissueState,
): Attempt {
    const last = state?.issued;
    const marker = makeMarker(inputs, identity, last?.ownCertificateId ?? last?.certificateId);
    return {
        inputs,
        identity,
        state,
        cause,
        request: { marker, at: now.toISOString() },
        requestIds: [],
        orderValidTill: state?.orderValidTill,
    };
}

/** Makes the attempt that a state records as pending; undefined if it records none. */
export function recordedAttempt(state: ReissueState, inputs: ReissueInputs = state): Attempt | undefined {
    if (!state.asked) return undefined;
    return {
        inputs,
        identity: "",
        state,
        cause: state.asked.cause ?? "program",
        // In the state of an earlier release, the inputs tell the method that was sent.
        request: { ...state.asked, dcvMethod: state.asked.dcvMethod ?? dcvMethodOf(state) ?? "" },
        requestIds: state.requestIds,
        // While a reissue is pending, the certificate id in the state is that of the pending certificate, or absent.
        certificateId: state.certificateId === state.issued?.certificateId ? undefined : state.certificateId,
        dcvRandomValue: ownsToken(state.asked.token, state) ? state.dcvRandomValue : undefined,
        orderValidTill: state.orderValidTill,
    };
}

/** Whether the token in a state belongs to the reissue that is pending; it may belong to an earlier one. */
function ownsToken(token: PendingRequest["token"], { reissueId }: ReissueState): boolean {
    // A state of release 0.1.0, which has no reissueId, holds a token only while it has to be published.
    return token === undefined ? reissueId === undefined : token === "given";
}

/** Adds to an attempt the ids and the certificate that the order showed in the read before the POST. */
export function withOrderBefore(
    attempt: Attempt,
    order: Order,
    now: Date,
    listed?: readonly { id?: number | undefined }[],
): Attempt {
    const { id } = order.certificate;
    const after = order.serverTime;
    return {
        ...withPlan(attempt, order),
        request: {
            marker: attempt.request.marker,
            at: now.toISOString(),
            ...(id === undefined ? {} : { replaces: id }),
            ...(after === undefined ? {} : { after: after.toISOString() }),
            before: highestIds(order, listed),
            dcvMethod: dcvMethodOf(attempt.inputs) ?? "",
            inUse: inUseOf(order),
        },
    };
}

/** The certificate that an order shows as its current one. */
export function inUseOf({ certificate }: Order): CertificateInUse | undefined {
    const { id, serial_number: serialNumber, valid_from: validFrom, valid_till: till } = certificate;
    if (id === undefined) return undefined;
    // The last day is valid to its last second.
    return { certificateId: id, serialNumber, validFrom, validTill: till && `${till}T23:59:59Z` };
}

/** Adds to an attempt the end of the order's plan, and the order that renewed it. */
export function withPlan<T extends Pick<Attempt, "orderValidTill">>(attempt: T, order: Order): T {
    return {
        ...attempt,
        orderValidTill: order.order_valid_till ?? attempt.orderValidTill,
        renewedOrderId: renewedOrderOf(order),
    };
}

/** Id of the order that renewed an order; undefined if there is none. */
export function renewedOrderOf({ renewed_order_id: id }: Order): string | undefined {
    return id === undefined ? undefined : String(id);
}

/** Whether DigiCert acknowledged the attempt with an id. It then stays pending until that id is issued, rejected or cancelled. */
export function isAcknowledged({ requestIds, certificateId }: Attempt): boolean {
    return requestIds.length > 0 || certificateId !== undefined;
}

/** The highest ids that the order shows, and its list of reissues if that was read. */
function highestIds(
    { certificate, requests }: Order,
    listed: readonly { id?: number | undefined }[] | undefined,
): HighestIds {
    const certificates = [certificate.id, ...(listed ?? []).map(({ id }) => id)].flatMap((id) => id ?? []);
    return {
        ...(requests ? { request: Math.max(0, ...requests.map(({ id }) => id)) } : {}),
        ...(certificates.length > 0 ? { certificate: Math.max(...certificates) } : {}),
        ...(listed ? { isComplete: true } : {}),
    };
}
