/**
 * Makes the next state after a step of a reissue.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { compact } from "../json.js";
import { allowsClientAuth, certificateNames, readCertificate } from "../x509/certificate.js";
import { csrHasKey, keyDigest, readCsr } from "../x509/csr.js";
import { nameSet } from "../x509/names.js";
import { isAcknowledged, renewedOrderOf, type Attempt } from "./attempt.js";
import { CERTIFICATE_OUTPUTS } from "./declaration.js";
import { recordedDigest } from "./digest.js";
import { closedReasonOf } from "../order/status.js";
import { currentEntry } from "./recognise.js";
import { makeCertificateReissueId, makeReissueId } from "./reissueId.js";
import { inputsOf, type CertificateOutputs, type ReissueInputs, type ReissueState } from "./state.js";

/** The members of a state beside inputs and certificate; an object that lacks one of them does not compile. */
type OwnMembers = Complete<Omit<ReissueState, keyof ReissueInputs | keyof CertificateOutputs>>;
type Complete<T> = { [Name in keyof Required<T>]: T[Name] };

/** The members that an issued state gets from elsewhere than its certificate. */
export interface ReissueDetails {
    readonly requestIds: readonly number[];
    readonly reissueId?: string | undefined;
    readonly orderValidTill?: string | undefined;
    readonly renewedOrderId?: string | undefined;
    readonly dcvRandomValue?: string | undefined;
    /** Names that DigiCert is known to have added; none for a certificate that this stack did not request. */
    readonly added?: readonly string[] | undefined;
}

/** The state with an issued certificate. */
export function issuedState(
    inputs: ReissueInputs,
    outputs: CertificateOutputs,
    { requestIds, reissueId, orderValidTill, renewedOrderId, dcvRandomValue, added = [] }: ReissueDetails,
    isNoLater = false,
): ReissueState {
    const own: OwnMembers = {
        requestIds: [...requestIds],
        certificateId: outputs.issuedCertificateId,
        status: "issued",
        reissueId: reissueId ?? makeCertificateReissueId(outputs.issuedCertificateId),
        orderValidTill,
        orderEnd: undefined,
        renewedOrderId,
        dcvRandomValue,
        asked: undefined,
        issued: {
            certificateId: outputs.issuedCertificateId,
            wanted: recordedDigest(inputs),
            serialNumber: outputs.serialNumber,
            key: keyDigest(readCsr(inputs.certificate.csr).key),
            names: [...nameSet(inputs.certificate)],
            added: added.length > 0 ? [...added] : undefined,
            validFrom: outputs.validFrom,
            validTill: outputs.validTill,
            clientAuth: allowsClientAuth(readCertificate(outputs.certificatePem)) ? true : undefined,
            endsNoLater: isNoLater ? true : undefined,
        },
    };
    return compact<ReissueState>({ ...inputsOf(inputs), ...own, ...outputs });
}

/** The state after the certificate of an attempt was issued. */
export function issuedStateOf(attempt: Attempt, outputs: CertificateOutputs): ReissueState {
    const details = { ...attempt, ...detailsOf(attempt), added: addedNames(attempt, outputs) };
    return issuedState(attempt.inputs, outputs, details, endsNoLater(attempt, outputs));
}

/** Whether this stack requested a certificate because few days were left, and it ends no later than the certificate before it. */
export function endsNoLater({ state, cause, request }: Attempt, { validTill }: CertificateOutputs): boolean {
    const before = state?.issued;
    if (cause !== "due" || request.mayBeForeign === true || !before) return false;
    return Date.parse(validTill) <= Date.parse(before.validTill);
}

/**
 * The names that DigiCert is known to have added. A certificate that was taken over shows nothing about that, because somebody
 * may have asked for each of its names; the names from the stack's own issuance stay.
 */
export function addedNames({ inputs, state, request }: Attempt, outputs: CertificateOutputs): string[] {
    return request.mayBeForeign === true
        ? addedBefore(state, inputs)
        : namesNotRequested(inputs, outputs.certificatePem);
}

/** The names that DigiCert added to the stack's own issuance, without those that the program requests now. */
export function addedBefore(state: ReissueState | undefined, { certificate }: ReissueInputs): string[] {
    const requested = nameSet(certificate);
    return (state?.issued?.added ?? []).filter((name) => !requested.has(name));
}

