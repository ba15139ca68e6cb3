/**
 * Makes an error of a failed exchange: what was being done, and what was wrong.
 *
 * @module
 */
import {
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    PermissionError,
    RateLimitError,
    StoppedError,
    TimeoutError,
    UnavailableError,
    type ApiError,
    type DigiCertError,
    type Remedy,
} from "../errors.js";
import { quote } from "../quote.js";
import { apiErrorsIn, UNKNOWN_CODE } from "./answers.js";
import { isBlocked, isProofOfAbsence, isSuccess, type Answer, type Exchange } from "./exchange.js";

type ErrorClass = new (...args: ConstructorParameters<typeof DigiCertError>) => DigiCertError;

/** The parts of an error. */
interface Failure {
    readonly Class: ErrorClass;
    /** What was wrong, in words that follow "Reading order 112233: ". */
    readonly problem: string;
    readonly remedy: Remedy;
    readonly errors?: readonly ApiError[];
}

/** Number of errors in one sentence; a server may send any number. */
const MAX_ERRORS_SHOWN = 10;

/**
 * The error for an exchange that did not succeed.
 *
 * @param operation - the beginning of the sentence, such as "Reading order 112233"
 */
export function errorOf(exchange: Exchange, operation: string): DigiCertError {
    const { Class, problem, remedy, errors } = failureOf(exchange);
    const status = exchange.kind === "answer" ? exchange.status : undefined;
    return new Class(sentence(operation, problem), { status, errors, remedy });
}

/** The error for a cancellation or revocation that did not succeed; it says if the change may have been carried out anyway. */
export function changeErrorOf(exchange: Exchange, operation: string): DigiCertError {
    if (isProofOfAbsence(exchange)) return errorOf(exchange, operation);
    const { Class, problem, errors } = failureOf(exchange);
    const status = exchange.kind === "answer" ? exchange.status : undefined;
    const message = `${sentence(operation, problem)} It may have been carried out nevertheless.`;
    return new Class(message, { status, errors, remedy: "checkOrder" });
}

function sentence(operation: string, problem: string): string {
    return `${operation}: ${problem}${/[.!?]$/.test(problem) ? "" : "."}`;
}

function failureOf(exchange: Exchange): Failure {
    switch (exchange.kind) {
        case "failure":
            return networkFailure(exchange);
        case "withheld":
            return withheldFailure(exchange.waitMs);
        case "stopped":
            return { Class: StoppedError, problem: "the run was stopped", remedy: "goOn" };
        case "answer":
            return answerFailure(exchange);
    }
}

function networkFailure({ timedOut, proxyStatus, message }: Extract<Exchange, { kind: "failure" }>): Failure {
    if (timedOut) {
        const problem = `DigiCert did not answer in time (${message})`;
        return { Class: TimeoutError, problem, remedy: "raiseRequestTimeout" };
    }
    const remedy = proxyStatus === 407 ? "setProxyCredentials" : "checkNetwork";
    return { Class: UnavailableError, problem: `DigiCert cannot be reached (${message})`, remedy };
}

function withheldFailure(waitMs: number): Failure {
    const wait = Math.ceil(waitMs / 1000);
    if (wait === 0) {
        const problem = "not sent, because it could not follow the read of the order within 5 s";
        return { Class: TimeoutError, problem, remedy: "tryLater" };
    }
    const problem = `not sent, because DigiCert asked to wait for another ${wait} s (429)`;
    return { Class: RateLimitError, problem, remedy: "waitForQuota" };
}

function answerFailure(answer: Answer): Failure {
    const { status, json, encoding } = answer;
    if (isSuccess(answer)) {
        const how = encoding === undefined ? "" : ` (Content-Encoding: ${encoding})`;
        const problem = `DigiCert answered ${status}, but with something that cannot be understood${how}`;
        return { Class: UnavailableError, problem, remedy: "checkAddress" };
    }
    if (isBlocked(answer)) {
        const problem = `a firewall or proxy answered ${status} with a web page, so DigiCert did not see the request`;
        return { Class: UnavailableError, problem, remedy: "checkFirewall" };
    }
    if (status >= 300 && status < 400) {
        const problem = `DigiCert answered ${status}, a redirect, which is not followed because it would take the API key elsewhere`;
        return { Class: UnavailableError, problem, remedy: "checkAddress" };
    }
    const { errors } = apiErrorsIn(json);
    const [Class, remedy] = classOf(status, errors);
    return { Class, problem: `DigiCert answered ${status}${reasons(errors)}`, remedy, errors };
}

function reasons(errors: readonly ApiError[]): string {
    if (errors.length === 0) return " without a reason that can be read";
    const shown = errors.slice(0, MAX_ERRORS_SHOWN).map((error) => {
        const [code, message] = [quote(error.code), quote(error.message)];
        if (message === "") return code;
        return code === UNKNOWN_CODE ? message : `${message} (${code})`;
    });
    if (errors.length > shown.length) shown.push(`and ${errors.length - shown.length} more`);
    return `: ${shown.join("; ")}`;
}

function classOf(status: number, errors: readonly ApiError[]): [ErrorClass, Remedy] {
    if (status === 401 || (status === 403 && errors.some(({ code }) => code.includes("invalid_key")))) {
        return [AuthenticationError, "checkApiKey"];
    }
    if (status === 407) return [UnavailableError, "setProxyCredentials"];
    if (status === 403) return [PermissionError, "useAnotherRole"];
    if (status === 404) return [NotFoundError, "checkOrderAndAccount"];
    if (status === 429) return [RateLimitError, "waitForQuota"];
    // Gateways that time out send these two; DigiCert does not.
    if (status === 408 || status === 499) return [UnavailableError, "tryLater"];
    if (status >= 400 && status < 500) {
        return [InvalidRequestError, errors.length > 0 ? "correctInputs" : "checkAddress"];
    }
    return [UnavailableError, "tryLater"];
}
