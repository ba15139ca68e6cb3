/**
 * The result of an HTTP request, and the conclusions that may be drawn from it.
 *
 * @module
 */
import { apiErrorsIn } from "./answers.js";

/** Longest pause before a request is repeated; a longer pause is reported as an error. */
export const LONGEST_PAUSE_MS = 180_000;

/** The result of an HTTP request. */
export type Exchange =
    | {
          readonly kind: "answer";
          readonly status: number;
          /** The body without the API key; only its beginning if it is long. */
          readonly text: string;
          /** The value of the body, undefined if the body is not JSON. */
          readonly json: unknown;
          /** The content coding of a body that the server compressed without being asked; such a body cannot be read. */
          readonly encoding?: string;
          /** `Retry-After` in milliseconds. */
          readonly retryAfterMs?: number;
          /** The server's clock, from the `Date` header (RFC 9110, section 6.6.1). */
          readonly date?: Date;
      }
    | {
          readonly kind: "failure";
          /** Whether it is certain that the request never reached DigiCert. */
          readonly neverLeft: boolean;
          readonly timedOut: boolean;
          /** Whether a repetition fails too: the server's certificate is not trusted, or the proxy requires credentials. */
          readonly lasting: boolean;
          /** The status with which the proxy refused to make the connection. */
          readonly proxyStatus?: number;
          /** The words of Node or undici for the failure, without secrets. */
          readonly message: string;
      }
    /** The request was not sent: the quota is used up, or the read of the order before the POST is too old. */
    | {
          readonly kind: "withheld";
          /** Milliseconds until it may be sent; 0 if it may be sent at once after another read of the order. */
          readonly waitMs: number;
      }
    /** The request was not sent, or its answer was not waited for, because the run was stopped. */
    | { readonly kind: "stopped" };

/** An answer, of any status. */
export type Answer = Extract<Exchange, { kind: "answer" }>;

/** Whether the answer is a 2xx. */
export function isSuccess(exchange: Exchange): exchange is Answer {
    return exchange.kind === "answer" && exchange.status >= 200 && exchange.status < 300;
}

/** Whether an answer is a web page, and so comes from a proxy or a firewall. */
export function isWebPage({ json, text }: Answer): boolean {
    return json === undefined && /^\s*</.test(text);
}

/** Whether a firewall or proxy refused the request before it reached DigiCert. */
export function isBlocked(exchange: Exchange): exchange is Answer {
    return exchange.kind === "answer" && exchange.status === 403 && isWebPage(exchange);
}

/** Whether a request was refused because of the quota: DigiCert answered 429, or this package's limiter did not send it. */
export function isQuotaRefusal(exchange: Exchange): boolean {
    return exchange.kind === "withheld" || (exchange.kind === "answer" && exchange.status === 429);
}

/** Whether a repetition of the request may succeed. */
export function isWorthRepeating(exchange: Exchange): boolean {
    switch (exchange.kind) {
        case "failure":
            return !exchange.lasting;
        // A pause above the limit is reported as an error.
        case "withheld":
            return exchange.waitMs <= LONGEST_PAUSE_MS;
        case "stopped":
            return false;
        case "answer":
            if ((exchange.retryAfterMs ?? 0) > LONGEST_PAUSE_MS) return false;
            return exchange.status === 429 || exchange.status >= 500;
    }
}

/**
 * Statuses that prove by themselves that nothing was done: a server checks credentials, permission, path and quota before it
 * carries out a request.
 */
const REFUSALS = new Set([401, 403, 404, 429]);

/**
 * Whether a request that changes something was certainly not carried out: it never left this machine, or it was refused. The
 * statuses 401, 403, 404 and 429 are always a refusal. Another 4xx is a refusal only with DigiCert's `errors[]`, because a
 * gateway that timed out sends a 4xx too (408, 499).
 */
export function isProofOfAbsence(exchange: Exchange): boolean {
    switch (exchange.kind) {
        case "failure":
            return exchange.neverLeft;
        case "withheld":
        // A request that is stopped on its way is a read.
        case "stopped":
            return true;
        case "answer":
            if (exchange.status < 400 || exchange.status >= 500) return false;
            return REFUSALS.has(exchange.status) || apiErrorsIn(exchange.json).areDigiCerts;
    }
}
