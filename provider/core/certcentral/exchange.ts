/**
 * What came of a request, and what may be concluded from it.
 *
 * @module
 */

/** Longest pause that is waited for. */
export const LONGEST_PAUSE_MS = 180_000;

/** What came of a request. */
export type Exchange =
    | {
          readonly kind: "answer";
          readonly status: number;
          readonly text: string;
          /** The answer as JSON, undefined if it is none. */
          readonly json: unknown;
          /** It came compressed, although nobody asked for that, and so cannot be read. */
          readonly encoding?: string;
          /** `Retry-After` in milliseconds, from either of its forms. */
          readonly retryAfterMs?: number;
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
      };

/** An answer of whatever status. */
export type Answer = Extract<Exchange, { kind: "answer" }>;

/** 2xx. */
export function isSuccess(exchange: Exchange): exchange is Answer {
    return exchange.kind === "answer" && exchange.status >= 200 && exchange.status < 300;
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
        // Whoever is asked to wait longer is told so, instead of being kept or of being too early.
        case "withheld":
            return exchange.waitMs <= LONGEST_PAUSE_MS;
        case "answer":
            if ((exchange.retryAfterMs ?? 0) > LONGEST_PAUSE_MS) return false;
            return exchange.status === 429 || exchange.status >= 500;
    }
}

/** It never left, or DigiCert refused it. After anything else it may still be accepted. */
export function isProofOfAbsence(exchange: Exchange): boolean {
    switch (exchange.kind) {
        case "failure":
            return exchange.neverLeft;
        case "withheld":
            return true;
        case "answer":
            return exchange.status >= 400 && exchange.status < 500;
    }
}
