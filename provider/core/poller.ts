/**
 * Waits for many orders with few requests.
 *
 * Up to four orders are read one by one, with pauses that grow from 1 s to `pollSeconds`. More than four orders share
 * DigiCert's feed of status changes, which is read every 3 s (with a part of the quota less often, at least every
 * `pollSeconds`): an order is read when the feed names it. Once a minute the list of pending orders is read too, and then the orders
 * that are not on the list, and the four orders whose last read is longest ago: the feed may be refused, late or wrong.
 *
 * @module
 */
import type { CertCentral } from "./certcentral/client.js";
import { waitUnlessAborted, type Clock } from "./clock.js";

/** Up to this number of orders, each is read by itself. */
const SINGLE_ORDERS = 4;
/** Pause before the first read of an order that is read by itself. */
const FIRST_PAUSE_MS = 1000;
/** Factor by which the pause grows after each read. */
const GROWTH = 1.5;
/** Pause between two reads of the feed with the whole quota; with a part of the quota it is longer in proportion. */
const FEED_PAUSE_MS = 3000;
/** Pause between two reads of the list of pending orders. */
const LIST_PAUSE_MS = 60_000;
/** Minutes by which two reads of the feed overlap, because the feed counts whole minutes of DigiCert's clock. */
const OVERLAP_MINUTES = 2;

/** An order that an operation waits for; times in milliseconds by the clock's `elapsed`. */
interface WaitingOrder {
    readonly since: number;
    pauseMs: number;
    readAt: number;
    /** Whether the feed or the list gave a reason to read the order. */
    isNamed: boolean;
    /** The change that the feed named last; the feed repeats changes, and a repetition is ignored. */
    lastChange: string | undefined;
    /** The certificate that the feed named as issued since the last read. */
    issuedId: number | undefined;
}

/** A reason to read the order. */
export interface News {
    /** The certificate that the feed names as issued; absent if the reason is another. */
    readonly issuedId?: number | undefined;
}

/**
 * Pauses until it is time to read the order, or waiting is ended early.
 *
 * @param until - the latest moment, by the clock's `elapsed`
 * @returns the reason to read the order; undefined if only that moment has come, or the signal was aborted
 */
export type Pause = (until: number) => Promise<News | undefined>;

/** The poller of one session; all operations that wait share it. */
export class IssuancePoller {
    /** Several operations may wait for one order: a reissue, and validations of it. */
    readonly #orders = new Map<string, readonly WaitingOrder[]>();
    readonly #client: Pick<CertCentral, "statusChanges" | "pendingOrders">;
    readonly #clock: Pick<Clock, "elapsed" | "sleep">;
    readonly #longestPauseMs: number;
    readonly #feedPauseMs: number;
    readonly #signal: AbortSignal;
    #feedReadAt = -Infinity;
    #listReadAt = -Infinity;
    #reading: Promise<void> | undefined;

    constructor(
        client: Pick<CertCentral, "statusChanges" | "pendingOrders">,
        clock: Pick<Clock, "elapsed" | "sleep">,
        longestPauseMs: number,
        signal: AbortSignal = new AbortController().signal,
        quotaShare = 1,
    ) {
        this.#client = client;
        this.#clock = clock;
        this.#longestPauseMs = longestPauseMs;
        this.#feedPauseMs = Math.min(FEED_PAUSE_MS / quotaShare, longestPauseMs);
        this.#signal = signal;
    }

