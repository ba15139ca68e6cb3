/**
 * From what DigiCert or the network did to an error: what was being done, and what was wrong with it.
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
import { apiErrorsIn, UNKNOWN_CODE } from "./answers.js";
import { isBlocked, isProofOfAbsence, isSuccess, type Answer, type Exchange } from "./exchange.js";

type ErrorClass = new (...args: ConstructorParameters<typeof DigiCertError>) => DigiCertError;

/** What is known of a failure, before it is put into a sentence. */
interface Finding {
    readonly Class: ErrorClass;
    /** Follows "Reading order 112233: ". */
    readonly what: string;
    readonly remedy: Remedy;
    readonly errors?: readonly ApiError[];
}

/** A person needs no more, and a hostile server may send any number. */
const MAX_ERRORS_SHOWN = 10;

/**
 * The error for an exchange that did not succeed.
 *
 * @param doing - what was being done, to what: the beginning of the sentence
 */
export function errorOf(exchange: Exchange, doing: string): DigiCertError {
    const { Class, what, remedy, errors } = findingOf(exchange);
    const status = exchange.kind === "answer" ? exchange.status : undefined;
    return new Class(sentence(doing, what), { status, errors, remedy });
}

/** The error for a change at DigiCert that did not succeed, which says whether it may have been carried out all the same. */
export function changeErrorOf(exchange: Exchange, doing: string): DigiCertError {
    if (isProofOfAbsence(exchange)) return errorOf(exchange, doing);
    const { Class, what, errors } = findingOf(exchange);
    const status = exchange.kind === "answer" ? exchange.status : undefined;
    const message = `${sentence(doing, what)} It may have been carried out all the same.`;
    return new Class(message, { status, errors, remedy: "findOut" });
}

function sentence(doing: string, what: string): string {
    return `${doing}: ${what}${/[.!?]$/.test(what) ? "" : "."}`;
}

function findingOf(exchange: Exchange): Finding {
    switch (exchange.kind) {
        case "failure":
            return failureFinding(exchange);
        case "withheld":
            return withheldFinding(exchange.waitMs);
        case "stopped":
            return { Class: StoppedError, what: "the run was stopped", remedy: "goOn" };
        case "answer":
            return answerFinding(exchange);
    }
}

function failureFinding({ timedOut, proxyStatus, message }: Extract<Exchange, { kind: "failure" }>): Finding {
    if (timedOut) {
        const what = `DigiCert did not answer in time (${message})`;
        return { Class: TimeoutError, what, remedy: "raiseRequestTimeout" };
    }
    const remedy = proxyStatus === 407 ? "setProxyCredentials" : "checkNetwork";
    return { Class: UnavailableError, what: `DigiCert cannot be reached (${message})`, remedy };
}

function withheldFinding(waitMs: number): Finding {
    const wait = Math.ceil(waitMs / 1000);
    if (wait === 0) {
        const what = "not sent, because it could not follow the read of the order within 5 s";
        return { Class: TimeoutError, what, remedy: "tryLater" };
    }
    const what = `not sent, because DigiCert asked to wait for another ${wait} s (429)`;
    return { Class: RateLimitError, what, remedy: "waitForQuota" };
}

function answerFinding(answer: Answer): Finding {
    const { status, json, encoding } = answer;
    if (isSuccess(answer)) {
        const how = encoding === undefined ? "" : ` (Content-Encoding: ${encoding})`;
        const what = `DigiCert answered ${status}, but with something that cannot be understood${how}`;
        return { Class: UnavailableError, what, remedy: "checkAddress" };
    }
    if (isBlocked(answer)) {
        const what = `a firewall or proxy answered ${status} with a web page, so DigiCert did not see the request`;
        return { Class: UnavailableError, what, remedy: "checkFirewall" };
    }
    if (status >= 300 && status < 400) {
        const what = `DigiCert answered ${status}, a redirect, which is not followed because it would take the API key elsewhere`;
        return { Class: UnavailableError, what, remedy: "checkAddress" };
    }
    const { errors } = apiErrorsIn(json);
    const [Class, remedy] = classOf(status, errors);
    return { Class, what: `DigiCert answered ${status}${reasons(errors)}`, remedy, errors };
}

function reasons(errors: readonly ApiError[]): string {
    if (errors.length === 0) return " without a reason that can be read";
    const shown = errors.slice(0, MAX_ERRORS_SHOWN).map(({ code, message }) => {
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
    // A gateway that lost patience, not DigiCert.
    if (status === 408 || status === 499) return [UnavailableError, "tryLater"];
    if (status >= 400 && status < 500) return [InvalidRequestError, "correctInputs"];
    return [UnavailableError, "tryLater"];
}
