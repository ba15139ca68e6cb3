/**
 * Keeps the requests of this process within DigiCert's quota. It limits the number of requests in any window of time and the
 * number of requests in flight; if DigiCert answers 429 nevertheless, all requests pause.
 *
 * A request takes a place in each window before it is sent. The place becomes free one window after the *answer*. DigiCert
 * counts the request at some moment between the two, so it never counts more requests in a window than there are places,
 * however the network delays them.
 *
 * The read of an order reserves places for the whole operation (the read, further reads, the POST), because the POST cannot wait in
 * a queue: it must be sent within 5 s of the read.
 *
 *     order 1:  read order ─ list reissues ─ download ─ POST      6 places taken with the first read;
 *     order 2:       read order ─ POST                            unused places become free with the POST, or after 5 s
 *     order 3:  (takes what is left of the window, if it is enough for a read and the POST; else waits)
 *
 * An operation that needs more reads overtakes those that wait. Where its read gets too old meanwhile, the order is read anew, and
 * that read waits for the eight places of the longest operation. So every operation that has begun can finish.
 *
 * @module
 */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { listenForAbort } from "../clock.js";
import { LONGEST_PAUSE_MS } from "./exchange.js";

/** At most `requests` requests in any period of `ms` milliseconds. */
export interface Window {
    readonly ms: number;
    readonly requests: number;
}

/** The functions of time that the limiter uses; tests replace them. */
export interface LimiterClock {
    /** Milliseconds by a monotonic clock, which may stand still while the machine sleeps. */
    now(): number;
    /** Milliseconds by the system clock, which runs on while the machine sleeps; absent if `now` runs on too. */
    wallNow?(): number;
    sleep(ms: number): Promise<void>;
    /** Calls back after a time; the timer does not keep the process alive. */
    later(ms: number, callback: () => void): void;
    /** Keeps the process alive until the returned function is called. */
    stayAwake(): () => void;
}

/** The quota of an API key (Services API, rate limits). */
const CERTCENTRAL: readonly Window[] = [
    { ms: 5000, requests: 100 },
    { ms: 180_000, requests: 1000 },
];
/** Requests in flight; at a latency of up to 1.6 s this number allows 100 requests in 5 s. */
export const MAX_IN_FLIGHT = 32;
/** Places that are reserved for an operation: the read of the order, four more reads (lists, requests, certificates), the POST. */
const RESERVED_PLACES = 6;
/** Places that an operation begins with at least: most make no other requests than the read of the order and the POST. */
const LEAST_PLACES = 2;
/** In a smaller window each operation begins with all its places, because others would take the places of its further reads. */
const LARGE_WINDOW = 50;
/** Requests of the longest operation, which reads two certificates more. */
const LONGEST_OPERATION = 8;
/** Reserved places that reads leave free for the POST. */
const FOR_POST = 1;
/** Requests in reserved places do not count as in flight before they are sent; at most 100 places are reserved. */
export const MAX_CONNECTIONS = MAX_IN_FLIGHT + 100;
/** Longest time between the read of an order and the POST that the read allows. */
const READ_IS_GOOD_MS = 5000;
/** Factor on each window, because clocks differ in speed (NTP corrects them by at most 0.05 %), and timers round. */
const MARGIN = 1.002;
/** Longest pause after a 429 without `Retry-After`, before the random part is added. */
const LONGEST_BACKOFF_MS = 60_000;
/** The longest time that a timer of Node can have. */
const NEVER_MS = 2 ** 31 - 1;

const realClock: LimiterClock = {
    now: () => performance.now(),
    wallNow: () => Date.now(),
    sleep: (ms) => sleep(ms),
    later: (ms, callback) => {
        setTimeout(callback, ms).unref();
    },
    stayAwake: () => {
        const awake = setInterval(() => undefined, NEVER_MS);
        return () => {
            clearInterval(awake);
        };
    },
};

