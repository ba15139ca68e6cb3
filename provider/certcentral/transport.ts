/**
 * One HTTP exchange with CertCentral: limits, proxy, and an honest account of what is known when it fails.
 *
 * @module
 */
import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from "undici";
import { ConfigurationError } from "../../sdk/errors.js";
import { redactor } from "./redact.js";
import type { Settings } from "../settings.js";
import { userAgent } from "./version.js";

const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
/** Codes of OpenSSL and Node for a certificate that cannot be verified. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_/;

/** What came of a request. */
export type Exchange =
    | {
          readonly kind: "answer";
          readonly status: number;
          readonly text: string;
          /** The answer as JSON, undefined if it is none. */
          readonly json: unknown;
          /** `Retry-After` in milliseconds, from either of its forms. */
          readonly retryAfterMs?: number;
      }
    | {
          readonly kind: "failure";
          /** Whether it is certain that the request never reached DigiCert. */
          readonly neverLeft: boolean;
          readonly timedOut: boolean;
          /** Whether the other side is not trusted, which no waiting changes. */
          readonly untrusted: boolean;
          /** What went wrong, free of secrets. */
          readonly message: string;
      };

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

    constructor(settings: Settings, dispatcher: Dispatcher = dispatcherFor(settings)) {
        this.#settings = settings;
        this.#dispatcher = dispatcher;
        this.#redact = redactor(settings.apiKey());
    }

    /** Removes every echo of the API key from a text. */
    redact(text: string): string {
        return this.#redact(text);
    }

    /** One attempt; never throws for what a server or a network does. */
    async exchange({ method, path, body, accept = "application/json" }: ApiRequest): Promise<Exchange> {
        const signal = AbortSignal.timeout(Math.ceil(this.#settings.requestTimeoutSeconds * 1000));
        try {
            const response = await request(`${this.#settings.baseUrl}${path}`, {
                method,
                dispatcher: this.#dispatcher,
                signal,
                headers: {
                    "x-dc-devkey": this.#settings.apiKey(),
                    "user-agent": userAgent(),
                    accept,
                    ...(body === undefined ? {} : { "content-type": "application/json" }),
                },
                body: body === undefined ? null : JSON.stringify(body),
            });
            const text = this.#redact(await response.body.text());
            const retryAfterMs = parseRetryAfter(response.headers["retry-after"]);
            return {
                kind: "answer",
                status: response.statusCode,
                text,
                json: this.#json(text),
                ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
            };
        } catch (error) {
            return this.#failure(error, signal.aborted);
        }
    }

    #json(text: string): unknown {
        try {
            // A key echoed with JSON escapes is only visible after parsing.
            return JSON.parse(text, (_name, value: unknown) =>
                typeof value === "string" ? this.#redact(value) : value,
            );
        } catch {
            return undefined;
        }
    }

    #failure(error: unknown, timedOut: boolean): Exchange {
        const { code = "", message = "" } = error as NetworkError;
        return {
            kind: "failure",
            neverLeft: !timedOut && failedBeforeSending(error as NetworkError),
            timedOut: timedOut || code.endsWith("_TIMEOUT"),
            untrusted: UNTRUSTED.test(code),
            message: this.#redact([message, code].filter(Boolean).join(", ") || "the connection failed"),
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
        message.includes("when HTTP Tunneling")
    );
}

/** `HTTPS_PROXY` and `NO_PROXY` are honoured; a plain connection, which is to loopback only, takes no proxy. */
function dispatcherFor({ baseUrl, requestTimeoutSeconds }: Settings): Dispatcher {
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not send the key to anybody.
    const verified = { rejectUnauthorized: true };
    const limits: EnvHttpProxyAgent.Options = {
        maxResponseSize: MAX_ANSWER_BYTES,
        connect: { timeout: requestTimeoutSeconds * 1000, ...verified },
        requestTls: verified,
        proxyTls: verified,
        headersTimeout: requestTimeoutSeconds * 1000,
        bodyTimeout: requestTimeoutSeconds * 1000,
    };
    if (baseUrl.startsWith("http:")) return new Agent(limits);
    try {
        return new EnvHttpProxyAgent(limits);
    } catch {
        throw new ConfigurationError(
            "Connecting to DigiCert: HTTPS_PROXY or HTTP_PROXY is not the URL of a proxy. Correct it, or unset it.",
        );
    }
}

function parseRetryAfter(header: string | string[] | undefined): number | undefined {
    if (typeof header !== "string") return undefined;
    const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
    return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
