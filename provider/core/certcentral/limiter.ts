/**
 * DigiCert's quota, kept on our side: how many requests go out in any window of time, how many at once, and one pause for all
 * when DigiCert says 429 all the same.
 *
 * A request takes a place in each window before it is sent, and the place comes back when the window has passed since the
 * *answer*. Whenever the request reached DigiCert, that was in between, so DigiCert never counts more requests in a window than
 * there are places, whatever the network does to the pace.
 *
 * A POST follows the read that allows it within 5 s or not at all, so it cannot queue. The read reserves places for the whole
 * operation (itself, the reads in between, the POST), and an operation begins only when all of them are free:
 *
 *     order 1:  read order ─ list reissues ─ download ─ POST      8 places taken with the first read;
 *     order 2:       read order ─ POST                            what is left over comes back with the POST, or after 5 s
 *     order 3:  (waits until 8 places are free)
 *
 * So operations that have begun finish, and those that would starve each other have not begun.
 *
 * @module
 */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { LONGEST_PAUSE_MS } from "./exchange.js";

/** At most so many requests in any stretch of time of this length. */
export interface Window {
    readonly ms: number;
    readonly requests: number;
}

/** Time, as far as it can be replaced in tests. */
export interface LimiterClock {
    /** Milliseconds by a clock that nobody sets. It may stand still while the machine sleeps. */
    now(): number;
    /** Milliseconds by the clock on the wall, which runs on while the machine sleeps; absent where `now` does. */
    wallNow?(): number;
    sleep(ms: number): Promise<void>;
    /** Calls back later; does not keep the process alive. */
    later(ms: number, callback: () => void): void;
    /** Keeps the process alive until the returned function is called. */
    stayAwake(): () => void;
}

/** What DigiCert grants to an API key (Services API, rate limits). */
const CERTCENTRAL: readonly Window[] = [
    { ms: 5000, requests: 100 },
    { ms: 180_000, requests: 1000 },
];
/** At a latency of 1.6 s that is still 100 in 5 s. */
export const MAX_IN_FLIGHT = 32;
/** The read of an order, six more (lists, requests, certificates), and the POST. */
const RESERVED_PLACES = 8;
/** Kept for the POST, whatever is read before it. */
const FOR_POST = 1;
/** Requests in reserved places wait for no connection, and so there are more of these: 12 times 8 places fit into 100. */
export const MAX_CONNECTIONS = MAX_IN_FLIGHT + 96;
/** A POST follows the read that allowed it within this time, or not at all. */
const READ_IS_GOOD_MS = 5000;
/** Clocks run at slightly different speeds, and timers round. */
const MARGIN = 1.01;
const LONGEST_BACKOFF_MS = 60_000;
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

/** Which order a request is about, where a POST may follow. */
export interface Turn {
    readonly orderId?: string;
    /** Reserves places for what follows this read of the order. */
    readonly reserve?: boolean;
}

/** A request that waits for its turn. */
interface Waiter {
    readonly places: number;
    readonly admit: (isAdmitted: boolean) => void;
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
 * The windows of a process that may use a part of the key's quota. The parts of several processes add up to no more than the
 * whole, because places are rounded down.
 *
 * An operation takes its places at once, so below 8 of 100 the windows get longer in place of smaller: the pace is kept, and
 * so is the long window, but more than twelve such processes may meet in one short one.
 *
 * @param share - above 0, up to 1
 */
export function windowsFor(share: number): readonly Window[] {
    return CERTCENTRAL.map(({ ms, requests }) => {
        const part = requests * share;
        return part >= RESERVED_PLACES
            ? { ms, requests: Math.floor(part) }
            : { ms: (ms * RESERVED_PLACES) / part, requests: RESERVED_PLACES };
    });
}

/**
 * How long so many requests take at least, where none were made before: the floor that the quota sets.
 *
 * @param share - the part of the quota, above 0, up to 1
 * @returns milliseconds
 */
export function quotaFloorMs(requests: number, share = 1): number {
    // The longest window first: whole ones of it, and what is left of the requests in the next shorter one.
    const windows = [...windowsFor(share)].sort((a, b) => b.ms - a.ms);
    let left = Math.max(0, requests - 1);
    let floor = 0;
    for (const window of windows) {
        floor += Math.floor(left / window.requests) * window.ms;
        left %= window.requests;
    }
    return floor;
}

/** Admits requests, first come first served. */
export class Limiter {
    readonly #windows: readonly Places[];
    readonly #clock: LimiterClock;
    readonly #maxInFlight: number;
    readonly #reservedPlaces: number;
    readonly #reservations = new Map<string, Reservation>();
    readonly #waiting: Waiter[] = [];
    #inFlight = 0;
    #pausedUntil = 0;
    #wakesAfterPause = false;
    #refusals = 0;

    constructor(windows = CERTCENTRAL, clock = realClock, maxInFlight = MAX_IN_FLIGHT) {
        this.#windows = windows.map((window) => ({ ...window, free: window.requests }));
        this.#clock = clock;
        this.#maxInFlight = maxInFlight;
        this.#reservedPlaces = Math.min(RESERVED_PLACES, ...windows.map(({ requests }) => requests));
    }

    /** The clock that it goes by. */
    get clock(): LimiterClock {
        return this.#clock;
    }

    /** Admits no more than these windows allow from now on, where they allow less than the present ones. */
    narrow(windows: readonly Window[]): void {
        windows.forEach(({ ms, requests }, index) => {
            const window = this.#windows[index];
            if (!window || requests / ms >= window.requests / window.ms) return;
            Object.assign(window, { ms, requests, free: window.free - (window.requests - requests) });
        });
    }

