import { type Account, type DueEvent } from "./account.js";
import { DAY, addDays, earliest, endOfDay, startOfDay } from "./calendar.js";
import { hasNewRecords, nextPollAt, makeOwnCheck } from "./checks.js";
import { issuanceDueAt, issue, revoke, recordValidation } from "./issuance.js";
import { newCsr } from "./keys.js";
import { submitReissue } from "./lifecycle.js";
import { renew } from "./renewal.js";
import { type OrderRecord, pendingReissue } from "./model.js";

/** Time of DigiCert's auto-reissue before the end of the newest certificate, and of its auto-renew before the end of the order. */
const lead = 30 * DAY;

function autoRenewDue(order: OrderRecord): Date | undefined {
    if (!order.autoRenew || order.renewedOrderId !== undefined) return undefined;
    if ((order.policy.orderStatus ?? order.baseStatus) !== "issued") return undefined;
    return new Date(endOfDay(order.orderValidTill).getTime() - lead);
}

function autoReissueDue(order: OrderRecord): Date | undefined {
    const till = order.current.leaf?.validTill;
    if (!order.autoReissue || !till || order.autoReissuedFrom === order.current) return undefined;
    const status = order.policy.orderStatus ?? order.baseStatus;
    if (status !== "issued" || pendingReissue(order)) return undefined;
    const at = new Date(till.getTime() - lead);
    // Only if the new certificate would end later. Otherwise the next auto-reissue would be due at once, without end.
    const next = earliest(
        addDays(startOfDay(at), order.policy.maxValidityDays),
        startOfDay(order.orderValidTill),
    );
    return endOfDay(next) > till ? at : undefined;
}

/** Makes an auto-reissue with the names of the current certificate, and with its CSR unless the policy says otherwise. */
export function autoReissue(account: Account, order: OrderRecord): void {
    const { requested } = order.current;
    order.autoReissuedFrom = order.current;
    const csr = order.policy.autoReissueKey === "new" ? newCsr(requested.commonName) : requested.csr;
    const renewed = { ...requested, csr, validity: undefined };
    submitReissue(account, order, {
        origin: "auto-reissue",
        requested: renewed,
        comments: undefined,
        skipApproval: true,
    });
}

function* orderEvents(account: Account, order: OrderRecord): Generator<DueEvent> {
    const due = autoReissueDue(order);
    if (due) yield { at: due, run: autoReissue.bind(undefined, account, order) };
    const renewal = autoRenewDue(order);
    if (renewal) yield { at: renewal, run: renew.bind(undefined, account, order) };
    const pending = pendingReissue(order);
    const nextPoll = pending && hasNewRecords(account, order, pending) && nextPollAt(order, pending);
    if (nextPoll) yield { at: nextPoll, run: makeOwnCheck.bind(undefined, account, order, pending) };
    for (const certificate of [...order.certificates, ...order.duplicates]) {
        const { status, revocationDueAt } = certificate;
        if (revocationDueAt)
            yield { at: revocationDueAt, run: revoke.bind(undefined, account, order, certificate) };
        const issuance =
            status === "pending" && certificate.origin !== "duplicate" && issuanceDueAt(order, certificate);
        if (issuance) yield { at: issuance, run: issue.bind(undefined, account, order, certificate, {}) };
    }
}

function* events(account: Account): Generator<DueEvent> {
    for (const event of account.delayed) {
        const run = () => {
            account.delayed.splice(account.delayed.indexOf(event), 1);
            event.run();
        };
        yield { at: event.at, run };
    }
    for (const order of account.touched) yield* orderEvents(account, order);
}

// Most orders of a large account are at rest: their next event is known until somebody touches them.
function touchDueOrders(account: Account, now: Date): void {
    if (now.getTime() < account.nextEventAt) return;
    account.nextEventAt = Infinity;
    for (const [order, at] of account.nextEvents) {
        if (at <= now) account.touched.add(order);
        else account.nextEventAt = Math.min(account.nextEventAt, at.getTime());
    }
}

// Keeps the orders with a pending reissue for the next time: a pending reissue depends on more than its order, such as published
// records.
function leaveAtRest(account: Account): void {
    for (const order of account.touched) {
        account.nextEvents.delete(order);
        if (pendingReissue(order)) continue;
        account.touched.delete(order);
        const times = [...orderEvents(account, order)].map(({ at }) => at);
        if (times.length === 0) continue;
        const next = earliest(...times);
        account.nextEvents.set(order, next);
        account.nextEventAt = Math.min(account.nextEventAt, next.getTime());
    }
}

/**
 * Handles all events that are due, in the order of time, each as of the time at which it was due. The simulator has no timers:
 * every request and every read of the account calls this function first.
 */
export function runDueEvents(account: Account): void {
    if (account.inEvent) return; // a request that a fault has delayed is handled inside an event
    const now = account.clock.now();
    touchDueOrders(account, now);
    for (const order of account.touched) {
        const pending = pendingReissue(order);
        if (pending) recordValidation(account, order, pending);
    }
    for (;;) {
        let next: DueEvent | undefined;
        for (const event of events(account)) {
            if (event.at <= now && (!next || event.at < next.at)) next = event;
        }
        if (!next) break;
        account.asOf(next.at, next.run);
    }
    leaveAtRest(account);
}