/** The names on a certificate that the inputs do not list. */
function namesNotRequested({ certificate }: ReissueInputs, certificatePem: string): string[] {
    const requested = nameSet(certificate);
    return [...certificateNames(readCertificate(certificatePem))].filter((name) => !requested.has(name));
}

/**
 * Makes the state while a reissue is pending. It keeps the outputs of the certificate before if that has the program's key.
 *
 * @param isForgotten - whether nothing is pending any more, so that the next run may POST
 * @param rejection - who rejected the reissue and why
 */
export function unissuedState(
    attempt: Attempt,
    status: ReissueState["status"],
    { isForgotten = false, rejection }: { isForgotten?: boolean; rejection?: string } = {},
): ReissueState {
    const { inputs, state, requestIds, certificateId } = attempt;
    const details = detailsOf(attempt);
    const cause = attempt.cause === "program" ? undefined : attempt.cause;
    const asked = { ...attempt.request, cause, token: details.token, rejection };
    const own: OwnMembers = {
        requestIds: [...requestIds],
        certificateId,
        status,
        reissueId: details.reissueId,
        orderValidTill: details.orderValidTill,
        orderEnd: undefined,
        renewedOrderId: details.renewedOrderId,
        dcvRandomValue: details.dcvRandomValue,
        asked: isForgotten ? undefined : asked,
        issued: state?.issued,
    };
    return compact<ReissueState>({ ...inputsOf(inputs), ...keptOutputs(inputs, state), ...own });
}

/** The status of a pending reissue of which the order shows nothing new. */
export function unissuedStatus(attempt: Attempt): ReissueState["status"] {
    if (!isAcknowledged(attempt)) return "unknown";
    const { request, state } = attempt;
    const recorded = state?.asked?.marker === request.marker ? state.status : "unknown";
    return recorded === "unknown" ? "pending_issuance" : recorded;
}

/** The members of the state that follow from an attempt, or else stay as they were. */
function detailsOf(attempt: Attempt) {
    const { state, request, dcvRandomValue } = attempt;
    return {
        requestIds: attempt.requestIds,
        // An attempt without an id may not have been accepted.
        reissueId: isAcknowledged(attempt) ? makeReissueId(request) : state?.reissueId,
        orderValidTill: attempt.orderValidTill ?? state?.orderValidTill,
        renewedOrderId: attempt.renewedOrderId ?? state?.renewedOrderId,
        dcvRandomValue: dcvRandomValue ?? state?.dcvRandomValue,
        token: dcvRandomValue !== undefined ? ("given" as const) : request.token,
    };
}

/** Whether the stack had a certificate for another key, so that dependents would get no certificate. */
export function leavesDependentsEmpty(state: ReissueState): boolean {
    return state.issued !== undefined && state.certificatePem === undefined;
}

/** Returns the outputs of the certificate before if that has the program's key. */
export function keptOutputs(
    inputs: ReissueInputs,
    state: ReissueState | undefined,
): Partial<CertificateOutputs> {
    if (state?.certificatePem === undefined) return {};
    const { publicKey } = readCertificate(state.certificatePem);
    if (csrHasKey(inputs.certificate.csr, publicKey) !== true) return {};
    return Object.fromEntries(CERTIFICATE_OUTPUTS.map((name) => [name, state[name]]));
}

/** Adds the end of the plan and the renewal of an order to a state. */
export function withOrder(state: ReissueState, order: Order, now: Date): ReissueState {
    return compact<ReissueState>({
        ...state,
        orderValidTill: order.order_valid_till ?? state.orderValidTill,
        orderEnd: closedReasonOf(order, now),
        renewedOrderId: renewedOrderOf(order),
    });
}

/** Decides the status of the certificate in a state, by the order and the time. */
export function certificateStatus(
    order: Order,
    { validTill, issuedCertificateId }: Pick<ReissueState, "validTill" | "issuedCertificateId">,
    now: Date,
): "issued" | "revoked" | "expired" {
    const current = currentEntry(order);
    const isCurrent = issuedCertificateId === undefined || current?.id === issuedCertificateId;
    if (order.status === "revoked" || (current?.state === "revoked" && isCurrent)) return "revoked";
    return validTill !== undefined && Date.parse(validTill) <= now.getTime() ? "expired" : "issued";
}
