/**
 * Sends requests through the limiter. Requests that are safe to repeat are repeated after a temporary failure; a POST is sent
 * once, and never waits.
 *
 * @module
 */
import { setMaxListeners } from "node:events";
import { waitUnlessAborted } from "../clock.js";
import {
    isBlocked,
    isQuotaRefusal,
    isSuccess,
    isWorthRepeating,
    LONGEST_PAUSE_MS,
    type Exchange,
} from "./exchange.js";
import type { Limiter, Turn } from "./limiter.js";
import type { ApiRequest, Transport } from "./transport.js";

/** First pauses, in milliseconds; each further pause is longer, with a random part. */
export interface Backoff {
    /** After a connection failure or a 5xx, before one GET is repeated. */
    readonly unavailableMs: number;
    /** After a 429 without `Retry-After`, for all requests with the same key. */
    readonly rateLimitMs: number;
}

/** A request, and the id of its order if it has one. */
export interface OrderRequest extends ApiRequest, Turn {}

/** Repetitions of a request after a connection failure or a 5xx. */
const RETRIES = 3;
/** Repetitions after a 429. The pauses of 5, 10, 20, 40, 60 and 60 s together are longer than the window of 3 min. */
const RATE_LIMIT_RETRIES = 6;
/** Time after the first 429 from which on a request is not repeated. */
const RATE_LIMIT_TIMEOUT_MS = 300_000;

/** Sends requests for the methods of the client. */
export class Sender {
    readonly #transport: Pick<Transport, "exchange">;
    readonly #limiter: Limiter;
    readonly #backoff: Backoff;
    readonly #signal: AbortSignal;

    /** @param signal - ends waiting; never between the read that allows a POST and the end of the POST */
    constructor(
        transport: Pick<Transport, "exchange">,
        limiter: Limiter,
        backoff: Backoff,
        signal: AbortSignal = new AbortController().signal,
    ) {
        this.#transport = transport;
        this.#limiter = limiter;
        this.#backoff = backoff;
        this.#signal = signal;
        // Each request that waits listens to the signal, and Node warns of a leak from the eleventh listener on.
        setMaxListeners(0, signal);
    }

    /** Sends a GET, or a PUT that is safe to repeat, and repeats it a limited number of times. */
    async sendRepeatably(request: OrderRequest): Promise<Exchange> {
        const { clock } = this.#limiter;
        let failures = 0;
        let refusals = 0;
        let firstRefusal = Infinity;
        for (;;) {
            const exchange = await this.sendOnce(request);
            if (!isWorthRepeating(exchange) && !isBlocked(exchange)) return exchange;
            if (isQuotaRefusal(exchange)) {
                // The limiter makes all requests wait, so there is no pause here.
                firstRefusal = Math.min(firstRefusal, clock.now());
                const isOver = clock.now() - firstRefusal >= RATE_LIMIT_TIMEOUT_MS;
                if (++refusals > RATE_LIMIT_RETRIES || isOver) return exchange;
            } else {
                if (++failures > RETRIES) return exchange;
                await waitUnlessAborted(this.#signal, clock.sleep(this.retryPauseMs(failures, exchange)));
            }
        }
    }

    /** Sends a request once, when a place is free. */
    async sendOnce(request: OrderRequest): Promise<Exchange> {
        const signal = this.#isBoundToPost(request) ? undefined : this.#signal;
        const exchange = await this.#limiter.send(request, () => this.#exchange(request), signal);
        if (exchange === undefined && signal?.aborted === true) return { kind: "stopped" };
        if (request.reserve === true && !(exchange && isSuccess(exchange))) this.release(request.orderId);
        return exchange ?? { kind: "withheld", waitMs: this.#limiter.pauseLeft() };
    }

    /** Sends the POST for an order at once, or does not send it. */
    async post(request: OrderRequest & { readonly orderId: string }): Promise<Exchange> {
        const exchange = await this.#limiter.post(request.orderId, (isInTime) =>
            this.#exchange(request, isInTime),
        );
        return exchange ?? { kind: "withheld", waitMs: this.#limiter.pauseLeft() };
    }

    /**
     * The pause before a request is repeated, in milliseconds.
     *
     * @param attempt - number of the request that failed, from 1; the pause grows with it
     */
    retryPauseMs(attempt: number, exchange: Exchange): number {
        // The limiter has already set this pause for all requests.
        if (isQuotaRefusal(exchange)) return this.#limiter.pauseLeft();
        if (exchange.kind === "answer" && exchange.retryAfterMs !== undefined) {
            return Math.min(exchange.retryAfterMs, LONGEST_PAUSE_MS);
        }
        return this.#backoff.unavailableMs * 2 ** (attempt - 1) * (1 + Math.random() / 2);
    }

    /** Frees the places that are reserved for an order. */
    release(orderId = ""): void {
        this.#limiter.release(orderId);
    }

    /** Whether a POST may follow the request, or be waiting for its answer. */
    #isBoundToPost({ orderId }: Turn): boolean {
        return orderId !== undefined && this.#limiter.isReserved(orderId);
    }

    async #exchange(request: OrderRequest, mayLeave?: () => boolean): Promise<Exchange> {
        const sentAt = this.#limiter.clock.now();
        const isStoppable = request.method === "GET" && !this.#isBoundToPost(request);
        const stop = isStoppable ? this.#signal : undefined;
        const exchange = await this.#transport.exchange(request, { stop, mayLeave });
        if (exchange.kind === "answer") {
            if (exchange.status === 429) {
                this.#limiter.pauseAll(sentAt, exchange.retryAfterMs, this.#backoff.rateLimitMs);
            } else this.#limiter.resetBackoff(sentAt);
        }
        return exchange;
    }
}
