/**
 * The read before a POST: whether the order allows a reissue, whether one is there already, what it would remove.
 *
 * @module
 */
import { RefusedError } from "../errors.js";
import { quote } from "../quote.js";
import type { Order } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import { planEnded } from "./plan/validity.js";
import { judgeRemoval } from "./plan/nameRemoval.js";
import type { ReissueInputs, ReissueState } from "./state.js";
import { certificateNames } from "../x509/certificate.js";
import { nameSet, removedNames } from "../x509/names.js";
import { assertKnown, FINAL, PENDING, UNISSUED } from "../order/status.js";
import { readLeaf, reportedNames, type Ours } from "./ours.js";
import { settlePending } from "./pending.js";
import { issuedAlready } from "./takeOver.js";
import type { Wish } from "./wish.js";

/** What the read showed. */
export type Preflight =
    | { readonly kind: "ask"; readonly order: Order }
    /** The wanted reissue is on the order already, pending or issued. */
    | { readonly kind: "adopt"; readonly order: Order; readonly ours: Ours }
    /** The order allows no reissue any more, and the program does not insist on one. */
    | {
          readonly kind: "closed";
          readonly order: Order;
          readonly old: ReissueState;
          /** Why it allows none, in words that follow "the order". */
          readonly end: string;
          readonly warning: string;
      };

/**
 * Reads the order and decides whether to ask.
 *
 * @throws RefusedError when asking would do harm or cannot succeed.
 */
export async function preflight(context: Context, wish: Wish): Promise<Preflight> {
    const order = await context.client.order(wish.inputs.orderId, { reserve: true });
    const end = endOf(order, context.now());
    if (end !== undefined) return closed(order, wish, end);
    if (order.status === PENDING) return pendingOn(order, context, wish);
    assertReissuable(order, wish);
    const ours = await issuedAlready(order, context, wish);
    if (ours) return { kind: "adopt", order, ours };
    await refuseRemoval(order, context, wish);
    return { kind: "ask", order };
}

/** Whether an order has ended for good, in words that follow "the order". */
export function endOf({ status, order_valid_till: end }: Order, now: Date): string | undefined {
    if (FINAL.has(status)) return `is ${status}`;
    return planEnded(end, now) ? `ended on ${end ?? ""}` : undefined;
}

function closed(order: Order, { inputs, old, cause }: Wish, end: string): Preflight {
    const advice = "Place a new order in CertCentral and set its id as orderId.";
    if (old && cause !== "program") {
        const warning = `order ${inputs.orderId}: the order ${end}, so nothing was asked. ${advice}`;
        return { kind: "closed", order, old, end, warning };
    }
    throw new RefusedError(`Asking for a reissue of order ${inputs.orderId}: the order ${end}. ${advice}`);
}

async function pendingOn(order: Order, context: Context, wish: Wish): Promise<Preflight> {
    const ours = await settlePending(order, context, wish);
    return ours ? { kind: "adopt", order, ours } : preflight(context, wish);
}

function assertReissuable(order: Order, { inputs }: Wish): void {
    const doing = `Asking for a reissue of order ${inputs.orderId}`;
    if (UNISSUED.has(order.status)) {
        throw new RefusedError(
            `${doing}: the order is ${order.status}, which allows no reissue. ` +
                "Settle that in CertCentral, then run pulumi up again.",
        );
    }
    assertKnown(order, doing, "nothing was asked");
    const product = order.product?.type ?? order.product?.name_id ?? "ssl_certificate";
    if (inputs.certificate.commonName === undefined && /ssl|tls/i.test(product)) {
        throw new RefusedError(
            `${doing}: certificate.commonName is missing, which a TLS order (${quote(product)}) needs. Set it to the domain to secure.`,
        );
    }
}

async function refuseRemoval(order: Order, context: Context, { inputs, old }: Wish): Promise<void> {
    const live = await liveNames(order, context, inputs);
    const removal = judgeRemoval(
        removedNames(live, nameSet(inputs.certificate), new Set(old?.issued?.names)),
        inputs,
        `order ${inputs.orderId}`,
    );
    if (removal?.kind === "refuse") throw new RefusedError(removal.reasons.join(" "));
    // An update has said so already, with its plan.
    if (!old)
        removal?.warnings.forEach((warning) => {
            context.log(`warning: ${warning}`);
        });
}

/** The names of the current certificate; if the order does not list them, the certificate itself does. */
async function liveNames(
    { certificate }: Order,
    context: Context,
    inputs: ReissueInputs,
): Promise<Set<string>> {
    const reported = reportedNames(certificate);
    const isTold = certificate.dns_names !== undefined || inputs.certificate.commonName === undefined;
    if (isTold || certificate.id === undefined) return reported;
    const leaf = await readLeaf(context, certificate.id, inputs.orderId);
    if (leaf) return new Set([...reported, ...certificateNames(leaf)]);
    throw new RefusedError(
        `Asking for a reissue of order ${inputs.orderId}: the names of its certificate ${certificate.id} cannot be read, so it ` +
            "cannot be told whether one would disappear, and nothing was asked. Run pulumi up again later.",
    );
}
