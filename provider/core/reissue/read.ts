/**
 * `pulumi refresh` and `DigiCertReissue.get`: what the live order says.
 *
 * @module
 */
import { RefusedError } from "../errors.js";
import type { Order } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import { type Asked, type ReissueInputs, type ReissueState } from "./state.js";
import { compact } from "../json.js";
import { isReadableCsr, keyDigest, readCsr } from "../x509/csr.js";
import { covers, isAddedByDigiCert, nameSet } from "../x509/names.js";
import { collect } from "./collect.js";
import { look } from "./look.js";
import { oursOf, readLeaf, reportedNames, wantedOf } from "./ours.js";
import { certificateStatus, issuedState, openState } from "./outcome.js";
import { endOf } from "./preflight.js";

/** The state as the live order has it; never waits, and changes nothing at DigiCert. */
export async function refresh(context: Context, state: ReissueState): Promise<ReissueState> {
    if (state.asked && state.status !== "rejected") return refreshOpen(context, state, state.asked);
    const order = await context.client.order(state.orderId);
    const { certificate } = order;
    const next = withOrder(state, order, context.now());
    // What is open, or is to be asked again, stays so whatever the order shows.
    if (state.asked || state.status === "unknown" || certificate.id === undefined) return next;
    if (certificate.id === state.issued?.certificateId && state.certificatePem !== undefined) {
        return { ...next, status: certificateStatus(order, next, context.now()) };
    }
    const hasKey = (await liveKey(context, order, state, certificate.id)) === ownKey(state);
    const inputs = driftedInputs(state, order, hasKey);
    if (!hasKey) {
        // Another key: our certificate's outputs would contradict certificate.csr.
        const status = certificateStatus(order, {}, context.now());
        return withOrder(openState(inputs, status, undefined, next, state), order, context.now());
    }
    const outputs = await collect(context, wantedOf(inputs), certificate.id);
    const followed = issuedState(inputs, outputs, { ...next, requestIds: state.requestIds });
    return withOrder(
        {
            ...followed,
            status: certificateStatus(order, followed, context.now()),
            issued: baseline(followed, state),
        },
        order,
        context.now(),
    );
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
            csr: readReported(certificate.csr, orderId),
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
    const outputs = await collect(context, wantedOf(inputs), certificate.id);
    const state = issuedState(inputs, outputs, { requestIds: [], orderValidTill: order.order_valid_till });
    return compact({ ...state, status: certificateStatus(order, state, context.now()) });
}

function readReported(csr: string, orderId: string): string {
    try {
        return readCsr(csr).pem;
    } catch (cause) {
        throw new RefusedError(
            `Reading order ${orderId}: the CSR that DigiCert reports ${(cause as Error).message}, so there is nothing to read.`,
            { cause },
        );
    }
}

async function refreshOpen(context: Context, state: ReissueState, asked: Asked): Promise<ReissueState> {
    const ours = oursOf(state, asked, state);
    const { order, standing } = await look(context, ours);
    const known = withOrder(state, order, context.now());
    switch (standing.kind) {
        case "issued": {
            const outputs = await collect(context, ours, standing.certificateId);
            const issued = issuedState(state, outputs, known);
            const isRevoked = standing.isRevoked;
            return {
                ...issued,
                status: isRevoked ? "revoked" : certificateStatus(order, issued, context.now()),
            };
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

/** What the order says of itself. */
function withOrder(state: ReissueState, order: Order, now: Date): ReissueState {
    return compact<ReissueState>({
        ...state,
        orderValidTill: order.order_valid_till ?? state.orderValidTill,
        orderEnd: endOf(order, now),
    });
}

/** Digest of the key that was last issued for the stack; an earlier refresh may have put another into the inputs. */
function ownKey({ issued, certificate }: ReissueState): string | undefined {
    return issued?.key ?? csrKeyDigest(certificate.csr);
}

/** Digest of the live certificate's key; where the order tells no CSR, the certificate itself does. */
async function liveKey(
    context: Context,
    { certificate }: Order,
    { orderId }: ReissueState,
    id: number,
): Promise<string | undefined> {
    const told = csrKeyDigest(certificate.csr);
    if (told !== undefined) return told;
    const leaf = await readLeaf(context, id, orderId);
    return leaf && keyDigest(leaf.publicKey);
}

function csrKeyDigest(csr: string | undefined): string | undefined {
    return isReadableCsr(csr) ? keyDigest(readCsr(csr).key) : undefined;
}

/** The inputs that the live certificate answers to: another key or other names are drift. */
function driftedInputs(state: ReissueState, { certificate }: Order, hasKey: boolean): ReissueState {
    const wanted = nameSet(state.certificate);
    const present = reportedNames(certificate);
    const known = new Set([...wanted, ...(state.issued?.names ?? []), ...(state.issued?.added ?? [])]);
    // Without a CSR that can be read the drift is shown as none.
    const csr = isReadableCsr(certificate.csr) ? certificate.csr : "";
    const isSameNames =
        certificate.dns_names === undefined ||
        (covers(present, wanted) &&
            [...present].every((name) => known.has(name) || isAddedByDigiCert(name, wanted)));
    return {
        ...state,
        certificate: {
            ...state.certificate,
            ...(isSameNames
                ? {}
                : { commonName: certificate.common_name, dnsNames: certificate.dns_names ?? [] }),
            ...(hasKey && csrKeyDigest(state.certificate.csr) === ownKey(state) ? {} : { csr }),
        },
    };
}

/** The baseline stays what our own issuance reported; only certificate and validity follow. */
function baseline({ issued }: ReissueState, state: ReissueState): ReissueState["issued"] {
    if (!issued || !state.issued) return issued;
    const { names, added, wanted } = state.issued;
    return { ...issued, names, added, wanted };
}
