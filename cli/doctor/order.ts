/**
 * Reads an order and makes its report.
 *
 * @module
 */
import type { X509Certificate } from "node:crypto";
import type { Order } from "../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../provider/core/certcentral/client.js";
import { PermissionError } from "../../provider/core/errors.js";
import { isTlsOrder } from "../../provider/core/order/product.js";
import { REISSUE_PENDING } from "../../provider/core/order/status.js";
import { quote } from "../../provider/core/quote.js";
import { daysUntil } from "../../provider/core/reissue/plan/validity.js";
import { downloadCertificate, readNames } from "../certificate.js";
import type { MayApprove } from "./account.js";
import { checkDomains, type AccountDomains } from "./domains.js";
import { attemptCheck, type ReadResult, type Finding } from "./finding.js";
import { checkNames, type NamesChange } from "./names.js";
import { checkPendingReissues, readPendingReissues, type ReportedReissue } from "./pending.js";
import { checkRenewal, checkStatus, forecastReissue } from "./reissue.js";
import { checkTokens, type QueryDns } from "./tokens.js";
import { checkClientAuthentication } from "./usage.js";
import { checkPlan, checkValidity } from "./validity.js";

/** The report on an order. A member that could not be read is absent. */
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
    /** The order that renewed this order. */
    readonly renewedOrderId?: string | undefined;
    /** Whether `pulumi up` would reissue the certificate because of its age alone. */
    readonly isDue?: boolean;
    readonly pending?: readonly ReportedReissue[];
    /** The names that a reissue with the given names would add and drop. */
    readonly change?: NamesChange | undefined;
    readonly findings: readonly Finding[];
}

/** The facts beside the order that its checks use. */
export interface CheckContext {
    readonly domains: AccountDomains;
    readonly mayApprove: MayApprove;
    /** The complete set of names of a planned reissue. */
    readonly plannedNames?: ReadonlySet<string> | undefined;
    readonly now: Date;
    /** Looks in DNS for the tokens of domain validation; absent without `--dns`. */
    readonly dns?: { readonly query: QueryDns; readonly token: string | undefined } | undefined;
}

/** Reads and judges an order, with GETs only; with `--dns`, DNS is queried too. */
export async function checkOrder(
    client: CertCentral,
    orderId: string,
    context: CheckContext,
): Promise<OrderReport> {
    const read = await attemptCheck("status", () => client.order(orderId));
    if ("finding" in read) return { orderId, findings: [read.finding] };
    const order = read.value;
    let downloading: Promise<X509Certificate | undefined> | undefined;
    const download = () => (downloading ??= downloadCertificate(client, order, orderId));
    const names = await attemptCheck("names", () => readNames(order, download));
    const usage = await attemptCheck("usage", () => checkUsage(order, download));
    const pending =
        order.status === REISSUE_PENDING
            ? await attemptCheck("pending", () => readPendingReissues(client, order, orderId))
            : undefined;
    const expected = context.plannedNames ?? ("value" in names ? names.value : new Set<string>());
    const tokens =
        context.dns && isTlsOrder(order)
            ? await checkTokens(expected, context.dns.query, context.dns.token)
            : [];
    return makeReport(order, orderId, { names, usage, pending, tokens }, context);
}

async function checkUsage(
    order: Order,
    download: () => Promise<X509Certificate | undefined>,
): Promise<Finding[]> {
    if (!isTlsOrder(order)) return [];
    try {
        return checkClientAuthentication(await download());
    } catch (error) {
        if (!(error instanceof PermissionError)) throw error;
        return [{ check: "usage", level: "unknown", text: "the key may not download the certificate" }];
    }
}

interface OrderReads {
    readonly names: ReadResult<ReadonlySet<string>>;
    readonly usage: ReadResult<Finding[]>;
    readonly pending: ReadResult<ReportedReissue[]> | undefined;
    readonly tokens: readonly Finding[];
}

function makeReport(order: Order, orderId: string, reads: OrderReads, context: CheckContext): OrderReport {
    const { domains, mayApprove, plannedNames, now } = context;
    const { certificate, product } = order;
    const names = "value" in reads.names ? reads.names.value : undefined;
    const pending = reads.pending && "value" in reads.pending ? reads.pending.value : [];
    const { needsValidation, finding: domainFinding } = checkDomains(
        isTlsOrder(order) ? (plannedNames ?? names ?? new Set()) : new Set(),
        domains,
        product?.validation_type,
        now,
    );
    const validity = checkValidity(order, now);
    const change = plannedNames && names && checkNames(names, plannedNames);
    const findings: Finding[] = [
        checkStatus(order, now),
        ...(change ? [change.finding] : []),
        ...(reads.pending ? findingsOf(reads.pending, checkPendingReissues) : []),
        ...validity.findings,
        ...checkRenewal(order, now),
        domainFinding,
        ...reads.tokens,
        ...findingsOf(reads.usage, (found) => found),
        forecastReissue(order, { mayApprove, needsValidation, now }),
        ...findingsOf(reads.names, describeNames),
        ...(product ? [{ check: "product", level: "ok", text: describeProduct(product) } as const] : []),
        checkPlan(order, now),
    ];
    const { valid_from: validFrom, valid_till: validTill } = certificate;
    const daysLeft = validTill === undefined ? NaN : daysUntil(validTill, now);
    return {
        orderId,
        status: quote(order.status),
        product: product && describeProduct(product),
        names: [...(names ?? [])],
        certificateId: certificate.id,
        validFrom,
        validTill,
        daysLeft: Number.isNaN(daysLeft) ? undefined : daysLeft,
        orderValidTill: order.order_valid_till,
        renewedOrderId: order.renewed_order_id === undefined ? undefined : String(order.renewed_order_id),
        isDue: validity.isDue,
        pending,
        change: change?.change,
        findings,
    };
}

function findingsOf<T>(read: ReadResult<T>, judge: (value: T) => Finding[]): Finding[] {
    return "finding" in read ? [read.finding] : judge(read.value);
}

function describeNames(names: ReadonlySet<string>): Finding[] {
    return [{ check: "names", level: "ok", text: [...names].map(quote).join(", ") || "none" }];
}

function describeProduct({
    name,
    name_id: id,
    validation_type: type,
}: NonNullable<Order["product"]>): string {
    const details = [id, type?.toUpperCase()].filter(Boolean).join(", ");
    return quote(name === undefined ? details : details ? `${name} (${details})` : name) || "not reported";
}

/** The heading of the order's part of the report. */
export function orderHeading({ orderId, names = [] }: OrderReport): string {
    return `order ${orderId}${names.length > 0 ? `: ${names.map(quote).join(", ")}` : ""}`;
}
