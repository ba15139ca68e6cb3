/**
 * The timeline as data: a row per order, the most urgent first.
 *
 * @module
 */
import type { Status } from "../../provider/core/reissue/enumerations.js";
import type { ReissueState } from "../../provider/core/reissue/state.js";
import type { ExportedResource } from "./export.js";
import {
    computeDeadlines,
    nextStep,
    URGENCIES,
    type CertificateDeadlines,
    type Step,
    type Urgency,
} from "./next.js";
import { readRecordedState } from "./recordedState.js";

/** A certificate, its validity and its deadlines. */
export interface CertificateSpan extends CertificateDeadlines {
    readonly id: number;
    readonly validFrom: string;
    readonly validTill: string;
    readonly isRevoked: boolean;
}

/** A pending reissue. */
export interface PendingSpan {
    readonly since: string;
    readonly requestIds: readonly number[];
}

/** One `DigiCertReissue` of a stack. */
export interface OrderRow {
    readonly orderId: string;
    /** Name of the resource. */
    readonly name: string;
    /** `project/stack`. */
    readonly stack: string;
    readonly commonName: string;
    /** All names of the certificate. */
    readonly names: readonly string[];
    /** Absent if the state cannot be read. */
    readonly status?: Status | undefined;
    readonly next: Step;
    /** Last day of the order's plan. */
    readonly planEnds?: string | undefined;
    /** The certificate in use. */
    readonly certificate?: CertificateSpan | undefined;
    readonly pending?: PendingSpan | undefined;
    /** The errors of the last `pulumi up` for the resource. */
    readonly failures: readonly string[];
}

/** The orders of some stacks, as of one moment. */
export interface Timeline {
    /** ISO 8601. */
    readonly now: string;
    readonly stacks: readonly string[];
    readonly counts: Readonly<Record<Urgency, number>>;
    readonly orders: readonly OrderRow[];
}

/** Makes the timeline of the resources in some exports, as of `now`. */
export function buildTimeline(resources: readonly ExportedResource[], now: Date): Timeline {
    const orders = resources.map((resource) => buildRow(resource, now)).sort(compareUrgency);
    const counts = Object.fromEntries(
        URGENCIES.map((urgency) => [urgency, orders.filter(({ next }) => next.urgency === urgency).length]),
    ) as Record<Urgency, number>;
    return {
        now: now.toISOString(),
        stacks: [...new Set(resources.map(({ stack }) => stack))].sort(),
        counts,
        orders,
    };
}

function buildRow(resource: ExportedResource, now: Date): OrderRow {
    const { name, stack, isManaged, initErrors } = resource;
    const read = readRecordedState(resource);
    if ("unreadable" in read) {
        const { orderId } = resource.outputs;
        return {
            orderId: typeof orderId === "string" ? orderId : "(unknown)",
            name,
            stack,
            commonName: name,
            names: [],
            next: {
                kind: "repair",
                urgency: "person",
                action: "Look at the state with pulumi stack export",
                why: `The state of this resource ${read.unreadable}.`,
                up: [],
            },
            failures: initErrors,
        };
    }
    const { state } = read;
    return {
        orderId: state.orderId,
        name,
        stack,
        commonName: read.commonName,
        names: read.names,
        status: state.status,
        next: nextStep(state, isManaged, now),
        planEnds: state.orderValidTill,
        certificate: certificateSpan(state),
        pending:
            state.asked && state.status !== "rejected"
                ? { since: state.asked.at, requestIds: state.requestIds }
                : undefined,
        failures: initErrors,
    };
}

function certificateSpan(state: ReissueState): CertificateSpan | undefined {
    const { issued, status } = state;
    if (!issued) return undefined;
    const { certificateId, validFrom, validTill } = issued;
    return {
        id: certificateId,
        validFrom,
        validTill,
        isRevoked: status === "revoked",
        ...computeDeadlines(state, issued),
    };
}

/** Sorts orders by urgency, then by the last day for the step. For orders without such a day, the older pending reissue is first. */
function compareUrgency(a: OrderRow, b: OrderRow): number {
    return (
        URGENCIES.indexOf(a.next.urgency) - URGENCIES.indexOf(b.next.urgency) ||
        timeOf(a) - timeOf(b) ||
        a.orderId.localeCompare(b.orderId, "en", { numeric: true }) ||
        a.name.localeCompare(b.name, "en")
    );
}

function timeOf({ next, pending }: OrderRow): number {
    return Date.parse(next.date ?? pending?.since ?? "9999-12-31");
}
