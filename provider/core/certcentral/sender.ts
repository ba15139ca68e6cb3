/**
 * Sends requests when it is their turn: those that are safe to repeat again where that helps, a POST at once or not at all.
 *
 * @module
 */
import {
    isBlocked,
    isRefusal,
    isSuccess,
    isWorthRepeating,
    LONGEST_PAUSE_MS,
    type Exchange,
} from "./exchange.js";
import type { Limiter, Turn } from "./limiter.js";
import type { ApiRequest, Transport } from "./transport.js";

/** First pauses, in milliseconds; grown and jittered from time to time. */
export interface Backoff {
    /** After a connection failure or a 5xx, before one GET is repeated. */
    readonly unavailableMs: number;
    /** After a 429 without `Retry-After`, for everything that uses the key. */
    readonly rateLimitMs: number;
}

/** A request, and the order it is about, if it is about one. */
export interface OrderRequest extends ApiRequest, Turn {}

const RETRIES = 3;
/** With pauses of 5, 10, 20, 40, 60 and 60 s it outlasts the longest window of the quota, 3 min. */
const RATE_LIMIT_RETRIES = 6;
const RATE_LIMIT_PATIENCE_MS = 300_000;

/** Between the endpoints and the network. */
export class Sender {
    readonly #transport: Pick<Transport, "exchange">;
    readonly #limiter: Limiter;
    readonly #backoff: Backoff;

    constructor(transport: Pick<Transport, "exchange">, limiter: Limiter, backoff: Backoff) {
        this.#transport = transport;
        this.#limiter = limiter;
        this.#backoff = backoff;
    }

    /** Sends a GET, or a PUT that changes nothing the second time, and repeats it a bounded number of times. */
    async sendRepeatably(request: OrderRequest): Promise<Exchange> {
        const { clock } = this.#limiter;
        let failures = 0;
        let refusals = 0;
        let firstRefusal = Infinity;
        for (;;) {
            const exchange = await this.sendOnce(request);
            if (!isWorthRepeating(exchange) && !isBlocked(exchange)) return exchange;
            if (isRefusal(exchange)) {
                // All requests wait, which the limiter sees to.
                firstRefusal = Math.min(firstRefusal, clock.now());
                const isOver = clock.now() - firstRefusal >= RATE_LIMIT_PATIENCE_MS;
                if (++refusals > RATE_LIMIT_RETRIES || isOver) return exchange;
            } else {
                if (++failures > RETRIES) return exchange;
                await clock.sleep(this.pause(failures, exchange));
            }
        }
    }

    /** Sends a request once, when it is its turn. */
    async sendOnce(request: OrderRequest): Promise<Exchange> {
        const exchange = await this.#limiter.send(request, () => this.#exchange(request));
        if (request.reserve === true && !(exchange && isSuccess(exchange))) this.release(request.orderId);
        return exchange ?? { kind: "withheld", waitMs: this.#limiter.pauseLeft() };
    }

    /** Sends the one POST for an order, at once or not at all. */
    async post(request: OrderRequest & { readonly orderId: string }): Promise<Exchange> {
        const exchange = await this.#limiter.post(request.orderId, () => this.#exchange(request));
        return exchange ?? { kind: "withheld", waitMs: this.#limiter.pauseLeft() };
    }

    /** How long it makes sense to wait before the same is tried again. */
    pause(attempt: number, exchange: Exchange): number {
        // The limiter holds all requests back.
        if (isRefusal(exchange)) return this.#limiter.pauseLeft();
        if (exchange.kind === "answer" && exchange.retryAfterMs !== undefined) {
            return Math.min(exchange.retryAfterMs, LONGEST_PAUSE_MS);
        }
        return this.#backoff.unavailableMs * 2 ** (attempt - 1) * (1 + Math.random() / 2);
    }

    /** Gives back what is reserved for an order. */
    release(orderId = ""): void {
        this.#limiter.release(orderId);
    }

    async #exchange(request: ApiRequest): Promise<Exchange> {
        const sentAt = this.#limiter.clock.now();
        const exchange = await this.#transport.exchange(request);
        if (exchange.kind === "answer") {
            if (exchange.status === 429) {
                this.#limiter.refused(sentAt, exchange.retryAfterMs, this.#backoff.rateLimitMs);
            } else this.#limiter.granted(sentAt);
        }
        return exchange;
    }
}
