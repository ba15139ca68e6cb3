/**
 * DigiCert's quota, kept on our side: how many requests go out in any window of time, how many at once, and one
 * pause for everybody when DigiCert says 429 all the same.
 *
 * @module
 */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Mutex, Semaphore } from "async-mutex";

/** At most so many requests in any stretch of time of this length. */
export interface Window {
    readonly ms: number;
    readonly requests: number;
}

/** Monotonic time, as far as it can be replaced in tests. */
export interface LimiterClock {
    now(): number;
    sleep(ms: number): Promise<void>;
    /** Calls back later; does not keep the process alive. */
    later(ms: number, callback: () => void): void;
    /** Keeps the process alive until the returned function is called. */
    stayAwake(): () => void;
}

/** What DigiCert grants to an API key. The longer window comes first, so that the shorter one is asked last. */
const CERTCENTRAL: readonly Window[] = [
    { ms: 180_000, requests: 1000 },
    { ms: 5000, requests: 100 },
];
/** At a latency of 1.6 s that is still 100 in 5 s; the connection pool is of the same size, so it never queues. */
export const MAX_IN_FLIGHT = 32;
/** Clocks run at slightly different speeds, and timers round. */
const MARGIN = 1.01;
const LONGEST_BACKOFF_MS = 60_000;
const NEVER_MS = 2 ** 31 - 1;

const realClock: LimiterClock = {
    now: () => performance.now(),
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

/**
 * Admits requests, first come first served. A place in a window is taken before a request is sent, and comes back
 * when the window has passed since its *answer*. Whenever the request reached DigiCert, that was in between, so
 * DigiCert never counts more requests in a window than there are places, whatever the network does to the pace.
 */
export class Limiter {
    readonly #windows: readonly (Window & { readonly places: Semaphore })[];
    readonly #connections: Semaphore;
    readonly #clock: LimiterClock;
    /** Places are taken by one at a time, in the order in which they came. */
    readonly #queue = new Mutex();
    /** Turns that are not closed: what they do not spend comes back. */
    #open = 0;
    #whenClosed: (() => void) | undefined;
    #pausedUntil = 0;
    #refusals = 0;

    constructor(windows = CERTCENTRAL, clock = realClock, inFlight = MAX_IN_FLIGHT) {
        this.#windows = windows.map((window) => ({ ...window, places: new Semaphore(window.requests) }));
        this.#connections = new Semaphore(inFlight);
        this.#clock = clock;
    }

    /** The clock that it goes by. */
    get clock(): LimiterClock {
        return this.#clock;
    }

    /**
     * Waits for a turn. What waits longer than `patienceMs` for the end of a pause gets none.
     *
     * @param requests - how many may be sent in this turn, one after the other
     * @param atLeast - how many will do at the end of a window, where no more can be had without waiting for the next
     */
    async admit(patienceMs: number, requests = 1, atLeast = requests): Promise<Turn | undefined> {
        // The timers that give places back keep no process alive; whoever waits for one does.
        const rest = this.#clock.stayAwake();
        try {
            const granted = await this.#queue.runExclusive(() => this.#takePlaces(requests, atLeast));
            await this.#connections.acquire();
            const turn = this.#turn(granted);
            for (let left = this.pauseLeft(); left > 0; left = this.pauseLeft()) {
                if (left > patienceMs) {
                    turn.close();
                    return undefined;
                }
                await this.#clock.sleep(Math.ceil(left));
            }
            return turn;
        } finally {
            rest();
        }
    }

    /** A turn for one request, if it can have one without any waiting. */
    tryAdmit(): Turn | undefined {
        const all = [...this.#windows.map(({ places }) => places), this.#connections];
        if (this.pauseLeft() > 0 || all.some((places) => places.getValue() < 1)) return undefined;
        // Taken at once, because a place is free and nobody else has this priority.
        for (const places of all) void places.acquire(1, 1);
        return this.#turn(1);
    }

    /** How long nothing is sent, because DigiCert said 429. */
    pauseLeft(): number {
        return Math.max(0, this.#pausedUntil - this.#clock.now());
    }

    /** DigiCert said 429: everybody waits, as long as it says, or else longer from time to time. */
    refused(sentAt: number, retryAfterMs: number | undefined, backoffMs: number): void {
        // What was on its way when the pause began says nothing new.
        if (retryAfterMs === undefined && sentAt < this.#pausedUntil) return;
        const pause = retryAfterMs ?? this.#nextBackoff(backoffMs);
        this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + pause);
    }

    /** DigiCert answered something else: the next 429 is a first one again. */
    granted(sentAt: number): void {
        if (sentAt >= this.#pausedUntil) this.#refusals = 0;
    }

    /** Takes what is asked for; less, down to `atLeast`, only when no open turn can give anything back any more. */
    async #takePlaces(requests: number, atLeast: number): Promise<number> {
        const all = this.#windows.map(({ places }) => places);
        for (const places of all) await places.acquire(atLeast);
        const more = requests - atLeast;
        if (more === 0) return atLeast;
        while (all.some((places) => places.getValue() < more)) {
            if (this.#open === 0) return atLeast;
            await new Promise<void>((resolve) => {
                this.#whenClosed = resolve;
            });
        }
        for (const places of all) void places.acquire(more, 1);
        return requests;
    }

    #nextBackoff(first: number): number {
        const backoff = Math.min(first * 2 ** this.#refusals++, LONGEST_BACKOFF_MS);
        return backoff * (1 + Math.random() / 2);
    }

    #turn(requests: number): Turn {
        this.#open++;
        return new Turn(requests, {
            spent: () => {
                for (const { ms, places } of this.#windows) {
                    this.#clock.later(ms * MARGIN, () => {
                        places.release();
                    });
                }
            },
            closed: (unspent) => {
                if (unspent > 0) for (const { places } of this.#windows) places.release(unspent);
                this.#connections.release();
                this.#open--;
                this.#whenClosed?.();
            },
        });
    }
}

/** Who is told what became of a turn. */
interface TurnEvents {
    spent(): void;
    closed(unspent: number): void;
}

/** The right to send a number of requests, one after the other, over one connection. */
export class Turn {
    readonly #events: TurnEvents;
    #left: number;
    #isBusy = false;
    #isClosed = false;

    constructor(requests: number, events: TurnEvents) {
        this.#left = requests;
        this.#events = events;
    }

    /** How many requests may still be sent. */
    get left(): number {
        return this.#isClosed || this.#isBusy ? 0 : this.#left;
    }

    /** Sends one request. */
    async spend<T>(send: () => Promise<T>): Promise<T> {
        this.#left--;
        this.#isBusy = true;
        try {
            return await send();
        } finally {
            this.#isBusy = false;
            this.#events.spent();
            if (this.#isClosed) this.#events.closed(this.#left);
        }
    }

    /** Gives back what was not spent; a request that is under way is finished first. */
    close(): void {
        if (this.#isClosed) return;
        this.#isClosed = true;
        if (!this.#isBusy) this.#events.closed(this.#left);
    }
}