    /** Runs a step that waits for an order; the step pauses between its reads. */
    async waitFor<T>(orderId: string, step: (pause: Pause) => Promise<T>): Promise<T> {
        const now = this.#clock.elapsed();
        if (this.#orders.size === 0) this.#feedReadAt = this.#listReadAt = now;
        const pauseMs = Math.min(FIRST_PAUSE_MS, this.#longestPauseMs);
        const order: WaitingOrder = {
            since: now,
            pauseMs,
            readAt: now,
            isNamed: false,
            lastChange: undefined,
            issuedId: undefined,
        };
        this.#orders.set(orderId, [...(this.#orders.get(orderId) ?? []), order]);
        try {
            return await step((until) => this.#pause(order, until));
        } finally {
            const others = (this.#orders.get(orderId) ?? []).filter((one) => one !== order);
            if (others.length > 0) this.#orders.set(orderId, others);
            else this.#orders.delete(orderId);
        }
    }

    async #pause(order: WaitingOrder, until: number): Promise<News | undefined> {
        while (this.#clock.elapsed() < until && !this.#isReadDue(order) && !this.#signal.aborted) {
            const step = this.isCrowded
                ? this.#feedPauseMs
                : order.readAt + order.pauseMs - this.#clock.elapsed();
            await this.#sleep(step, until);
            // A read of the feed takes minutes where DigiCert asks to wait, and the pause ends in its time nevertheless.
            if (this.isCrowded) await Promise.race([this.#readFeed(), this.#sleep(this.#feedPauseMs, until)]);
        }
        if (!this.#isReadDue(order) || this.#signal.aborted) return undefined;
        order.pauseMs = Math.min(order.pauseMs * GROWTH, this.#longestPauseMs);
        order.readAt = this.#clock.elapsed();
        order.isNamed = false;
        const { issuedId } = order;
        order.issuedId = undefined;
        return { issuedId };
    }

    /** Sleeps for a time, but no longer than `until`. */
    async #sleep(ms: number, until: number): Promise<void> {
        const pauseMs = Math.max(1, Math.min(ms, until - this.#clock.elapsed()));
        await waitUnlessAborted(this.#signal, this.#clock.sleep(pauseMs));
    }

    /** Whether more than four orders wait, so that they share the feed. */
    get isCrowded(): boolean {
        return this.#orders.size > SINGLE_ORDERS;
    }

    #isReadDue({ isNamed, readAt, pauseMs }: WaitingOrder): boolean {
        return isNamed || (!this.isCrowded && this.#clock.elapsed() - readAt >= pauseMs);
    }

    /** Reads the feed once for all orders, and the list once a minute. */
    #readFeed(): Promise<void> {
        if (this.#clock.elapsed() - this.#feedReadAt < this.#feedPauseMs) {
            return this.#reading ?? Promise.resolve();
        }
        this.#reading ??= this.#read().finally(() => {
            this.#reading = undefined;
        });
        return this.#reading;
    }

    async #read(): Promise<void> {
        const now = this.#clock.elapsed();
        const before = new Map(this.#orders);
        const oldest = Math.min(now, ...[...before.values()].flat().map(({ since }) => since));
        const minutes = Math.ceil((now - Math.max(this.#feedReadAt, oldest)) / 60_000) + OVERLAP_MINUTES;
        this.#feedReadAt = now;
        const changes = await this.#client.statusChanges(minutes).catch(() => undefined);
        for (const { order_id: id, certificate_id: certificateId, status } of changes ?? []) {
            const change = `${status} ${certificateId}`;
            for (const order of this.#orders.get(String(id)) ?? []) {
                if (isPendingStatus(status) || order.lastChange === change) continue;
                order.lastChange = change;
                order.isNamed = true;
                order.issuedId = status === "issued" ? certificateId : undefined;
            }
        }
        if (now - this.#listReadAt < LIST_PAUSE_MS) return;
        this.#listReadAt = now;
        const pending = await this.#client.pendingOrders().catch(() => undefined);
        for (const [id, orders] of before) {
            if (pending && !pending.has(id)) for (const order of orders) order.isNamed = true;
        }
        const longestUnread = [...this.#orders.values()].flat().sort((a, b) => a.readAt - b.readAt);
        for (const order of longestUnread.slice(0, SINGLE_ORDERS)) order.isNamed = true;
    }
}

function isPendingStatus(status: string | undefined): boolean {
    return status !== undefined && /pending|needs_approval|processing/.test(status);
}
