/**
 * What came of a request, and what may be concluded from it.
 *
 * @module
 */
import { apiErrorsIn } from "./answers.js";

/** Longest pause that is waited for. */
export const LONGEST_PAUSE_MS = 180_000;

/** What came of a request. */
export type Exchange =
    | {
          readonly kind: "answer";
          readonly status: number;
          /** The body, without an echo of the API key; the beginning of it where it is long. */
          readonly text: string;
          /** The body as JSON, undefined if it is none. */
          readonly json: unknown;
          /** The body came compressed, although nobody asked for that, and so cannot be read. */
          readonly encoding?: string;
          /** `Retry-After` in milliseconds, from either of its forms. */
          readonly retryAfterMs?: number;
          /** The server's clock, from the `Date` header (RFC 9110, section 6.6.1). */
          readonly date?: Date;
      }
    | {
          readonly kind: "failure";
          /** Whether it is certain that the request never reached DigiCert. */
          readonly neverLeft: boolean;
          readonly timedOut: boolean;
          /** Whether no waiting changes it: the other side is not trusted, or the proxy wants credentials. */
          readonly lasting: boolean;
          /** What the proxy answered instead of making the connection. */
          readonly proxyStatus?: number;
          /** What went wrong, free of secrets. */
          readonly message: string;
      }
    /** Not sent, because of the quota, or because the read that allowed it is too old. */
    | {
          readonly kind: "withheld";
          /** When it may be sent; 0: at once, after another read. */
          readonly waitMs: number;
      }
    /** Not sent, or not waited for, because the run was stopped. */
    | { readonly kind: "stopped" };

/** An answer of whatever status. */
export type Answer = Extract<Exchange, { kind: "answer" }>;

/** 2xx. */
export function isSuccess(exchange: Exchange): exchange is Answer {
    return exchange.kind === "answer" && exchange.status >= 200 && exchange.status < 300;
}

/** Whether an answer is a web page, which a proxy or a firewall shows in DigiCert's place. */
export function isWebPage({ json, text }: Answer): boolean {
    return json === undefined && /^\s*</.test(text);
}

/** Whether a firewall or proxy refused the request before it reached DigiCert. */
export function isBlocked(exchange: Exchange): exchange is Answer {
    return exchange.kind === "answer" && exchange.status === 403 && isWebPage(exchange);
}

/** Refused for the sake of the quota, by DigiCert or by our own limiter. */
export function isRefusal(exchange: Exchange): boolean {
    return exchange.kind === "withheld" || (exchange.kind === "answer" && exchange.status === 429);
}

/** Whether the same may go better in a moment. */
export function isWorthRepeating(exchange: Exchange): boolean {
    switch (exchange.kind) {
        case "failure":
            return !exchange.lasting;
        // A longer pause is reported, instead of being waited for.
        case "withheld":
            return exchange.waitMs <= LONGEST_PAUSE_MS;
        case "stopped":
            return false;
        case "answer":
            if ((exchange.retryAfterMs ?? 0) > LONGEST_PAUSE_MS) return false;
            return exchange.status === 429 || exchange.status >= 500;
    }
}

/** Statuses that say by themselves that nothing was done: who asks, what for, and how often, is decided before the work. */
const REFUSALS = new Set([401, 403, 404, 429]);

/**
 * Whether a request that changes something was certainly not carried out: it never left, or it was refused. Any other 4xx is
 * a refusal only where DigiCert says so in `errors[]`; without, it may come from a gateway that lost patience (408, 499).
 */
export function isProofOfAbsence(exchange: Exchange): boolean {
    switch (exchange.kind) {
        case "failure":
            return exchange.neverLeft;
        case "withheld":
        // Only what reads is stopped on its way.
        case "stopped":
            return true;
        case "answer":
            if (exchange.status < 400 || exchange.status >= 500) return false;
            return REFUSALS.has(exchange.status) || apiErrorsIn(exchange.json).areDigiCerts;
    }
}
