/**
 * Waiting until DigiCert has issued: pauses that grow, a deadline, and a line now and then.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import { look, type Standing } from "./look.js";
import type { Ours } from "./ours.js";
import { isPassing } from "./settle.js";

/** How long, and for whom. */
export interface Patience {
    readonly issuanceTimeoutSeconds: number;
    readonly waitForApproval: boolean;
    /** A person has to publish this token before DigiCert can issue. */
    readonly dcvRandomValue?: string | undefined;
    /** It was accepted without an approver, so there is nothing to see at once. */
    readonly isOnItsWay?: boolean | undefined;
}

/** What the last look showed. */
export interface Waited {
    readonly standing: Standing;
    readonly order?: Order;
    /** Only a person can get on with it, and `waitForApproval` is false. */
    readonly needsPerson: boolean;
}

const FIRST_PAUSE_MS = 1000;
const GROWTH = 1.5;
const TELL_EVERY_MS = 60_000;

/** Looks until the reissue is settled, waits for a person, or the time is over. */
export function waitUntilSettled(context: Context, ours: Ours, patience: Patience): Promise<Waited> {
    const { orderId, asked } = ours;
    return context.watch.during(orderId, asked.replaces, () => lookFromTimeToTime(context, ours, patience));
}

async function lookFromTimeToTime(context: Context, ours: Ours, patience: Patience): Promise<Waited> {
    const longest = context.pollSeconds * 1000;
    const deadline = context.elapsed() + patience.issuanceTimeoutSeconds * 1000;
    const tell = teller(context, ours.orderId);
    let isKnownPending = patience.isOnItsWay === true;
    let waitsFor = "issuance";
    for (let pause = Math.min(FIRST_PAUSE_MS, longest); ; pause = Math.min(pause * GROWTH, longest)) {
        const left = deadline - context.elapsed();
        const looked =
            isKnownPending && left > 0 ? undefined : await lookDespiteOutage(context, ours, left > 0);
        isKnownPending = false;
        if (looked) {
            const { standing, order } = looked;
            if (standing.kind !== "pending") return { standing, order, needsPerson: false };
            const isPersonsTurn =
                standing.status === "pending_approval" || patience.dcvRandomValue !== undefined;
            const needsPerson = isPersonsTurn && !patience.waitForApproval;
            if (needsPerson || left <= 0) return { standing, order, needsPerson };
            waitsFor = standing.status === "pending_approval" ? "approval" : "issuance";
            tell(waitsFor);
        }
        const signal = await context.watch.pause(ours.orderId, pause, deadline);
        if (signal.kind === "issued" && signal.certificateId === ours.certificateId) {
            const { certificateId } = signal;
            return { standing: { kind: "issued", certificateId, isRevoked: false }, needsPerson: false };
        }
        if (signal.kind === "quiet") {
            tell(waitsFor);
            isKnownPending = true;
        }
    }
}

/** An outage while waiting only delays, as long as there is time. */
async function lookDespiteOutage(context: Context, ours: Ours, hasTime: boolean) {
    try {
        return await look(context, ours);
    } catch (error) {
        if (!hasTime || !isPassing(error)) throw error;
        return undefined;
    }
}

/** One line per change of state, and one a minute. */
function teller(context: Context, orderId: string): (what: string) => void {
    const start = context.elapsed();
    let last: { what: string; at: number } | undefined;
    return (what) => {
        const now = context.elapsed();
        if (last?.what === what && now - last.at < TELL_EVERY_MS) return;
        last = { what, at: now };
        context.log(
            `order ${orderId}: waiting for ${what} of the reissue, ${Math.round((now - start) / 1000)} s so far`,
        );
    };
}
