/**
 * `adoptExisting`: an order comes under management without a POST.
 *
 * @module
 */
import { RefusedError } from "../errors.js";
import { quote } from "../quote.js";
import type { Order } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import type { ReissueInputs, ReissueState } from "./state.js";
import { csrHasKey } from "../x509/csr.js";
import { isAddedByDigiCert } from "../x509/names.js";
import { collect } from "./collect.js";
import { isWanted, reportedNames, wantedOf } from "./ours.js";
import { issuedState } from "./outcome.js";
import { endOf } from "./preflight.js";

/**
 * Takes over the order's current certificate if it has the wanted key and names.
 *
 * @throws RefusedError listing each difference.
 */
export async function adopt(context: Context, inputs: ReissueInputs): Promise<ReissueState> {
    const order = await context.client.order(inputs.orderId);
    const { id } = order.certificate;
    const differences = await differencesOf(order, context, inputs);
    if (id === undefined || differences.length > 0) throw notTheWantedOne(inputs.orderId, differences);
    const outputs = await collect(context, wantedOf(inputs), id);
    if (Date.parse(outputs.validTill) <= context.now().getTime()) {
        throw notTheWantedOne(inputs.orderId, [`it expired on ${outputs.validTill}`]);
    }
    return issuedState(inputs, outputs, { requestIds: [], orderValidTill: order.order_valid_till });
}

function notTheWantedOne(orderId: string, differences: readonly string[]): RefusedError {
    return new RefusedError(
        `Adopting order ${orderId} (adoptExisting: true): its current certificate is not the wanted one: ` +
            `${differences.join("; ")}. Change the program to match it, or set adoptExisting to false to reissue.`,
    );
}

async function differencesOf(order: Order, context: Context, inputs: ReissueInputs): Promise<string[]> {
    const { certificate } = order;
    if (certificate.id === undefined) return ["the order has no issued certificate"];
    const wanted = wantedOf(inputs);
    const { names } = wanted;
    const end = endOf(order, context.now());
    const isTold = certificate.dns_names !== undefined;
    const present = reportedNames(certificate);
    const missing = isTold ? [...names].filter((name) => !present.has(name)) : [];
    const surplus = [...present].filter((name) => !names.has(name) && !isAddedByDigiCert(name, names));
    const differences = [
        ...(end === undefined ? [] : [`the order ${end}`]),
        ...(certificate.status === "revoked" ? ["it is revoked"] : []),
        ...(csrHasKey(certificate.csr, wanted.key) === false
            ? ["its key is not the key of certificate.csr"]
            : []),
        ...(missing.length > 0 ? [`it lacks ${missing.join(", ")}`] : []),
        ...(surplus.length > 0 ? [`it has ${surplus.map(quote).join(", ")} besides`] : []),
    ];
    if (differences.length > 0 || (await isWanted(context, certificate, wanted))) return differences;
    return ["its key is not the key of certificate.csr, or it lacks a wanted name"];
}