    /**
     * Sends a request when it is its turn; undefined, unsent, where DigiCert asked for too long a pause.
     *
     * @param signal - ends the wait for the turn; undefined, unsent, then too
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
        if (!(await this.#admitted(reserve ? this.#reservedPlaces : 1, signal))) return undefined;
        if (reserve) this.#reserve(orderId);
        return this.#carryOut(request);
    }

    /**
     * Sends the POST for an order at once, in a place that its read reserved; undefined, unsent, where there was no such read,
     * where it is too old, and while DigiCert wants a pause.
     */
    async post<T>(orderId: string, request: () => Promise<T>): Promise<T | undefined> {
        const hasPlace = this.#takeReserved(orderId, 0);
        this.release(orderId);
        if (!hasPlace) return undefined;
        this.#inFlight++;
        return this.#carryOut(request);
    }

    /** Whether the order was read for a POST that may still follow. */
    isReserved(orderId: string): boolean {
        return this.#reservations.has(orderId);
    }

    /** Gives back what is reserved for an order. */
    release(orderId: string): void {
        const unused = this.#reservations.get(orderId)?.places ?? 0;
        this.#reservations.delete(orderId);
        for (const window of this.#windows) window.free += unused;
        if (unused > 0) this.#admitNext();
    }

    /** How long nothing is sent, because DigiCert said 429. */
    pauseLeft(): number {
        return Math.max(0, this.#pausedUntil - this.#clock.now());
    }

    /** DigiCert said 429: all requests wait, for as long as it says, or else longer from time to time. */
    refused(sentAt: number, retryAfterMs: number | undefined, backoffMs: number): void {
        // What was on its way when the pause began says nothing new.
        if (retryAfterMs === undefined && sentAt < this.#pausedUntil) return;
        const pause = retryAfterMs ?? this.#nextBackoff(backoffMs);
        this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + pause);
        this.#admitNext();
    }

    /** DigiCert answered something else: the next 429 is a first one again. */
    granted(sentAt: number): void {
        if (sentAt >= this.#pausedUntil) this.#refusals = 0;
    }

    #nextBackoff(first: number): number {
        const backoff = Math.min(first * 2 ** this.#refusals++, LONGEST_BACKOFF_MS);
        return backoff * (1 + Math.random() / 2);
    }

    /** Waits for so many places and a connection; false where the pause is too long, or the wait is ended. */
    async #admitted(places: number, signal?: AbortSignal): Promise<boolean> {
        if (signal?.aborted === true) return false;
        // The timers that give places back keep no process alive; a request that waits for one does.
        const rest = this.#clock.stayAwake();
        let stop: (() => void) | undefined;
        try {
            return await new Promise<boolean>((admit) => {
                const waiter = { places, admit };
                stop = () => {
                    this.#leave(waiter);
                };
                signal?.addEventListener("abort", stop, { once: true });
                this.#waiting.push(waiter);
                this.#admitNext();
            });
        } finally {
            if (stop) signal?.removeEventListener("abort", stop);
            rest();
        }
    }

    /** Ends the wait of one that has not been admitted. */
    #leave(waiter: Waiter): void {
        const index = this.#waiting.indexOf(waiter);
        if (index < 0) return;
        this.#waiting.splice(index, 1);
        waiter.admit(false);
        this.#admitNext();
    }

    /** Admits the requests whose turn it is, in their order. */
    #admitNext(): void {
        const pause = this.pauseLeft();
        if (pause > LONGEST_PAUSE_MS) {
            for (const { admit } of this.#waiting.splice(0)) admit(false);
        } else if (pause > 0) {
            this.#wakeAfter(pause);
        } else {
            for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
                if (this.#inFlight >= this.#maxInFlight || !this.#takeFree(next.places)) return;
                this.#inFlight++;
                this.#waiting.shift();
                next.admit(true);
            }
        }
    }

    #wakeAfter(pause: number): void {
        if (this.#wakesAfterPause || this.#waiting.length === 0) return;
        this.#wakesAfterPause = true;
        void this.#clock.sleep(Math.ceil(pause)).then(() => {
            this.#wakesAfterPause = false;
            this.#admitNext();
        });
    }

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

    #takeFree(places: number): boolean {
        if (this.#windows.some(({ free }) => free < places)) return false;
        for (const window of this.#windows) window.free -= places;
        return true;
    }

    /** From the moment at which the read is sent the order may change; its answer may be held up on its way. */
    #reserve(orderId: string): void {
        this.release(orderId);
        const { now, wall } = this.#time();
        const reservation = { places: this.#reservedPlaces - 1, readAt: now, readAtWall: wall };
        this.#reservations.set(orderId, reservation);
        this.#clock.later(READ_IS_GOOD_MS, () => {
            if (this.#reservations.get(orderId) === reservation) this.release(orderId);
        });
    }

    /** Takes a reserved place, if the read is not too old and more than `spare` are left. */
    #takeReserved(orderId: string, spare: number): boolean {
        const reservation = this.#reservations.get(orderId);
        if (!reservation || this.pauseLeft() > 0) return false;
        const { now, wall } = this.#time();
        const age = Math.max(now - reservation.readAt, wall - reservation.readAtWall);
        if (age > READ_IS_GOOD_MS || reservation.places <= spare) return false;
        reservation.places--;
        return true;
    }

    #time(): { readonly now: number; readonly wall: number } {
        const now = this.#clock.now();
        return { now, wall: this.#clock.wallNow?.() ?? now };
    }
}
