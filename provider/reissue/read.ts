/**
 * `pulumi refresh` and `DigiCertReissue.get`: what the live order says.
 *
 * @module
 */
import { RefusedError } from "../../sdk/errors.js";
import type { Order } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import { csrHasKey, readCsr } from "../x509/csr.js";
import { collect } from "./follow.js";
import { look, oursOf, reportedNames } from "./look.js";
import { covers, isAddedByDigiCert, nameSet } from "../x509/names.js";
import { issuedState, openState } from "./outcome.js";
import { compact, type ReissueInputs, type ReissueState } from "../state.js";

/** The state as the live order has it; never waits, and changes nothing at DigiCert. */
export async function refresh(context: Context, state: ReissueState): Promise<ReissueState> {
    if (state.asked && state.status !== "rejected") return refreshOpen(context, state);
    const order = await context.client.order(state.orderId);
    const { certificate } = order;
    const next: ReissueState = { ...state, orderValidTill: order.order_valid_till ?? state.orderValidTill };
    // What is open, or is to be asked again, stays so whatever the order shows.
    if (state.asked || state.status === "unknown" || certificate.id === undefined) return compact(next);
    const inputs = driftedInputs(state, order);
    const isOther = certificate.id !== state.issued?.certificateId;
    if (inputs !== state && !csrHasKey(certificate.csr, readCsr(state.certificate.csr).key)) {
        // Another key: our certificate's outputs would contradict certificate.csr.
        return compact({
            ...openState(inputs, statusOf(order, next, context.now()), undefined, next, state),
        });
    }
    if (!isOther) return compact({ ...next, ...inputs, status: statusOf(order, next, context.now()) });
    const outputs = await collect(context, oursOf(inputs, { marker: "", at: "" }), certificate.id);
    const followed = issuedState(inputs, outputs, {
        requestIds: state.requestIds,
        orderValidTill: next.orderValidTill,
    });
    return compact({
        ...followed,
        status: statusOf(order, followed, context.now()),
        issued: baseline(followed, state),
    });
}

/** A resource that is only read: the order itself tells what is wanted. */
export async function readOrder(context: Context, orderId: string): Promise<ReissueState> {
    const order = await context.client.order(orderId);
    const { certificate } = order;
    if (certificate.id === undefined || certificate.csr === undefined) {
        throw new RefusedError(
            `Reading order ${orderId}: it has no issued certificate with a CSR, so there is nothing to read.`,
        );
    }
    const hash = certificate.signature_hash?.toLowerCase();
    const inputs: ReissueInputs = {
        orderId,
        certificate: {
            commonName: certificate.common_name,
            dnsNames: certificate.dns_names ?? [],
            csr: readCsr(certificate.csr).pem,
            serverPlatform: { id: -1 },
            signatureHash: hash === "sha384" || hash === "sha512" ? hash : "sha256",
        },
        skipApproval: false,
        waitForApproval: false,
        issuanceTimeoutSeconds: 900,
        allowPendingOutputs: false,
        adoptExisting: false,
        deletionPolicy: "forget",
    };
    const outputs = await collect(context, oursOf(inputs, { marker: "", at: "" }), certificate.id);
    const state = issuedState(inputs, outputs, { requestIds: [], orderValidTill: order.order_valid_till });
    return compact({ ...state, status: statusOf(order, state, context.now()) });
}

async function refreshOpen(context: Context, state: ReissueState): Promise<ReissueState> {
    const { asked } = state;
    if (!asked) return state;
    const ours = oursOf(state, asked, state);
    const { order, standing } = await look(context, ours);
    const known = { ...state, orderValidTill: order.order_valid_till };
    switch (standing.kind) {
        case "issued": {
            const outputs = await collect(context, ours, standing.certificateId);
            return issuedState(state, outputs, known);
        }
        case "pending": {
            const { requestIds, certificateId = state.certificateId } = standing;
            return openState(state, standing.status, asked, { ...known, requestIds, certificateId }, state);
        }
        case "rejected":
            return openState(state, "rejected", { ...asked, rejection: standing.reason }, known, state);
        case "absent":
            // A refresh does not look long enough to be certain; the next up does.
            return openState(state, "unknown", asked, known, state);
    }
}

/** The inputs that the live certificate answers to: another key or other names are drift. */
function driftedInputs(state: ReissueState, { certificate }: Order): ReissueState {
    const wanted = nameSet(state.certificate);
    const present = reportedNames(certificate);
    const known = new Set([...wanted, ...(state.issued?.names ?? []), ...(state.issued?.added ?? [])]);
    const isSameNames =
        certificate.dns_names === undefined ||
        (covers(present, wanted) &&
            [...present].every((name) => known.has(name) || isAddedByDigiCert(name, wanted)));
    const isSameKey =
        certificate.csr === undefined || csrHasKey(certificate.csr, readCsr(state.certificate.csr).key);
    if (isSameNames && isSameKey) return state;
    return {
        ...state,
        certificate: {
            ...state.certificate,
            ...(isSameNames
                ? {}
                : { commonName: certificate.common_name, dnsNames: certificate.dns_names ?? [] }),
            ...(isSameKey || certificate.csr === undefined ? {} : { csr: certificate.csr }),
        },
    };
}

/** The baseline stays what our own issuance reported; only certificate and validity follow. */
function baseline({ issued }: ReissueState, state: ReissueState): ReissueState["issued"] {
    if (!issued || !state.issued) return issued;
    const { names, added, wanted } = state.issued;
    return { ...issued, names, added, wanted };
}

function statusOf(order: Order, { validTill }: ReissueState, now: Date): ReissueState["status"] {
    if (order.status === "revoked" || order.certificate.status === "revoked") return "revoked";
    if (validTill !== undefined && Date.parse(validTill) <= now.getTime()) return "expired";
    return "issued";
}
