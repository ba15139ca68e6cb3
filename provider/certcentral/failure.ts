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
} from "../../sdk/errors.js";
import { errorAnswer } from "./answers.js";
import { quote } from "./redact.js";
import type { Exchange } from "./transport.js";

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
    timeout: "Try again, or raise digicert:requestTimeoutSeconds.",
} as const;

/** The error for an exchange that did not succeed. */
export function errorOf(exchange: Exchange, doing: string): DigiCertError {
    if (exchange.kind === "failure") {
        if (exchange.timedOut) {
            return new TimeoutError(
                `${doing}: DigiCert did not answer in time (${exchange.message}). ${ADVICE.timeout}`,
            );
        }
        return new UnavailableError(
            `${doing}: DigiCert cannot be reached (${exchange.message}). ${ADVICE.unreachable}`,
        );
    }
    const { status } = exchange;
    if (status >= 200 && status < 300) {
        const what = `DigiCert answered ${status}, but with something that cannot be understood`;
        return new UnavailableError(`${doing}: ${what}. ${ADVICE.unavailable}`, { status });
    }
    const errors = errorsIn(exchange.json);
    const words = errors
        .map(({ code, message }) => (message === "" ? code : `${message} (${code})`))
        .join("; ");
    const [Class, advice] = classOf(status, errors);
    const said =
        words === ""
            ? `DigiCert answered ${status} without a reason that can be read`
            : `DigiCert answered ${status}: ${words}`;
    return new Class(`${doing}: ${said}${/[.!?]$/.test(said) ? "" : "."} ${advice}`, { status, errors });
}

function classOf(status: number, errors: readonly ApiError[]): [ErrorClass, string] {
    if (status >= 300 && status < 400) return [UnavailableError, ADVICE.redirect];
    if (status === 401 || (status === 403 && errors.some(({ code }) => code.includes("invalid_key")))) {
        return [AuthenticationError, ADVICE.key];
    }
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