/** The order of a request, and whether a POST may follow. */
export interface Turn {
    readonly orderId?: string;
    /** Reserves places for the requests that follow this read of the order. */
    readonly reserve?: boolean;
}

/** A request that waits for its turn. */
interface Waiter {
    readonly least: number;
    readonly most: number;
    /** Called with the number of places that were taken; 0 if the wait ended without. */
    readonly admit: (places: number) => void;
}

/** The places of a window; its timers hold on to it. */
interface Places {
    ms: number;
    requests: number;
    free: number;
}

/** The places that the read of an order reserved. */
interface Reservation {
    places: number;
    readonly readAt: number;
    readonly readAtWall: number;
}

/**
 * The windows of a process that may use a share of the key's quota. The number of places is rounded down, so that the shares of
 * several processes together stay within the quota.
 *
 * The longest operation makes eight requests. So below 8 of 100 places the window gets longer instead of smaller. The average and
 * the long window are kept, but more than twelve such processes may exceed the short window together.
 *
 * @param share - above 0, up to 1
 */
export function windowsFor(share: number): readonly Window[] {
    return CERTCENTRAL.map(({ ms, requests }) => {
        const part = requests * share;
        return part >= LONGEST_OPERATION
            ? { ms, requests: Math.floor(part) }
            : { ms: (ms * LONGEST_OPERATION) / part, requests: LONGEST_OPERATION };
    });
}

/**
 * The shortest time in which the quota allows a number of requests, if no requests were made before.
 *
 * @param share - the share of the quota, above 0, up to 1
 * @returns milliseconds
 */
export function quotaFloorMs(requests: number, share = 1): number {
    // The longest window comes first. The requests that do not fill a whole window are counted in the next shorter window.
    const windows = [...windowsFor(share)].sort((a, b) => b.ms - a.ms);
    let left = Math.max(0, requests - 1);
    let floor = 0;
    for (const window of windows) {
        floor += Math.floor(left / window.requests) * window.ms;
        left %= window.requests;
    }
    return floor;
}

/** Admits requests in the order in which they come. */
export class Limiter {
    readonly #windows: readonly Places[];
    readonly #clock: LimiterClock;
    readonly #maxInFlight: number;
    readonly #reservations = new Map<string, Reservation>();
    /** Orders whose reserved places were too few; their next operation begins with the places of the longest operation. */
    readonly #longer = new Set<string>();
    readonly #waiting: Waiter[] = [];
    #inFlight = 0;
    #posts = 0;
    #pausedUntil = 0;
    #wakesAfterPause = false;
    #refusals = 0;

    constructor(windows = CERTCENTRAL, clock = realClock, maxInFlight = MAX_IN_FLIGHT) {
        this.#windows = windows.map((window) => ({ ...window, free: window.requests }));
        this.#clock = clock;
        this.#maxInFlight = maxInFlight;
    }

    /** The clock of the limiter. */
    get clock(): LimiterClock {
        return this.#clock;
    }

    /** Replaces each window that allows more requests than the corresponding one of `windows`. */
    narrow(windows: readonly Window[]): void {
        windows.forEach(({ ms, requests }, index) => {
            const window = this.#windows[index];
            if (!window || requests / ms >= window.requests / window.ms) return;
            Object.assign(window, { ms, requests, free: window.free - (window.requests - requests) });
        });
    }

    /**
     * Sends a request when it is its turn. Returns undefined, and sends nothing, if DigiCert asked for a pause of more than 3
     * minutes, or if the wait is ended.
     *
     * @param signal - ends the wait for the turn
     */
    async send<T>(
        { orderId = "", reserve = false }: Turn,
        request: () => Promise<T>,
        signal?: AbortSignal,
    ): Promise<T | undefined> {
        if (!reserve && this.#takeReserved(orderId, FOR_POST)) {
            this.#inFlight++;
            return this.#carryOut(request);
        }
        const hasBegun = !reserve && this.isReserved(orderId);
        if (hasBegun) this.#longer.add(orderId);
        const [least, most] = reserve ? this.#placesFor(orderId) : [1, 1];
        const places = await this.#waitForPlaces(least, most, hasBegun, signal);
        if (places === 0) return undefined;
        if (reserve) this.#reserve(orderId, places);
        return this.#carryOut(request);
    }

