/**
 * Makes one HTTP exchange with CertCentral. If it fails, the result says whether the request may have reached DigiCert.
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
/** Longest text that is kept of a body; a bundle of certificates takes 10 kB, and longer bodies are JSON. */
const MAX_TEXT = 65_536;
/** undici reports a refusal by the proxy only in the text of its error. */
const TUNNEL_REFUSED = /^Proxy response \((\d+)\) .* when HTTP Tunneling/;

/** A request to an endpoint. */
export interface ApiRequest {
    readonly method: "GET" | "POST" | "PUT";
    /** Below the base URL, with a leading slash. */
    readonly path: string;
    readonly body?: unknown;
    readonly accept?: string;
}

/** How an exchange may be ended early. */
export interface ExchangeOptions {
    /** Ends an exchange before its answer. */
    readonly stop?: AbortSignal | undefined;
    /** Called when there is a connection, just before the first byte is written; false: the request is not sent. */
    readonly mayLeave?: (() => boolean) | undefined;
}

/** Thrown inside of this module only. */
class Withheld extends Error {}

/** Makes an interceptor that calls a function when the connection of a request has been made, before its first byte is written. */
function beforeSending(step: () => void): Dispatcher.DispatcherComposeInterceptor {
    return (dispatch) => (options, handler) =>
        dispatch(options, {
            // An error that is thrown here fails the request, and leaves the connection open.
            onRequestStart: (controller, context) => {
                step();
                handler.onRequestStart?.(controller, context);
            },
            onResponseStart: (...given) => handler.onResponseStart?.(...given),
            onResponseData: (...given) => handler.onResponseData?.(...given),
            onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
            onResponseError: (...given) => handler.onResponseError?.(...given),
        });
}

/** Sends requests to the configured base URL only. */
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
     * @returns the kind `withheld` if the request may not leave once there is a connection; the connection is kept
     */
    async exchange(
        { method, path, body, accept = "application/json" }: ApiRequest,
        { stop, mayLeave }: ExchangeOptions = {},
    ): Promise<Exchange> {
        const timeout = AbortSignal.timeout(Math.ceil(this.#settings.requestTimeoutSeconds * 1000));
        const signal = stop ? AbortSignal.any([timeout, stop]) : timeout;
        let hasLeft = false;
        const dispatcher = this.#dispatcher.compose(
            beforeSending(() => {
                if (mayLeave?.() === false) throw new Withheld();
                hasLeft = true;
            }),
        );
        try {
            const response = await request(`${this.#settings.baseUrl}${path}`, {
                method,
                dispatcher,
                signal,
                // The signal limits the time of the whole exchange.
                headersTimeout: 0,
                bodyTimeout: 0,
                headers: {
                    "x-dc-devkey": this.#settings.apiKey(),
                    "user-agent": userAgent(),
                    accept,
                    // undici does not decompress, and without this header a server may compress (RFC 9110, 12.5.3).
                    "accept-encoding": "identity",
                    ...(body === undefined ? {} : { "content-type": "application/json" }),
                },
                body: body === undefined ? null : JSON.stringify(body),
            });
            return await this.#answer(response.statusCode, response.headers, await response.body.text());
        } catch (error) {
            if (stop?.aborted === true) return { kind: "stopped" };
            if (error instanceof Withheld) return { kind: "withheld", waitMs: 0 };
            return this.#failure(error as NetworkError, { hasLeft, timedOut: timeout.aborted });
        }
    }

    async #answer(status: number, headers: Headers, body: string): Promise<Exchange> {
        const pause = retryAfterMs(headers);
        const date = serverDate(headers);
        const encoding = [headers["content-encoding"] ?? "identity"].flat().join(", ");
        const isPlain = encoding.toLowerCase() === "identity";
        // The texts of an error, which are printed, are made fit for one line while they are read: there may be thousands.
        const onText = status < 400 ? this.#redact : (text: string) => quote(this.#redact(text));
        return {
            kind: "answer",
            status,
            text: this.#redact(body.slice(0, MAX_TEXT)),
            json: isPlain ? await parseJson(body, onText) : undefined,
            ...(isPlain ? {} : { encoding: quote(this.#redact(encoding)) }),
            ...(pause === undefined ? {} : { retryAfterMs: pause }),
            ...(date === undefined ? {} : { date }),
        };
    }

    /** @param hasLeft - whether there was a connection; an error of TLS may still end it while the answer is read */
    #failure(
        error: NetworkError,
        { hasLeft, timedOut }: { readonly hasLeft: boolean; readonly timedOut: boolean },
    ): Exchange {
        const { code = "", errors = [] } = error;
        // If a host name has several addresses and none can be reached, the messages are in `errors`.
        const message =
            error.message === ""
                ? [...new Set(errors.map((inner) => inner.message))].join("; ")
                : (error.message ?? "");
        const proxyStatus = TUNNEL_REFUSED.exec(message)?.[1];
        // Its text may come from anybody: the message may quote the certificate of an untrusted server.
        const words = quote(
            this.#redact(message.includes(code) ? message : [message, code].filter(Boolean).join(", ")),
        );
        return {
            kind: "failure",
            neverLeft: !timedOut && !hasLeft && failedBeforeSending(error),
            timedOut: timedOut || code.endsWith("_TIMEOUT"),
            lasting: UNTRUSTED.test(code) || proxyStatus === "407",
            ...(proxyStatus === undefined ? {} : { proxyStatus: Number(proxyStatus) }),
            message: words || "the connection failed",
        };
    }
}

/** The members of an error of Node or undici that are read. */
interface NetworkError {
    readonly code?: string;
    readonly message?: string;
    readonly syscall?: string;
    readonly errors?: readonly NetworkError[];
}

/** Whether the request failed before its first byte was sent: in name resolution, connection, TLS or at the proxy. */
function failedBeforeSending({ code = "", message = "", syscall = "", errors }: NetworkError): boolean {
    // A host name has several addresses: each of them was tried.
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
