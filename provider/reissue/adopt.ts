/**
 * `adoptExisting`: an order comes under management without a POST.
 *
 * @module
 */
import { RefusedError } from "../../sdk/errors.js";
import type { Order } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import { csrHasKey } from "../x509/csr.js";
import { collect } from "./follow.js";
import { oursOf, reportedNames } from "./look.js";
import { isAddedByDigiCert, nameSet } from "../x509/names.js";
import { issuedState } from "./outcome.js";
import { askedNow } from "./preflight.js";
import type { ReissueInputs, ReissueState } from "../state.js";

/**
 * Takes over the order's current certificate if it has the wanted key and names.
 *
 * @throws RefusedError listing each difference.
 */
export async function adopt(context: Context, inputs: ReissueInputs): Promise<ReissueState> {
    const order = await context.client.order(inputs.orderId);
    const ours = oursOf(inputs, askedNow(order, { marker: "" }, context.now()));
    const { id } = order.certificate;
    const differences = differencesOf(order, inputs);
    if (id === undefined || differences.length > 0) {
        throw new RefusedError(
            `Adopting order ${inputs.orderId} (adoptExisting: true): its current certificate is not the wanted one: ` +
                `${differences.join("; ")}. Change the program to match it, or set adoptExisting to false to reissue.`,
        );
    }
    const outputs = await collect(context, ours, id);
    return issuedState(inputs, outputs, { requestIds: [], orderValidTill: order.order_valid_till });
}

function differencesOf(order: Order, inputs: ReissueInputs): string[] {
    const { certificate } = order;
    if (certificate.id === undefined) return ["the order has no issued certificate"];
    const wanted = nameSet(inputs.certificate);
    const present = reportedNames(certificate);
    const missing = [...wanted].filter((name) => !present.has(name));
    const surplus = [...present].filter((name) => !wanted.has(name) && !isAddedByDigiCert(name, wanted));
    return [
        ...(certificate.status === "revoked" ? ["it is revoked"] : []),
        ...(csrHasKey(certificate.csr, oursOf(inputs, { marker: "", at: "" }).key)
            ? []
            : ["its key is not the key of certificate.csr"]),
        ...(missing.length > 0 ? [`it lacks ${missing.join(", ")}`] : []),
        ...(surplus.length > 0 ? [`it has ${surplus.join(", ")} besides`] : []),
    ];
}
