/**
 * Counts DigiCert's answers, for the check of the quota. The client itself prints no message about a 429: it waits, and repeats
 * the request.
 *
 * @module
 */
import diagnosticsChannel from "node:diagnostics_channel";

/** Where undici announces the headers of each answer (undici: diagnostics channel support). */
const CHANNEL = "undici:request:headers";

interface ChannelMessage {
    readonly request: { readonly origin?: string | URL | null };
    readonly response: { readonly statusCode: number };
}

/** Numbers of answers. */
export interface AnswerCounts {
    readonly answers: number;
    /** Number of answers with the status 429. */
    readonly refused: number;
}

/** Counts until {@link AnswerCounter.stop}. */
export class AnswerCounter implements AnswerCounts {
    answers = 0;
    refused = 0;
    readonly #origin: string;
    readonly #onRefused: () => void;

    /**
     * @param onRefused - called for each 429
     */
    constructor(baseUrl: string, onRefused: () => void) {
        this.#origin = new URL(baseUrl).origin;
        this.#onRefused = onRefused;
        diagnosticsChannel.subscribe(CHANNEL, this.#count);
    }

    /** Stops counting. */
    stop(): void {
        diagnosticsChannel.unsubscribe(CHANNEL, this.#count);
    }

    readonly #count = (message: unknown): void => {
        const { request, response } = message as ChannelMessage;
        if (String(request.origin) !== this.#origin) return;
        this.answers += 1;
        if (response.statusCode !== 429) return;
        this.refused += 1;
        this.#onRefused();
    };
}
