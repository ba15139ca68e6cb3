/**
 * `refresh` and `read`: read the order and its present certificate. Only a newer, issued certificate counts as drift.
 *
 * @module
 */
import { compact } from "../json.js";
import type { Order } from "../certcentral/answers.js";
import { CertificateError, RefusedError } from "../errors.js";
import { requestableNames } from "../order/product.js";
import { quote } from "../quote.js";
import type { Session } from "../session.js";
import { certificateNames, readCertificate, sameHex } from "../x509/certificate.js";
import { isReadableCsr, keyDigest, readCsr } from "../x509/csr.js";
import { covers, nameSet } from "../x509/names.js";
import { recordedAttempt, renewedOrderOf, requestedKeyAndNames, withPlan, type Attempt } from "./attempt.js";
import {
    obtainCertificate,
    obtainLastIssued,
    downloadLeaf,
    serialNumberOf,
    shortDeadline,
} from "./certificate.js";
import { parseInputs, type Parsed } from "./inputs.js";
import { rejectionOf, warnOfLostClientAuth } from "./follow.js";
import {
    addedBefore,
    certificateStatus,
    issuedState,
    issuedStateOf,
    unissuedState,
    withOrder,
} from "./nextState.js";
import { observe } from "./observe.js";
import { droppedNames } from "./plan/nameRemoval.js";
import {
    currentEntry,
    isIssued,
    isPendingOrder,
    withFinding,
    type Finding,
    type Shown,
} from "./recognise.js";
import { withReissueId } from "./reissueId.js";
import { reportedHash } from "./reported.js";
import type { CertificateOutputs, LastIssued, ReissueInputs, ReissueState } from "./state.js";

/** Updates a state from the order. It only reads, and does not wait for issuance. */
export async function refreshReissue(session: Session, state: ReissueState): Promise<ReissueState> {
    const attempt = state.status === "rejected" ? undefined : recordedAttempt(state);
    if (attempt) return refreshAttempt(session, state, attempt);
    const order = await session.client.order(state.orderId);
    const now = session.now();
    const next = withReissueId(withOrder(state, order, now));
    const current = currentEntry(order);
    // The order is not compared after a reissue that was not accepted: the next `up` requests it again.
    if (state.status === "unknown" || current?.id === undefined) return next;
    if (current.id === state.issued?.certificateId) return refreshOwn(session, next, order);
    if (current.id <= newestEarlierId(state) || !isIssued(current) || isPendingOrder(order)) {
        return state.status === "rejected" ? next : { ...next, status: statusOf(next, order, now) };
    }
    return followNewer(session, next, order, current.id);
}

/** The highest certificate id of the last issuance and of the order before the reissue that was rejected; a newer id is higher. */
function newestEarlierId({ issued, asked }: ReissueState): number {
    return Math.max(issued?.certificateId ?? 0, asked?.before?.certificate ?? asked?.replaces ?? 0);
}

/** Updates a state whose certificate is still the order's certificate. */
async function refreshOwn(session: Session, state: ReissueState, order: Order): Promise<ReissueState> {
    if (state.status === "rejected") return state;
    if (state.issued && holdsAnother(state, order)) {
        const { certificateId, endsNoLater } = state.issued;
        const { issued, ...mended } = await takeOverNewer(session, state, state, order, certificateId);
        const kept = issued && { ...issued, endsNoLater };
        return compact({ ...mended, issued: kept, reissueId: state.reissueId });
    }
    const status = statusOf(state, order, session.now());
    if (state.certificatePem !== undefined || !state.issued) return { ...state, status };
    if (!isReadableCsr(state.certificate.csr)) return { ...state, status };
    if (state.issued.key !== keyDigest(readCsr(state.certificate.csr).key)) return { ...state, status };
    const { orderId, issued } = state;
    const { key } = requestedKeyAndNames(state);
    const outputs = await obtainLastIssued(session, { orderId, issued, key }, order);
    return compact({ ...state, ...outputs, status });
}

/** Whether the order shows its certificate with another serial number than that of the certificate in the state. */
function holdsAnother({ certificatePem }: ReissueState, { certificate }: Order): boolean {
    if (certificatePem === undefined || certificate.serial_number === undefined) return false;
    return !sameHex(readCertificate(certificatePem).serialNumber, certificate.serial_number);
}

/**
 * Makes the state after somebody else reissued the order. A certificate with the same key and names is followed; any other shows
 * as drift of the inputs.
 */
async function followNewer(
    session: Session,
    state: ReissueState,
    order: Order,
    certificateId: number,
): Promise<ReissueState> {
    const current = await readCurrent(session, state.orderId, order, certificateId);
    const isRejected = state.status === "rejected";
    if (isRejected && !matchesProgram(state, current)) return state;
    const hasKey = current.key === ownKey(state);
    const inputs = driftedInputs(state, order, current, {
        isSameKey: isRejected || (hasKey && inputKey(state) === current.key),
        isSameNames: isRejected || hasKnownNames(state, current),
    });
    if ((!hasKey || !isReadableCsr(inputs.certificate.csr)) && !isRejected) {
        // The certificate in the state would not match certificate.csr: the key is another one, or its CSR is not shown.
        const attempt = { ...attemptOf(state, inputs), certificateId };
        const status = certificateStatus(order, {}, session.now());
        const opened = unissuedState(attempt, status, { isForgotten: true });
        return withOrder({ ...opened, reissueId: state.reissueId }, order, session.now());
    }
    return takeOverNewer(session, state, inputs, order, certificateId);
}

