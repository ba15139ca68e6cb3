/**
 * Many reissues are waited for at the price of one. A few orders are looked at one by one; more of them share the
 * account's feed of status changes, with the list of pending orders and a few looks in turn, once a minute, as safety
 * nets: a feed that is refused, late or wrong only delays.
 *
 * @module
 */
import type { CertCentral } from "../certcentral/client.js";
import type { Clock } from "../clock.js";

/** So many orders are looked at directly at a time, whatever the number of those that wait. */
const DIRECT_LOOKS = 4;
const LIST_EVERY_MS = 60_000;
const FIRST_READ_MS = 1000;
/** The feed goes by whole minutes of DigiCert's clock; what is told twice does no harm. */
const OVERLAP_MINUTES = 2;

/**
 * What ended a pause: it is time to look at the order, the feed says that it was issued, or there has been no news for
 * so long that whoever waits wants to know that it goes on.
 */
export type Signal =
    | { readonly kind: "look" }
    | { readonly kind: "issued"; readonly certificateId: number }
    | { readonly kind: "quiet" };

/** Where news come from: the account, not single orders. */
export type NewsSource = Pick<CertCentral, "statusChanges" | "pendingOrders">;

interface Waiter {
    readonly since: number;
    /** The certificate that was current before: news of it are old. */
    readonly replaces: number | undefined;
    lookedAt: number;
    /** When it is time to say that it goes on. */
    quietAt: number;
    signal: Signal | undefined;
}

const LOOK: Signal = { kind: "look" };
const QUIET: Signal = { kind: "quiet" };
const QUIET_MS = 60_000;

/** Shared by everything that waits in one process with one account. */
export class Watch {
    readonly #waiters = new Map<string, Waiter>();
    readonly #source: NewsSource;
    readonly #clock: Pick<Clock, "elapsed" | "sleep">;
    readonly #longestMs: number;
    /** How long the last one took that the feed told of. */
    #tookMs = 0;
    #readAt = -Infinity;
    #listedAt = -Infinity;
    /** More than a few have waited together: from then on the feed is read, however many are left. */
    #isCrowded = false;
    /** Certificates that were not there yet when they were asked for at once, and questions that are open. */
    #asksInVain = 0;
    #reading: Promise<void> | undefined;

    constructor(source: NewsSource, clock: Pick<Clock, "elapsed" | "sleep">, longestPauseMs: number) {
        this.#source = source;
        this.#clock = clock;
        this.#longestMs = longestPauseMs;
    }

    /**
     * Asks at once for a certificate that may be issued already. After a few that were not, nobody does: orders of one
     * account behave alike, and each question costs a request.
     *
     * @param ask - resolves to undefined if it is not there yet
     */
    async ifIssuedAlready<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
        if (this.#asksInVain >= DIRECT_LOOKS) return undefined;
        this.#asksInVain++;
        const answer = await ask();
        if (answer !== undefined) this.#asksInVain--;
        return answer;
    }

    /** Runs something that waits for an order, and {@link pause}s in between. */
    async during<T>(orderId: string, replaces: number | undefined, step: () => Promise<T>): Promise<T> {
        const now = this.#clock.elapsed();
        this.#waiters.set(orderId, { since: now, replaces, lookedAt: now, quietAt: now, signal: undefined });
        if (this.#waiters.size > DIRECT_LOOKS) this.#isCrowded = true;
        try {
            return await step();
        } finally {
            this.#waiters.delete(orderId);
        }
    }

    /**
     * Pauses until there are news of the order, or reason to look at it, or to say that it goes on; or the deadline.
     *
     * @param pauseMs - until the first reason, which is the time alone while few wait
     * @param deadline - by the clock's `elapsed`
     */
    async pause(orderId: string, pauseMs: number, deadline: number): Promise<Signal> {
        const timeToLook = this.#clock.elapsed() + pauseMs;
        for (;;) {
            const left =
                (this.#isCrowded ? deadline : Math.min(timeToLook, deadline)) - this.#clock.elapsed();
            await this.#clock.sleep(Math.max(0, Math.min(pauseMs, FIRST_READ_MS, left)));
            const now = this.#clock.elapsed();
            const waiter = this.#waiters.get(orderId);
            if (!waiter || now >= deadline) return LOOK;
            if (!this.#isCrowded) {
                if (now >= timeToLook) return LOOK;
                continue;
            }
            await this.#news(waiter);
            const { signal } = waiter;
            waiter.signal = undefined;
            if (signal) return signal;
            if (this.#clock.elapsed() >= waiter.quietAt) {
                waiter.quietAt = this.#clock.elapsed() + QUIET_MS;
                return QUIET;
            }
        }
    }

    /** One read of the feed for everybody, as soon as anybody needs it. */
    #news(waiter: Waiter): Promise<void> {
        if (this.#clock.elapsed() - this.#readAt < this.#pauseMs(waiter)) return Promise.resolve();
        this.#reading ??= this.#read().finally(() => {
            this.#reading = undefined;
        });
        return this.#reading;
    }

    /**
     * Half of the time to, or since, the moment at which this one is expected: orders of one account take alike. Before
     * any was issued, half of the time that it has waited.
     */
    #pauseMs({ since }: Waiter): number {
        const distance = Math.abs(this.#clock.elapsed() - since - this.#tookMs);
        return Math.min(Math.max(FIRST_READ_MS, distance / 2), this.#longestMs);
    }

    async #read(): Promise<void> {
        const now = this.#clock.elapsed();
        const before = new Map(this.#waiters);
        const oldest = Math.min(...[...before.values()].map(({ since }) => since));
        const since = Math.max(this.#readAt, oldest);
        const isAnswered = await this.#readFeed(Math.ceil((now - since) / 60_000) + OVERLAP_MINUTES);
        const isTimeForList = now - this.#listedAt >= LIST_EVERY_MS;
        if (isTimeForList) {
            this.#listedAt = now;
            await this.#readList(before);
        }
        this.#readAt = now;
        if (isTimeForList || !isAnswered) this.#letSomeLook();
    }

    /** False if the feed is refused. */
    async #readFeed(minutes: number): Promise<boolean> {
        const changes = await this.#source.statusChanges(minutes).catch(() => undefined);
        if (!changes) return false;
        for (const { order_id, certificate_id, status } of changes) {
            const waiter = this.#waiters.get(String(order_id));
            if (!waiter || isPending(status) || certificate_id === waiter.replaces) continue;
            if (status === "issued") this.#tookMs = this.#clock.elapsed() - waiter.since;
            waiter.signal =
                status === "issued" && certificate_id !== undefined
                    ? { kind: "issued", certificateId: certificate_id }
                    : LOOK;
        }
        return true;
    }

    /** Whoever waited already when the list was asked for, and is not on it, is not pending any more. */
    async #readList(before: ReadonlyMap<string, Waiter>): Promise<void> {
        const pending = await this.#source.pendingOrders().catch(() => undefined);
        if (!pending) return;
        for (const [orderId, waiter] of before) {
            if (!pending.has(orderId)) waiter.signal ??= LOOK;
        }
    }

    /** The safety net of the safety nets: those that were not looked at for longest. */
    #letSomeLook(): void {
        const waiters = [...this.#waiters.values()].sort((a, b) => a.lookedAt - b.lookedAt);
        for (const waiter of waiters.slice(0, DIRECT_LOOKS)) {
            waiter.lookedAt = this.#clock.elapsed();
            waiter.signal ??= LOOK;
        }
    }
}

function isPending(status: string | undefined): boolean {
    return status !== undefined && /pending|needs_approval|processing/.test(status);
}
