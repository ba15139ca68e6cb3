/**
 * Sends requests when it is their turn: GETs again where that helps, a POST at once or not at all.
 *
 * @module
 */
import { isRefusal, isSuccess, isWorthRepeating, LONGEST_PAUSE_MS, type Exchange } from "./exchange.js";
import type { Limiter, Turn } from "./limiter.js";
import { Reservations } from "./reservations.js";
import type { ApiRequest, Transport } from "./transport.js";

/** First pauses, in milliseconds; grown and jittered from time to time. */
export interface Backoff {
    /** After a connection failure or a 5xx, before one GET is repeated. */
    readonly unavailableMs: number;
    /** After a 429 without `Retry-After`, for everything that uses the key. */
    readonly rateLimitMs: number;
}

/** A request, and the order it is about, if it is about one. */
export interface OrderRequest extends ApiRequest {
    readonly orderId?: string;
    /** A POST for the order may follow this read. */
    readonly reserve?: boolean;
}

const GET_RETRIES = 3;
/** With pauses of 5, 10, 20, 40, 60 and 60 s it outlasts the longest window of the quota, 3 min. */
const RATE_LIMIT_RETRIES = 6;
const RATE_LIMIT_PATIENCE_MS = 300_000;

/** Between the endpoints and the network. */
export class Sender {
    readonly #transport: Transport;
    readonly #limiter: Limiter;
    readonly #backoff: Backoff;
    readonly #reservations: Reservations;

    constructor(transport: Transport, limiter: Limiter, backoff: Backoff) {
        this.#transport = transport;
        this.#limiter = limiter;
        this.#backoff = backoff;
        this.#reservations = new Reservations(limiter);
    }

    /** A GET, repeated a bounded number of times where that can help. */
    async get(request: OrderRequest): Promise<Exchange> {
        const { clock } = this.#limiter;
        let failures = 0;
        let refusals = 0;
        let firstRefusal = Infinity;
        for (;;) {
            const exchange = await this.#queued(request);
            if (!isWorthRepeating(exchange)) return exchange;
            if (isRefusal(exchange)) {
                // The pause is everybody's, and kept by the limiter.
                firstRefusal = Math.min(firstRefusal, clock.now());
                const isOver = clock.now() - firstRefusal >= RATE_LIMIT_PATIENCE_MS;
                if (++refusals > RATE_LIMIT_RETRIES || isOver) return exchange;
            } else {
                if (++failures > GET_RETRIES) return exchange;
                await clock.sleep(this.pause(failures, exchange));
            }
        }
    }

    /** A PUT, once. */
    put(request: OrderRequest): Promise<Exchange> {
        return this.#queued(request);
    }

    /** The one POST, which waits for nothing. */
    async post(request: OrderRequest & { readonly orderId: string }): Promise<Exchange> {
        const turn = this.#reservations.take(request.orderId);
        if (turn === undefined || this.#limiter.pauseLeft() > 0) {
            turn?.close();
            return { kind: "withheld", waitMs: this.#limiter.pauseLeft() };
        }
        try {
            return await this.#spend(turn, request);
        } finally {
            turn.close();
        }
    }

    /** Anything else, when it is its turn; what belongs to a reservation needs no other. */
    async #queued(request: OrderRequest): Promise<Exchange> {
        const { orderId } = request;
        const reserved = orderId === undefined ? undefined : this.#reservations.forRead(orderId);
        if (reserved) return this.#spend(reserved, request);
        const keptFor = request.reserve === true ? orderId : undefined;
        const places = keptFor === undefined ? [1] : [Reservations.PLACES, Reservations.AT_LEAST];
        const turn = await this.#limiter.admit(LONGEST_PAUSE_MS, ...places);
        if (!turn) return { kind: "withheld", waitMs: this.#limiter.pauseLeft() };
        let isKept = false;
        const sentAt = this.#limiter.clock.now();
        try {
            const exchange = await this.#spend(turn, request);
            if (keptFor !== undefined && isSuccess(exchange)) {
                this.#reservations.keep(keptFor, turn, sentAt);
                isKept = true;
            }
            return exchange;
        } finally {
            if (!isKept) turn.close();
        }
    }

    /** How long it makes sense to wait before the same is tried again. */
    pause(attempt: number, exchange: Exchange): number {
        // The limiter holds everybody back.
        if (isRefusal(exchange)) return this.#limiter.pauseLeft();
        if (exchange.kind === "answer" && exchange.retryAfterMs !== undefined) return exchange.retryAfterMs;
        return this.#backoff.unavailableMs * 2 ** (attempt - 1) * (1 + Math.random() / 2);
    }

    /** Gives back what is reserved for an order. */
    giveBack(orderId: string): void {
        this.#reservations.giveBack(orderId);
    }

    async #spend(turn: Turn, request: ApiRequest): Promise<Exchange> {
        const sentAt = this.#limiter.clock.now();
        const exchange = await turn.spend(() => this.#transport.exchange(request));
        if (exchange.kind === "answer") {
            if (exchange.status === 429) {
                this.#limiter.refused(sentAt, exchange.retryAfterMs, this.#backoff.rateLimitMs);
            } else this.#limiter.granted(sentAt);
        }
        return exchange;
    }
}
