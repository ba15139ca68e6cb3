/**
 * From what DigiCert or the network did to an error that a person can act on.
 *
 * @module
 */
import {
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    PermissionError,
    RateLimitError,
    TimeoutError,
    UnavailableError,
    type ApiError,
    type DigiCertError,
} from "../errors.js";
import { errorAnswer } from "./answers.js";
import { quote } from "../quote.js";
import type { Answer, Exchange } from "./exchange.js";

type ErrorClass = new (...args: ConstructorParameters<typeof DigiCertError>) => DigiCertError;

/** What to do, by what happened. */
const ADVICE = {
    key: "The API key is wrong, revoked, or of another region: check digicert:apiKey (DIGICERT_API_KEY) and digicert:region.",
    permission:
        "The key is valid, but its role may not do this: use a key of a user who may, or change the role.",
    notFound:
        "Orders do not disappear from CertCentral, so this is the wrong account, region or address: check the order id, " +
        "digicert:apiKey, digicert:region and digicert:baseUrl.",
    invalid: "Correct the inputs that DigiCert names, then run pulumi up again.",
    rateLimit:
        "The quota of the API key (100 requests in 5 s, 1,000 in 3 min) is used up: try again in a few minutes.",
    unavailable: "Try again later.",
    redirect:
        "Redirects are never followed, because they would take the API key elsewhere: check digicert:baseUrl.",
    unreachable:
        "Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and digicert:baseUrl, then run pulumi up again.",
    slow: "DigiCert answers too slowly to be sure that nothing changes in between: run pulumi up again later.",
    timeout: "Try again, or raise digicert:requestTimeoutSeconds.",
    proxy: "The proxy asks for credentials: put them into HTTPS_PROXY (http://user:password@host:port).",
} as const;

/** For a request that changes something and whose outcome is unclear. */
export const MAY_BE_DONE =
    "It may have been done all the same: look at the order in CertCentral, or run the same command again, which finds out.";
const TOO_LATE = "not sent, because it could not follow the read of the order within 5 s";
/** A person needs no more, and a hostile server may send any number. */
const MAX_ERRORS_SHOWN = 10;

/**
 * The error for an exchange that did not succeed.
 *
 * @param note - a further sentence, such as {@link MAY_BE_DONE}
 */
export function errorOf(exchange: Exchange, doing: string, note = ""): DigiCertError {
    const sentences = (what: string, advice: string) =>
        [`${doing}: ${what}${/[.!?]$/.test(what) ? "" : "."}`, advice, note].filter(Boolean).join(" ");
    switch (exchange.kind) {
        case "failure":
            return failureOf(exchange, sentences);
        case "withheld": {
            const wait = Math.ceil(exchange.waitMs / 1000);
            if (wait === 0) return new TimeoutError(sentences(TOO_LATE, ADVICE.slow));
            const why = `not sent, because DigiCert asked to wait for another ${wait} s (429)`;
            return new RateLimitError(sentences(why, ADVICE.rateLimit));
        }
        case "answer":
            return answeredError(exchange, sentences);
    }
}

type Sentences = (what: string, advice: string) => string;

function failureOf(
    { timedOut, proxyStatus, message }: Extract<Exchange, { kind: "failure" }>,
    sentences: Sentences,
): DigiCertError {
    if (timedOut) {
        return new TimeoutError(sentences(`DigiCert did not answer in time (${message})`, ADVICE.timeout));
    }
    const advice = proxyStatus === 407 ? ADVICE.proxy : ADVICE.unreachable;
    return new UnavailableError(sentences(`DigiCert cannot be reached (${message})`, advice));
}

function answeredError({ status, json, encoding }: Answer, sentences: Sentences): DigiCertError {
    if (status >= 200 && status < 300) {
        const how = encoding === undefined ? "" : ` (Content-Encoding: ${encoding})`;
        const what = `DigiCert answered ${status}, but with something that cannot be understood${how}`;
        return new UnavailableError(sentences(what, ADVICE.unavailable), { status });
    }
    const errors = errorsIn(json);
    const shown = errors
        .slice(0, MAX_ERRORS_SHOWN)
        .map(({ code, message }) => (message === "" ? code : `${message} (${code})`));
    if (errors.length > shown.length) shown.push(`and ${errors.length - shown.length} more`);
    const [Class, advice] = classOf(status, errors);
    const said =
        shown.length === 0
            ? `DigiCert answered ${status} without a reason that can be read`
            : `DigiCert answered ${status}: ${shown.join("; ")}`;
    return new Class(sentences(said, advice), { status, errors });
}

function classOf(status: number, errors: readonly ApiError[]): [ErrorClass, string] {
    if (status >= 300 && status < 400) return [UnavailableError, ADVICE.redirect];
    if (status === 401 || (status === 403 && errors.some(({ code }) => code.includes("invalid_key")))) {
        return [AuthenticationError, ADVICE.key];
    }
    if (status === 407) return [UnavailableError, ADVICE.proxy];
    if (status === 403) return [PermissionError, ADVICE.permission];
    if (status === 404) return [NotFoundError, ADVICE.notFound];
    if (status === 429) return [RateLimitError, ADVICE.rateLimit];
    if (status >= 400 && status < 500) return [InvalidRequestError, ADVICE.invalid];
    return [UnavailableError, ADVICE.unavailable];
}

function errorsIn(json: unknown): ApiError[] {
    const parsed = errorAnswer.safeParse(json);
    if (!parsed.success) return [];
    return parsed.data.errors.map(({ code, message }) => ({ code: quote(code), message: quote(message) }));
}
