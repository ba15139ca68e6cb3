/**
 * Downloads certificates. The leaf must have the requested key and names and the serial number that the order or the list shows,
 * and must not be a certificate that the stack or the order had before, because DigiCert sometimes answers a download with another
 * certificate of the same order. A wrong certificate is downloaded again while there is time, and never recorded.
 *
 * @module
 */
import type { KeyObject } from "node:crypto";
import type { Accepted, Order, Reissue } from "../certcentral/answers.js";
import type { CertCentral } from "../certcentral/client.js";
import { isRefusal, isTemporary } from "../errorKinds.js";
import { CertificateError } from "../errors.js";
import { warning } from "../message.js";
import type { Session } from "../session.js";
import { certificateNames, readBundle, readLeaf, type Bundle, type Expected } from "../x509/certificate.js";
import { usualForm } from "../x509/publicKey.js";
import type { KeyAndNames } from "./attempt.js";
import { pauseTelling, progressTeller } from "./progress.js";
import type { CertificateOutputs, LastIssued, PendingRequest } from "./state.js";

/** The certificate to download, and the properties that it must have. */
export interface ExpectedCertificate extends KeyAndNames {
    readonly orderId: string;
    readonly certificateId: number;
    /** The serial number that the order or the list shows. */
    readonly serialNumber?: string | undefined;
    /** Begin and end, ISO 8601; used if no serial number is known. */
    readonly validity?: Expected["validity"];
    /** Serial numbers of earlier certificates. */
    readonly earlierSerialNumbers: readonly string[];
}

/** The end of the time, by `session.elapsed`, in which a wrong or missing certificate is downloaded again. */
export interface Deadline {
    readonly at: number;
    /** Whether a refusal means "not issued yet": true after this resource requested the certificate. */
    readonly isFresh: boolean;
}

/** Number of downloads in an operation that does not wait for issuance. */
const TRIES_OF_A_READ = 3;

/** Finds the serial number that the order or the list shows for a certificate id. */
export function serialNumberOf(
    certificateId: number,
    order: Order,
    reissues: readonly Reissue[] = [],
): string | undefined {
    const { certificate } = order;
    if (certificate.id === certificateId && certificate.serial_number !== undefined) {
        return certificate.serial_number;
    }
    return reissues.find(({ id }) => id === certificateId)?.serial_number;
}

/** Makes the deadline of an operation that does not wait for issuance: it allows a few tries. */
export function shortDeadline(session: Session): Deadline {
    return { at: session.elapsed() + (TRIES_OF_A_READ - 1) * session.pollMs, isFresh: false };
}

/**
 * Downloads a certificate, again and again until it matches or the time is over.
 *
 * @throws CertificateError if the certificate still does not match at the deadline; any other DigiCertError of the download.
 */
export async function obtainCertificate(
    session: Session,
    certificate: ExpectedCertificate,
    deadline: Deadline,
): Promise<CertificateOutputs> {
    const { certificateId, orderId } = certificate;
    const tell = progressTeller(session, orderId);
    let hasRepeatedForChain = false;
    for (;;) {
        let failure: string | undefined;
        try {
            const pem = await session.client.download(certificateId, orderId);
            const bundle = readBundle([pem], toExpected(certificate));
            if (!bundle.isComplete && hasRepeatedForChain) session.tell(warning(chainWarning(certificate)));
            if (bundle.isComplete || hasRepeatedForChain) return outputsOf(certificateId, bundle);
            hasRepeatedForChain = true;
        } catch (error) {
            const mayPass = error instanceof CertificateError || isTemporary(error);
            const isNotYet = deadline.isFresh && isRefusal(error);
            if (!(mayPass || isNotYet) || session.elapsed() >= deadline.at || session.signal.aborted)
                throw error;
            failure = (error as Error).message;
        }
        const what = failure === undefined ? "the chain of certificate" : "certificate";
        await pauseTelling(session, session.pollMs, () => {
            tell({ waitsFor: `${what} ${certificateId}`, outage: failure });
        });
    }
}

/** Reads the certificate in the 201 of the POST; undefined if the answer holds no certificate that matches. */
export function certificateInAnswer(
    { certificate_chain: chain }: Pick<Accepted, "certificate_chain">,
    certificate: ExpectedCertificate,
    requestedAt: Date,
): CertificateOutputs | undefined {
    if (!chain) return undefined;
    try {
        const pems = chain.map(({ pem }) => pem);
        const bundle = readBundle(pems, { ...toExpected(certificate), now: requestedAt });
        const isYoung = Date.parse(bundle.validFrom) >= earliestStart(requestedAt).getTime();
        return bundle.isComplete && isYoung ? outputsOf(certificate.certificateId, bundle) : undefined;
    } catch (error) {
        if (error instanceof CertificateError) return undefined;
        throw error;
    }
}

