/**
 * Counts DigiCert's answers, those that say that the quota is used up apart: the client waits and repeats without a word.
 *
 * @module
 */
import diagnosticsChannel from "node:diagnostics_channel";

/** undici tells of each answer here, as its documentation of diagnostics channels says. */
const CHANNEL = "undici:request:headers";

interface Message {
    readonly request: { readonly origin?: string | URL | null };
    readonly response: { readonly statusCode: number };
}

/** What was counted so far. */
export interface Counted {
    readonly answers: number;
    /** Of them, 429. */
    readonly refused: number;
}

/** Counts until it is stopped. */
export class AnswerCount implements Counted {
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
        const { request, response } = message as Message;
        if (String(request.origin) !== this.#origin) return;
        this.answers += 1;
        if (response.statusCode !== 429) return;
        this.refused += 1;
        this.#onRefused();
    };
}
