/**
 * Counts DigiCert's answers, because the client waits after a 429 and repeats the request without a message.
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
    /** Of them, 429. */
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