    /**
     * Sends the POST for an order at once, in a place that the read of the order reserved. Returns undefined, and sends nothing,
     * if there was no such read, if it is older than 5 s, or during a pause after a 429.
     *
     * @param request - gets a function that tells whether the read is still at most 5 s old, because the request may have to wait
     * for a connection
     */
    async post<T>(orderId: string, request: (isInTime: () => boolean) => Promise<T>): Promise<T | undefined> {
        const reservation = this.#reservations.get(orderId);
        const hasPlace = this.#takeReserved(orderId, 0);
        this.release(orderId);
        if (!reservation || !hasPlace) return undefined;
        this.#longer.delete(orderId);
        this.#inFlight++;
        this.#posts++;
        try {
            return await this.#carryOut(() => request(() => this.#isGood(reservation)));
        } finally {
            this.#posts--;
        }
    }

    /** Whether a POST waits for its answer, or an order was read for a POST that may still follow. */
    get isPosting(): boolean {
        return this.#posts > 0 || this.#reservations.size > 0;
    }

    /** Whether the order was read for a POST that may still follow. */
    isReserved(orderId: string): boolean {
        return this.#reservations.has(orderId);
    }

    /** Frees the places that are reserved for an order. */
    release(orderId: string): void {
        const unused = this.#reservations.get(orderId)?.places ?? 0;
        this.#reservations.delete(orderId);
        for (const window of this.#windows) window.free += unused;
        if (unused > 0) this.#admitNext();
    }

    /** The rest of the pause after a 429, in milliseconds. */
    pauseLeft(): number {
        return Math.max(0, this.#pausedUntil - this.#clock.now());
    }

    /** Pauses all requests after a 429: as long as `Retry-After` says, or else longer after each 429 in a row. */
    pauseAll(sentAt: number, retryAfterMs: number | undefined, backoffMs: number): void {
        // A 429 to a request that was sent before the pause began does not lengthen the pause.
        if (retryAfterMs === undefined && sentAt < this.#pausedUntil) return;
        const pause = retryAfterMs ?? this.#nextBackoff(backoffMs);
        this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + pause);
        this.#admitNext();
    }

    /** Resets the length of the pause: after an answer other than 429, the next 429 counts as the first. */
    resetBackoff(sentAt: number): void {
        if (sentAt >= this.#pausedUntil) this.#refusals = 0;
    }

    #nextBackoff(first: number): number {
        const backoff = Math.min(first * 2 ** this.#refusals++, LONGEST_BACKOFF_MS);
        return backoff * (1 + Math.random() / 2);
    }

    /**
     * Waits until places and a connection are free.
     *
     * @param least - number of places that the request needs
     * @param most - number of places that the request takes if they are free
     * @param hasBegun - whether the request is a further read of an operation; it is admitted before the requests that wait
     * @returns the number of places that were taken; 0 if the pause is too long, or if the wait is ended
     */
    async #waitForPlaces(
        least: number,
        most: number,
        hasBegun: boolean,
        signal?: AbortSignal,
    ): Promise<number> {
        if (signal?.aborted === true) return 0;
        // The timers that give places back keep no process alive; a request that waits for one does.
        const rest = this.#clock.stayAwake();
        let stop: (() => void) | undefined;
        try {
            return await new Promise<number>((admit) => {
                const waiter = { least, most, admit };
                stop = () => {
                    this.#leave(waiter);
                };
                if (signal) listenForAbort(signal, stop);
                this.#waiting.splice(hasBegun ? 0 : this.#waiting.length, 0, waiter);
                this.#admitNext();
            });
        } finally {
            if (stop) signal?.removeEventListener("abort", stop);
            rest();
        }
    }

    /** Ends the wait of a request that was not admitted yet. */
    #leave(waiter: Waiter): void {
        const index = this.#waiting.indexOf(waiter);
        if (index < 0) return;
        this.#waiting.splice(index, 1);
        waiter.admit(0);
        this.#admitNext();
    }

    /** Admits the requests whose turn it is, in their order. */
    #admitNext(): void {
        const pause = this.pauseLeft();
        if (pause > LONGEST_PAUSE_MS) {
            for (const { admit } of this.#waiting.splice(0)) admit(0);
        } else if (pause > 0) {
            this.#wakeAfter(pause);
        } else {
            for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
                if (this.#inFlight >= this.#maxInFlight) return;
                const places = this.#takeFree(next);
                if (places === 0) return;
                this.#inFlight++;
                this.#waiting.shift();
                next.admit(places);
            }
        }
    }

    /** Admits the next requests after a pause; the timer keeps the process alive. */
    #wakeAfter(pause: number): void {
        if (this.#wakesAfterPause || this.#waiting.length === 0) return;
        this.#wakesAfterPause = true;
        void this.#clock.sleep(Math.ceil(pause)).then(() => {
            this.#wakesAfterPause = false;
            this.#admitNext();
        });
    }

    /** Sends a request; its place becomes free one window after the answer. */
    async #carryOut<T>(request: () => Promise<T>): Promise<T> {
        try {
            return await request();
        } finally {
            this.#inFlight--;
            for (const window of this.#windows) {
                this.#clock.later(window.ms * MARGIN, () => {
                    window.free++;
                    this.#admitNext();
                });
            }
            this.#admitNext();
        }
    }

    /** The least and the most places with which an operation begins. */
    #placesFor(orderId: string): readonly [least: number, most: number] {
        const smallest = Math.min(...this.#windows.map(({ requests }) => requests));
        const isLonger = this.#longer.has(orderId);
        const most = Math.min(isLonger ? LONGEST_OPERATION : RESERVED_PLACES, smallest);
        return [isLonger || smallest < LARGE_WINDOW ? most : LEAST_PLACES, most];
    }

    /** Takes free places; returns their number, or 0 if fewer are free than are needed. */
    #takeFree({ least, most }: Waiter): number {
        const places = Math.min(most, ...this.#windows.map(({ free }) => free));
        if (places < least) return 0;
        for (const window of this.#windows) window.free -= places;
        return places;
    }

    /** Reserves places. The 5 s begin when the read is sent, because the order may change from then on. */
    #reserve(orderId: string, taken: number): void {
        this.release(orderId);
        const { now, wall } = this.#time();
        const reservation = { places: taken - 1, readAt: now, readAtWall: wall };
        this.#reservations.set(orderId, reservation);
        this.#clock.later(READ_IS_GOOD_MS, () => {
            if (this.#reservations.get(orderId) === reservation) this.release(orderId);
        });
    }

    /** Takes a reserved place, if the read is at most 5 s old and more than `spare` places are left. */
    #takeReserved(orderId: string, spare: number): boolean {
        const reservation = this.#reservations.get(orderId);
        if (!reservation || this.pauseLeft() > 0) return false;
        if (!this.#isGood(reservation) || reservation.places <= spare) return false;
        reservation.places--;
        return true;
    }

    /** Whether the read is at most 5 s old. */
    #isGood({ readAt, readAtWall }: Reservation): boolean {
        const { now, wall } = this.#time();
        return Math.max(now - readAt, wall - readAtWall) <= READ_IS_GOOD_MS;
    }

    #time(): { readonly now: number; readonly wall: number } {
        const now = this.#clock.now();
        return { now, wall: this.#clock.wallNow?.() ?? now };
    }
}
