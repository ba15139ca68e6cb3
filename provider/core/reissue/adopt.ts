/**
 * `adoptExisting`: the resource takes over the order's current certificate without a POST.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { RefusedError } from "../errors.js";
import { closedReasonOf } from "../order/status.js";
import { quote } from "../quote.js";
import type { Session } from "../session.js";
import { certificateNames, readCertificate } from "../x509/certificate.js";
import { csrHasKey } from "../x509/csr.js";
import { disappearingNames, nameSet, sameNames } from "../x509/names.js";
import { renewedOrderOf, requestedKeyAndNames } from "./attempt.js";
import { obtainCertificate, downloadLeaf, shortDeadline } from "./certificate.js";
import { issuedState } from "./nextState.js";
import { renewalAdvice } from "./plan/due.js";
import { currentEntry, isIssued } from "./recognise.js";
import type { ReissueInputs, ReissueState } from "./state.js";

/**
 * Takes over the order's current certificate if its key and names are exactly those in the program.
 *
 * @throws RefusedError listing each difference.
 */
export async function adoptCertificate(session: Session, inputs: ReissueInputs): Promise<ReissueState> {
    const { orderId } = inputs;
    const order = await session.client.order(orderId);
    const { id } = order.certificate;
    const differences = await listDifferences(session, order, inputs);
    if (id === undefined || differences.length > 0) throw notAdoptable(orderId, differences);
    const outputs = await obtainCertificate(
        session,
        {
            orderId,
            certificateId: id,
            ...requestedKeyAndNames(inputs),
            serialNumber: order.certificate.serial_number,
            earlierSerialNumbers: [],
        },
        shortDeadline(session),
    );
    if (Date.parse(outputs.validTill) <= session.now().getTime()) {
        throw notAdoptable(orderId, [`it expired on ${outputs.validTill}`]);
    }
    const present = certificateNames(readCertificate(outputs.certificatePem));
    const surplus = disappearingNames(present, nameSet(inputs.certificate));
    if (surplus.length > 0) throw notAdoptable(orderId, [surplusNames(surplus)]);
    return issuedState(inputs, outputs, {
        requestIds: [],
        orderValidTill: order.order_valid_till,
        renewedOrderId: renewedOrderOf(order),
    });
}

function notAdoptable(orderId: string, differences: readonly string[]): RefusedError {
    return new RefusedError(
        `Adopting order ${orderId} (adoptExisting: true): its current certificate differs from the program: ${differences.join("; ")}`,
        { remedy: "matchOrReissue" },
    );
}

async function listDifferences(session: Session, order: Order, inputs: ReissueInputs): Promise<string[]> {
    const { certificate } = order;
    const current = currentEntry(order);
    if (certificate.id === undefined || !current || !isIssued(current)) {
        return ["the order has no issued certificate"];
    }
    const { key, names } = requestedKeyAndNames(inputs);
    const closed = closedReasonOf(order, session.now());
    const hasReportedKey = csrHasKey(certificate.csr, key);
    const needsLeaf = hasReportedKey === undefined || certificate.dns_names === undefined;
    const { id: certificateId, serial_number: serialNumber } = certificate;
    const expected = { orderId: inputs.orderId, certificateId, serialNumber, key };
    const leaf = needsLeaf ? await downloadLeaf(session.client, expected) : undefined;
    if (needsLeaf && !leaf) return ["its certificate cannot be read"];
    const hasKey = hasReportedKey ?? leaf?.key.equals(key) === true;
    const reported = nameSet({
        commonName: certificate.common_name,
        dnsNames: certificate.dns_names ?? [...(leaf?.names ?? [])],
    });
    const missing = [...names].filter((name) => !reported.has(name));
    const surplus = [...reported].filter((name) => !names.has(name));
    const differ = names.size > 0 && !sameNames(reported, names);
    return [
        ...(closed === undefined
            ? []
            : [`the order ${closed}. ${renewalAdvice({ renewedOrderId: renewedOrderOf(order) })}`]),
        ...(current.state === "revoked" ? ["it is revoked"] : []),
        ...(hasKey ? [] : ["its key is not the key of certificate.csr"]),
        ...(differ && missing.length > 0 ? [`it lacks ${missing.map(quote).join(", ")}`] : []),
        ...(differ && surplus.length > 0 ? [surplusNames(surplus)] : []),
    ];
}

function surplusNames(names: readonly string[]): string {
    return `it has ${names.map(quote).join(", ")} besides`;
}