/** Whether a certificate has the key and the names of the program, and no name that the program drops. */
function matchesProgram(state: ReissueState, current: CurrentCertificate): boolean {
    const keepsDropped = droppedNames(state, state).some((name) => current.names.has(name));
    return (
        current.key === inputKey(state) && covers(current.names, nameSet(state.certificate)) && !keepsDropped
    );
}

/** Whether a certificate has the requested names, and besides only names that this stack's certificates had already. */
function hasKnownNames(
    { certificate, issued, certificatePem }: ReissueState,
    current: CurrentCertificate,
): boolean {
    const requested = new Set(issued?.names ?? nameSet(certificate));
    // Names of a certificate that was taken over are no drift of the next certificate.
    const recorded = certificatePem === undefined ? [] : certificateNames(readCertificate(certificatePem));
    const baseline = new Set([...requested, ...(issued?.added ?? []), ...recorded]);
    // An order may omit names that DigiCert added.
    return covers(current.names, requested) && covers(baseline, current.names);
}

/** Downloads the order's certificate and makes the state with it; the record of this stack's own issuance keeps its names. */
async function takeOverNewer(
    session: Session,
    state: ReissueState,
    inputs: ReissueInputs,
    order: Order,
    certificateId: number,
): Promise<ReissueState> {
    const outputs = await obtainCurrent(session, { ...state, ...inputs }, order, certificateId);
    warnOfLostClientAuth(session, { inputs, state }, outputs);
    const followed = issuedState(inputs, outputs, {
        requestIds: state.requestIds,
        dcvRandomValue: state.dcvRandomValue,
        added: addedBefore(state, inputs),
    });
    const kept = state.status === "rejected" || !state.issued ? {} : baselineOf(state.issued, certificateId);
    const next: ReissueState = {
        ...followed,
        status: certificateStatus(order, followed, session.now()),
        issued: followed.issued && { ...followed.issued, ...kept },
    };
    return withOrder(next, order, session.now());
}

/** What a state keeps of the stack's own issuance when it follows a newer certificate. */
function baselineOf({ names, added, wanted, ...own }: LastIssued, followedId: number) {
    const ownId = own.ownCertificateId ?? own.certificateId;
    return { names, added, wanted, ownCertificateId: ownId === followedId ? undefined : ownId };
}

/** Makes the state of a resource that is not in the stack's state; the inputs are read from the order. */
export async function importOrder(session: Session, id: string): Promise<ReissueState> {
    if (!/^[1-9]\d{0,18}$/.test(id)) {
        throw new RefusedError(
            `Reading an order: orderId must be the id of a CertCentral order in digits, not "${quote(id)}"`,
            { remedy: "correctProgram" },
        );
    }
    const order = await session.client.order(id);
    const { certificate } = order;
    const current = currentEntry(order);
    const operation = `Reading order ${id}`;
    if (current?.id === undefined || !isIssued(current)) {
        throw new RefusedError(
            `${operation}: it has no issued certificate yet, so there is nothing to read`,
            { remedy: "completeOrder" },
        );
    }
    if (certificate.csr === undefined) {
        throw new RefusedError(
            `${operation}: DigiCert tells no CSR of its certificate ${current.id}, so the resource cannot be read from it`,
            { remedy: "adoptWithCsr" },
        );
    }
    const { inputs, failures } = parseReported(id, order, readReportedCsr(certificate.csr, operation));
    if (!inputs) {
        const why = failures.map(({ reason }) => reason).join("; ");
        throw new RefusedError(
            `${operation}: what DigiCert reports of its certificate is no valid input: ${why}`,
        );
    }
    const outputs = await obtainCurrent(session, inputs, order, current.id);
    const state = issuedState(inputs, outputs, {
        requestIds: [],
        orderValidTill: order.order_valid_till,
        renewedOrderId: renewedOrderOf(order),
    });
    return compact({ ...state, status: certificateStatus(order, state, session.now()) });
}

/** Reads the inputs that would request the certificate of an order. */
function parseReported(orderId: string, order: Order, csr: string): Parsed<ReissueInputs> {
    const { common_name: commonName, dns_names: dnsNames = [] } = order.certificate;
    return parseInputs({
        orderId,
        certificate: {
            ...requestableNames(order, { commonName, dnsNames }),
            csr,
            signatureHash: reportedHash(order.certificate),
        },
    });
}

function readReportedCsr(csr: string, operation: string): string {
    try {
        return readCsr(csr).pem;
    } catch (cause) {
        throw new RefusedError(`${operation}: the CSR that DigiCert reports ${(cause as Error).message}`, {
            cause,
        });
    }
}

