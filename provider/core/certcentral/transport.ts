/**
 * One HTTP exchange with CertCentral, and an honest account of what is known when it fails.
 *
 * @module
 */
import { request, type Dispatcher } from "undici";
import type { Exchange } from "./exchange.js";
import { retryAfterMs, serverDate, type Headers } from "./httpDate.js";
import { parseJson } from "./json.js";
import { redactor } from "./redact.js";
import { quote } from "../quote.js";
import type { Settings } from "../settings.js";
import { userAgent } from "../version.js";

/** Codes of OpenSSL and Node for a certificate that cannot be verified. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_/;
/** A bundle of certificates takes 10 kB; what is longer and no JSON is nothing that anybody reads. */
const MAX_TEXT = 65_536;
/** undici tells a refusal by the proxy in words only. */
const TUNNEL_REFUSED = /^Proxy response \((\d+)\) .* when HTTP Tunneling/;

/** A request to an endpoint. */
export interface ApiRequest {
    readonly method: "GET" | "POST" | "PUT";
    /** Below the base URL, with a leading slash. */
    readonly path: string;
    readonly body?: unknown;
    readonly accept?: string;
}

/** Sends requests to the configured base URL, and nowhere else. */
export class Transport {
    readonly #settings: Settings;
    readonly #dispatcher: Dispatcher;
    readonly #redact: (text: string) => string;

    constructor(settings: Settings, dispatcher: Dispatcher) {
        this.#settings = settings;
        this.#dispatcher = dispatcher;
        this.#redact = redactor(settings.apiKey());
    }

    /**
     * One attempt; never throws for what a server or a network does.
     *
     * @param stop - gives up an exchange on its way
     */
    async exchange(
        { method, path, body, accept = "application/json" }: ApiRequest,
        stop?: AbortSignal,
    ): Promise<Exchange> {
        const timeout = AbortSignal.timeout(Math.ceil(this.#settings.requestTimeoutSeconds * 1000));
        const signal = stop ? AbortSignal.any([timeout, stop]) : timeout;
        try {
            const response = await request(`${this.#settings.baseUrl}${path}`, {
                method,
                dispatcher: this.#dispatcher,
                signal,
                // The signal limits the whole exchange.
                headersTimeout: 0,
                bodyTimeout: 0,
                headers: {
                    "x-dc-devkey": this.#settings.apiKey(),
                    "user-agent": userAgent(),
                    accept,
                    // undici does not decompress; without this header any coding would be welcome (RFC 9110, 12.5.3).
                    "accept-encoding": "identity",
                    ...(body === undefined ? {} : { "content-type": "application/json" }),
                },
                body: body === undefined ? null : JSON.stringify(body),
            });
            return await this.#answer(response.statusCode, response.headers, await response.body.text());
        } catch (error) {
            if (stop?.aborted === true) return { kind: "stopped" };
            return this.#failure(error as NetworkError, timeout.aborted);
        }
    }

    async #answer(status: number, headers: Headers, body: string): Promise<Exchange> {
        const pause = retryAfterMs(headers);
        const date = serverDate(headers);
        const encoding = [headers["content-encoding"] ?? "identity"].flat().join(", ");
        const isPlain = encoding.toLowerCase() === "identity";
        return {
            kind: "answer",
            status,
            text: this.#redact(body.slice(0, MAX_TEXT)),
            json: isPlain ? await parseJson(body, this.#redact) : undefined,
            ...(isPlain ? {} : { encoding: quote(this.#redact(encoding)) }),
            ...(pause === undefined ? {} : { retryAfterMs: pause }),
            ...(date === undefined ? {} : { date }),
        };
    }

    #failure(error: NetworkError, timedOut: boolean): Exchange {
        const { code = "", errors = [] } = error;
        // A name with several addresses fails without a message of its own.
        const message =
            error.message === ""
                ? [...new Set(errors.map((one) => one.message))].join("; ")
                : (error.message ?? "");
        const proxyStatus = TUNNEL_REFUSED.exec(message)?.[1];
        // A certificate that is not ours is quoted in the message, so a stranger chose these words.
        const words = quote(
            this.#redact(message.includes(code) ? message : [message, code].filter(Boolean).join(", ")),
        );
        return {
            kind: "failure",
            neverLeft: !timedOut && failedBeforeSending(error),
            timedOut: timedOut || code.endsWith("_TIMEOUT"),
            lasting: UNTRUSTED.test(code) || proxyStatus === "407",
            ...(proxyStatus === undefined ? {} : { proxyStatus: Number(proxyStatus) }),
            message: words || "the connection failed",
        };
    }
}

/** What Node and undici tell of a failure. */
interface NetworkError {
    readonly code?: string;
    readonly message?: string;
    readonly syscall?: string;
    readonly errors?: readonly NetworkError[];
}

/** Name look-up, connection, TLS and proxy failures come before the first byte of the request. */
function failedBeforeSending({ code = "", message = "", syscall = "", errors }: NetworkError): boolean {
    // A name with several addresses: every one of them was tried.
    if (errors && errors.length > 0) return errors.every(failedBeforeSending);
    return (
        syscall === "connect" ||
        syscall.startsWith("getaddrinfo") ||
        code === "UND_ERR_CONNECT_TIMEOUT" ||
        code.startsWith("ERR_TLS_") ||
        code.startsWith("ERR_SSL_") ||
        code === "EPROTO" ||
        UNTRUSTED.test(code) ||
        TUNNEL_REFUSED.test(message)
    );
}
