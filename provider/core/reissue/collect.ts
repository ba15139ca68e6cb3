/**
 * The certificate itself: from the answer to the POST, or downloaded, and checked to be the wanted one.
 *
 * @module
 */
import { CertificateError, InvalidRequestError, NotFoundError } from "../errors.js";
import type { Accepted } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import type { IssuedOutputs, ReissueState } from "./state.js";
import { readIssued } from "../x509/certificate.js";
import type { Ours, Wanted } from "./ours.js";
import { expectedOf } from "./outcome.js";
import { isPassing } from "./settle.js";

/** A reissue of ours, and the state before it. */
interface Successor {
    readonly ours: Ours;
    readonly old?: ReissueState | undefined;
}

/** Downloads an issued certificate and checks that it is the wanted one. */
export async function collect(
    context: Context,
    wanted: Wanted,
    certificateId: number,
): Promise<IssuedOutputs> {
    const pem = await context.client.download(certificateId, wanted.orderId);
    return readIssued(certificateId, [pem], expectedOf(wanted, certificateId));
}

/** Like {@link collect}; DigiCert is known to send an older certificate of the order now and then. */
export async function collectNew(
    context: Context,
    { ours, old }: Successor,
    id: number,
): Promise<IssuedOutputs> {
    const outputs = await collect(context, ours, id);
    if (id !== old?.issuedCertificateId && outputs.serialNumber === old?.serialNumber) {
        throw new CertificateError(
            `Reading certificate ${id} of order ${ours.orderId}: DigiCert sent the certificate that it replaces ` +
                `(serial number ${outputs.serialNumber}); it is not used. Run pulumi up again, and ask DigiCert if this stays.`,
        );
    }
    return outputs;
}

/** The certificate in the 201 itself. A chain that does not hold ours says nothing: the order is asked then. */
export function issuedInAnswer(
    { certificate_chain: chain }: Accepted,
    ours: Ours,
): IssuedOutputs | undefined {
    const { certificateId } = ours;
    if (!chain || certificateId === undefined) return undefined;
    const pems = chain.map(({ pem }) => pem);
    return unlessRefused(() => readIssued(certificateId, pems, expectedOf(ours, certificateId)));
}

/** A certificate that has an id may be issued already; DigiCert refuses the download if it is not. */
export async function issuedAtOnce(context: Context, journey: Successor): Promise<IssuedOutputs | undefined> {
    const { certificateId } = journey.ours;
    if (certificateId === undefined) return undefined;
    return context.watch.ifIssuedAlready(async () => {
        try {
            return await collectNew(context, journey, certificateId);
        } catch (error) {
            ifNotYet(error);
            return undefined;
        }
    });
}

function unlessRefused<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        ifNotYet(error);
        return undefined;
    }
}

/** Rethrows whatever does not mean that there is no certificate to be had yet. */
export function ifNotYet(error: unknown): void {
    const isNotYet =
        error instanceof InvalidRequestError ||
        error instanceof NotFoundError ||
        error instanceof CertificateError ||
        isPassing(error);
    if (!isNotYet) throw error;
}