/** Updates a state whose reissue is pending. */
async function refreshAttempt(
    session: Session,
    state: ReissueState,
    attempt: Attempt,
): Promise<ReissueState> {
    const { order, finding, shown } = await observe(session, attempt);
    const now = session.now();
    const followed = withFinding(withPlan(attempt, order), finding);
    const saved = (next: ReissueState): ReissueState => withOrder(next, order, now);
    switch (finding.kind) {
        case "issued":
            return saved(await refreshIssued(session, state, followed, finding, shown));
        case "pending": {
            if (!finding.isShown) return saved(withReissueId(state));
            const status = finding.waitsFor === "approval" ? "pending_approval" : "pending_issuance";
            return saved(unissuedState(followed, status));
        }
        case "rejected": {
            const rejection = await rejectionOf(session, followed, finding.requestId);
            return saved(unissuedState(followed, "rejected", { rejection }));
        }
        case "absent":
        case "unclear":
            // A refresh does not read for long enough to prove the absence; the next `up` does.
            return saved(unissuedState(followed, "unknown"));
    }
}

/** Downloads the certificate of a reissue that was pending in the state and is issued, and makes the state with it. */
async function refreshIssued(
    session: Session,
    state: ReissueState,
    attempt: Attempt,
    { certificateId, isRevoked }: Extract<Finding, { kind: "issued" }>,
    { order, reissues }: Shown,
): Promise<ReissueState> {
    const expected = {
        orderId: state.orderId,
        certificateId,
        ...requestedKeyAndNames(state),
        serialNumber: serialNumberOf(certificateId, order, reissues),
        earlierSerialNumbers: state.serialNumber === undefined ? [] : [state.serialNumber],
    };
    const outputs = await obtainCertificate(session, expected, shortDeadline(session));
    warnOfLostClientAuth(session, attempt, outputs);
    const next = issuedStateOf(attempt, outputs);
    return { ...next, status: isRevoked ? "revoked" : certificateStatus(order, next, session.now()) };
}

/** The digest of the key, and the names, of the order's certificate. */
interface CurrentCertificate {
    readonly key: string;
    readonly names: ReadonlySet<string>;
}

/** Reads key and names of the order's certificate: from the order, or else from the certificate itself. */
async function readCurrent(
    session: Session,
    orderId: string,
    { certificate }: Order,
    certificateId: number,
): Promise<CurrentCertificate> {
    const { csr, common_name: commonName, dns_names: dnsNames, serial_number: serialNumber } = certificate;
    const reportedKey = isReadableCsr(csr) ? keyDigest(readCsr(csr).key) : undefined;
    const names = dnsNames && nameSet({ commonName, dnsNames });
    if (reportedKey !== undefined && names) return { key: reportedKey, names };
    const leaf = await downloadLeaf(session.client, { orderId, certificateId, serialNumber });
    if (!leaf) {
        throw new CertificateError(
            `Reading certificate ${certificateId} of order ${orderId}: neither its CSR nor the certificate itself can be read, so it cannot be told ` +
                "whether its key is another one",
            { remedy: "askDigiCert" },
        );
    }
    return { key: reportedKey ?? keyDigest(leaf.key), names: names ?? leaf.names };
}

/** Makes the inputs that match the order's certificate. */
function driftedInputs(
    state: ReissueState,
    { certificate }: Order,
    current: { names: ReadonlySet<string> },
    { isSameKey, isSameNames }: { isSameKey: boolean; isSameNames: boolean },
): ReissueInputs {
    const csr = isReadableCsr(certificate.csr) ? readCsr(certificate.csr).pem : "";
    const dnsNames = certificate.dns_names ?? [...current.names];
    return {
        ...state,
        certificate: {
            ...state.certificate,
            ...(isSameNames ? {} : { commonName: certificate.common_name, dnsNames }),
            ...(isSameKey ? {} : { csr }),
        },
    };
}

function obtainCurrent(
    session: Session,
    inputs: ReissueInputs & Partial<CertificateOutputs>,
    order: Order,
    certificateId: number,
): Promise<CertificateOutputs> {
    const { orderId, serialNumber, issuedCertificateId } = inputs;
    const isOther = issuedCertificateId !== certificateId;
    return obtainCertificate(
        session,
        {
            orderId,
            certificateId,
            ...requestedKeyAndNames(inputs),
            serialNumber: serialNumberOf(certificateId, order),
            earlierSerialNumbers: isOther && serialNumber !== undefined ? [serialNumber] : [],
        },
        shortDeadline(session),
    );
}

function statusOf(state: ReissueState, order: Order, now: Date): ReissueState["status"] {
    return certificateStatus(order, state, now);
}

/** Digest of the key that was last issued for the stack; the inputs may hold another key after an earlier refresh. */
function ownKey(state: ReissueState): string | undefined {
    return state.issued?.key ?? inputKey(state);
}

function inputKey({ certificate }: ReissueState): string | undefined {
    return isReadableCsr(certificate.csr) ? keyDigest(readCsr(certificate.csr).key) : undefined;
}

function attemptOf(state: ReissueState, inputs: ReissueInputs): Attempt {
    const request = { marker: "", at: new Date(0).toISOString() };
    return { inputs, identity: "", state, cause: "program", request, requestIds: state.requestIds };
}
