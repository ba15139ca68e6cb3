/**
 * The timeline as data: a row per order, the most urgent first. Pure; the page and the drawing show it.
 *
 * @module
 */
import type { Recorded } from "./export.js";
import { nextStep, URGENCIES, windowOf, type Step, type Urgency, type Window } from "./next.js";
import { readState } from "./recordedState.js";
import type { ReissueState, Status } from "../../provider/core/reissue/state.js";

/** A certificate and the days that matter for it. */
export interface CertificateSpan extends Window {
    readonly id: number;
    readonly validFrom: string;
    readonly validTill: string;
    readonly isRevoked: boolean;
}

/** A reissue that is not settled. */
export interface PendingReissue {
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
    /** Absent where the state could not be read. */
    readonly status?: Status | undefined;
    readonly next: Step;
    /** Last day of the order's plan. */
    readonly planEnds?: string | undefined;
    /** The certificate in use. */
    readonly certificate?: CertificateSpan | undefined;
    readonly pending?: PendingReissue | undefined;
    /** Why the last `up` did not get to its end with it. */
    readonly failures: readonly string[];
}

/** All orders of some stacks at one moment. */
export interface Timeline {
    /** ISO 8601. */
    readonly now: string;
    readonly stacks: readonly string[];
    readonly counts: Readonly<Record<Urgency, number>>;
    readonly orders: readonly OrderRow[];
}

/** Arranges what was found in the exports, as it stands at `now`. */
export function timelineOf(recorded: readonly Recorded[], now: Date): Timeline {
    const orders = recorded.map((one) => rowOf(one, now)).sort(byUrgency);
    const counts = Object.fromEntries(
        URGENCIES.map((urgency) => [urgency, orders.filter(({ next }) => next.urgency === urgency).length]),
    ) as Record<Urgency, number>;
    return {
        now: now.toISOString(),
        stacks: [...new Set(recorded.map(({ stack }) => stack))].sort(),
        counts,
        orders,
    };
}

function rowOf(recorded: Recorded, now: Date): OrderRow {
    const { name, stack, isManaged, initErrors } = recorded;
    const read = readState(recorded);
    if ("unreadable" in read) {
        const { orderId } = recorded.outputs;
        return {
            orderId: typeof orderId === "string" ? orderId : "(unknown)",
            name,
            stack,
            commonName: name,
            names: [],
            next: {
                kind: "repair",
                urgency: "person",
                action: "Look at it with pulumi stack export",
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
        certificate: certificateOf(state),
        pending:
            state.asked && state.status !== "rejected"
                ? { since: state.asked.at, requestIds: state.requestIds }
                : undefined,
        failures: initErrors,
    };
}

function certificateOf(state: ReissueState): CertificateSpan | undefined {
    const { issued, status } = state;
    if (!issued) return undefined;
    const { certificateId, validFrom, validTill } = issued;
    return {
        id: certificateId,
        validFrom,
        validTill,
        isRevoked: status === "revoked",
        ...windowOf(state, issued),
    };
}

/** By urgency, then by the day when it is too late; without one, by how long it waits. */
function byUrgency(a: OrderRow, b: OrderRow): number {
    return (
        URGENCIES.indexOf(a.next.urgency) - URGENCIES.indexOf(b.next.urgency) ||
        whenOf(a) - whenOf(b) ||
        a.orderId.localeCompare(b.orderId, "en", { numeric: true }) ||
        a.name.localeCompare(b.name, "en")
    );
}

function whenOf({ next, pending }: OrderRow): number {
    return Date.parse(next.date ?? pending?.since ?? "9999-12-31");
}