/**
 * Downloads a certificate once, whose serial number no order or list has shown yet; undefined unless it is certainly the requested
 * certificate. Its begin tells: all certificates before it began days before the request.
 */
export async function downloadUnseen(
    session: Session,
    certificate: ExpectedCertificate,
    { at, inUse: before }: Pick<PendingRequest, "at" | "inUse">,
): Promise<CertificateOutputs | undefined> {
    const requestedAt = new Date(at);
    if (!(Date.parse(before?.validFrom ?? "") < earliestStart(requestedAt).getTime())) return undefined;
    try {
        const pem = await session.client.download(certificate.certificateId, certificate.orderId);
        return certificateInAnswer({ certificate_chain: [{ pem }] }, certificate, requestedAt);
    } catch (error) {
        if (isTemporary(error) || isRefusal(error)) return undefined;
        throw error;
    }
}

/**
 * Downloads a certificate and reads its key and names; undefined if a few downloads do not return it.
 *
 * @param expected - of several end-entity certificates in a download, the certificate with this key is used
 */
export async function downloadLeaf(
    client: CertCentral,
    expected: Pick<ExpectedCertificate, "orderId" | "certificateId" | "serialNumber"> & { key?: KeyObject },
): Promise<{ key: KeyObject; names: ReadonlySet<string> } | undefined> {
    // Without a pause: a POST may follow, and the read that allows it is good for a few seconds.
    for (let tries = 0; tries < TRIES_OF_A_READ; tries++) {
        const leaf = readLeaf(await client.download(expected.certificateId, expected.orderId), expected);
        if (leaf) return { key: usualForm(leaf.publicKey), names: certificateNames(leaf) };
    }
    return undefined;
}

/**
 * Downloads again the certificate that was last issued for the stack. Its serial number comes from the state, or else from the
 * order or the list; if none has it, the recorded validity counts. DigiCert shows the serial number of an order's first certificate
 * only while it is the current certificate.
 *
 * @param order - the order, if it was read
 */
export async function obtainLastIssued(
    session: Session,
    { orderId, issued, key }: { orderId: string; issued: LastIssued; key: KeyObject },
    order?: Order,
): Promise<CertificateOutputs> {
    const { certificateId, names, validFrom, validTill } = issued;
    let { serialNumber } = issued;
    serialNumber ??= order && serialNumberOf(certificateId, order);
    if (serialNumber === undefined && order?.certificate.id !== certificateId) {
        const reissues = await session.client.reissues(orderId);
        serialNumber = reissues.find(({ id }) => id === certificateId)?.serial_number;
    }
    const expected = { orderId, certificateId, key, names: new Set(names), earlierSerialNumbers: [] };
    const certificate =
        serialNumber === undefined
            ? { ...expected, validity: { validFrom, validTill } }
            : { ...expected, serialNumber };
    return obtainCertificate(session, certificate, shortDeadline(session));
}

function outputsOf(
    issuedCertificateId: number,
    { certificatePem, chainPem, serialNumber, thumbprint, validFrom, validTill }: Bundle,
): CertificateOutputs {
    const chain = chainPem === undefined ? {} : { chainPem };
    return { issuedCertificateId, certificatePem, ...chain, serialNumber, thumbprint, validFrom, validTill };
}

function toExpected(certificate: ExpectedCertificate): Expected {
    const { orderId, certificateId, key, names, serialNumber, validity, earlierSerialNumbers } = certificate;
    return {
        what: `Reading certificate ${certificateId} of order ${orderId}`,
        key,
        names,
        serialNumber,
        validity,
        notSerialNumbers: earlierSerialNumbers,
    };
}

/**
 * The earliest begin of validity of a certificate that was requested at a moment: two days before. DigiCert may date a certificate
 * back to the beginning of its day, and time zones differ by up to a day.
 */
function earliestStart(requestedAt: Date): Date {
    return new Date(requestedAt.getTime() - 2 * 86_400_000);
}

function chainWarning({ orderId, certificateId }: ExpectedCertificate): string {
    return (
        `order ${orderId}: DigiCert sends certificate ${certificateId} without the intermediate certificates up to a CA, so ` +
        "chainPem is incomplete; servers need them. Ask DigiCert's support if this stays."
    );
}
