/**
 * One order: the reads, and the report made of them.
 *
 * @module
 */
import type { Order } from "../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../provider/core/certcentral/client.js";
import { quote } from "../../provider/core/quote.js";
import { daysUntil } from "../../provider/core/reissue/plan/validity.js";
import { PENDING } from "../../provider/core/order/status.js";
import { readNames } from "../certificateNames.js";
import type { MayApprove } from "./account.js";
import { judgeDomains, type Domains } from "./domains.js";
import { attempt, type Finding } from "./finding.js";
import { namesFinding, type NamesChange } from "./names.js";
import { pendingFindings, readPending, type PendingReissue } from "./pending.js";
import { forecastFinding, stateFinding } from "./reissue.js";
import { planFinding, validityFindings } from "./validity.js";

/** What was found about an order. What could not be read is absent. */
export interface OrderReport {
    readonly orderId: string;
    readonly status?: string;
    readonly product?: string | undefined;
    readonly names?: readonly string[];
    readonly certificateId?: number | undefined;
    readonly validFrom?: string | undefined;
    readonly validTill?: string | undefined;
    readonly daysLeft?: number | undefined;
    /** Last day of the plan. */
    readonly orderValidTill?: string | undefined;
    /** Whether `pulumi up` would reissue because of the time alone. */
    readonly isDue?: boolean;
    readonly pending?: readonly PendingReissue[];
    /** What a reissue with the given names would change. */
    readonly change?: NamesChange | undefined;
    readonly findings: readonly Finding[];
}

/** What an order is judged by, besides itself. */
export interface Circumstances {
    readonly domains: Domains;
    readonly mayApprove: MayApprove;
    /** The complete set of names of a reissue that is thought of. */
    readonly wantedNames?: ReadonlySet<string> | undefined;
    readonly now: Date;
}

/** Reads and judges an order; GETs only. */
export async function examineOrder(
    client: CertCentral,
    orderId: string,
    circumstances: Circumstances,
): Promise<OrderReport> {
    const read = await attempt("state", () => client.order(orderId));
    if ("finding" in read) return { orderId, findings: [read.finding] };
    const order = read.value;
    const names = await attempt("names", () => readNames(client, order, orderId));
    const pending =
        order.status === PENDING
            ? await attempt("pending", () => readPending(client, order, orderId))
            : { value: undefined };
    return report(order, orderId, { names, pending }, circumstances);
}

type Attempted<T> = { value: T } | { finding: Finding };

function report(
    order: Order,
    orderId: string,
    read: { names: Attempted<ReadonlySet<string>>; pending: Attempted<PendingReissue[] | undefined> },
    { domains, mayApprove, wantedNames, now }: Circumstances,
): OrderReport {
    const { certificate, product } = order;
    const names = "value" in read.names ? read.names.value : new Set<string>();
    const pending = "value" in read.pending ? read.pending.value : undefined;
    const { needsDcv, finding: domainsFinding } = judgeDomains(
        wantedNames ?? names,
        domains,
        product?.validation_type,
        now,
    );
    const validity = validityFindings(order, orderId, now);
    const change =
        wantedNames && "value" in read.names ? namesFinding(names, wantedNames, orderId) : undefined;
    const findings: Finding[] = [
        stateFinding(order, now),
        "finding" in read.names
            ? read.names.finding
            : { check: "names", level: "ok", text: [...names].join(", ") || "none" },
        ...(product === undefined
            ? []
            : [{ check: "product", level: "ok", text: productOf(product) } as const]),
        planFinding(order, now),
        ...validity.findings,
        ...("finding" in read.pending ? [read.pending.finding] : pending ? pendingFindings(pending) : []),
        domainsFinding,
        forecastFinding(order, { mayApprove, needsDcv, now }),
        ...(change ? [change.finding] : []),
    ];
    return {
        orderId,
        status: quote(order.status),
        product: product && productOf(product),
        names: [...names],
        certificateId: certificate.id,
        validFrom: certificate.valid_from,
        validTill: certificate.valid_till,
        daysLeft: certificate.valid_till === undefined ? undefined : daysUntil(certificate.valid_till, now),
        orderValidTill: order.order_valid_till,
        isDue: validity.isDue,
        pending: pending ?? [],
        change: change?.change,
        findings,
    };
}

function productOf({ name, name_id: id, validation_type: type }: NonNullable<Order["product"]>): string {
    const told = [id, type?.toUpperCase()].filter(Boolean).join(", ");
    return quote(name === undefined ? told : told ? `${name} (${told})` : name) || "not told";
}
