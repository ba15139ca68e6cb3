/**
 * The errors of this package. The message of an error says what was being done, to which order, and what was wrong. The
 * surface that prints the error (the resource, the command) adds the remedy in its own words: see `Remedy` and `explain`.
 *
 * This file imports nothing, so that a program that imports `pulumi-digicert` loads neither the HTTP client nor the schema
 * library.
 *
 * @module
 */

/** One entry of the `errors` array in a CertCentral answer. */
export interface ApiError {
    /** DigiCert's code, for example `access_denied|access_denied_invalid_key`. */
    readonly code: string;
    /** DigiCert's sentence. */
    readonly message: string;
}

/** The stable codes of {@link DigiCertError}; a code never changes its meaning. */
export type DigiCertErrorCode =
    | "ERR_DIGICERT_CONFIGURATION"
    | "ERR_DIGICERT_AUTHENTICATION"
    | "ERR_DIGICERT_PERMISSION"
    | "ERR_DIGICERT_NOT_FOUND"
    | "ERR_DIGICERT_INVALID_REQUEST"
    | "ERR_DIGICERT_RATE_LIMIT"
    | "ERR_DIGICERT_UNAVAILABLE"
    | "ERR_DIGICERT_AMBIGUOUS"
    | "ERR_DIGICERT_TIMEOUT"
    | "ERR_DIGICERT_REFUSED"
    | "ERR_DIGICERT_CERTIFICATE"
    | "ERR_DIGICERT_PENDING"
    | "ERR_DIGICERT_REJECTED"
    | "ERR_DIGICERT_EXPIRING"
    | "ERR_DIGICERT_STATE"
    | "ERR_DIGICERT_STOPPED";

/**
 * What a person can do about an error. Each surface has one sentence for each of them: `provider/pulumi/remedies.ts` for
 * the resource, `cli/remedies.ts` for the command.
 *
 * @internal
 */
export type Remedy =
    /** The API key is not set. */
    | "setApiKey"
    /** A DigiCertProvider was constructed without an API key. */
    | "passApiKey"
    /** The API key has a form that no API key has: it holds white space or line breaks, or is a private key. */
    | "setApiKeyAgain"
    /** The API key is in the stack configuration, but DigiCert's address is in the environment. */
    | "setKeyAndAddressTogether"
    /** A setting has an invalid value. */
    | "correctSetting"
    /** DigiCert rejects the API key. */
    | "checkApiKey"
    /** The role of the API key's user lacks a permission. */
    | "useAnotherRole"
    /** DigiCert answered 404: the order id, the account, the region or the address is wrong. */
    | "checkOrderAndAccount"
    /** DigiCert refused the request and named the inputs at fault. */
    | "correctInputs"
    /** The quota of the API key is used up. */
    | "waitForQuota"
    /** DigiCert failed temporarily. */
    | "tryLater"
    /** The answer is a redirect, or has a form that DigiCert's API does not use: the address may be wrong. */
    | "checkAddress"
    /** DigiCert could not be reached through the network or the proxy. */
    | "checkNetwork"
    /** One HTTP request took too long. */
    | "raiseRequestTimeout"
    /** The proxy requires credentials. */
    | "setProxyCredentials"
    /** The proxy setting is not a valid URL. */
    | "correctProxy"
    /** A firewall or proxy answered in DigiCert's place. */
    | "checkFirewall"
    /** A cancellation or revocation may have been carried out; its answer was lost. */
    | "checkOrder"
    /** The reissue may have been accepted; the answer to its POST was lost. */
    | "confirmReissue"
    /** The reissue was accepted, and is not issued yet. */
    | "resume"
    /** The run was stopped before its end. */
    | "goOn"
    /** The reissue was accepted, and waits for an approver. */
    | "approve"
    /** The reissue was accepted, and waits for domain control validation. */
    | "publishToken"
    /** The order is closed: it allows no further reissue. */
    | "placeNewOrder"
    /** The order is not issued yet, and so cannot be reissued. */
    | "completeOrder"
    /** The order has a status that this version does not know. */
    | "upgrade"
    /** A reissue that this resource did not request is pending on the order. */
    | "waitOrCancel"
    /** The reissue was rejected; the same request is not repeated. */
    | "changeProgram"
    /** DigiCert sent a certificate or an order that does not match the request. */
    | "askDigiCert"
    /** The order's certificate differs from the certificate that the program wants to adopt. */
    | "matchOrReissue"
    /** DigiCert does not show the CSR of the certificate, so only a program that holds the CSR can supply it. */
    | "adoptWithCsr"
    /** The change of orderId would revoke the certificate of the earlier order. */
    | "forgetFirst"
    /** The revocation is not confirmed in this run. */
    | "confirmRevoke"
    /** The certificate in use has few days left, and its successor is not issued. */
    | "getSuccessorIssued"
    /** The program passes an invalid value. */
    | "correctProgram"
    /** The state of the stack cannot be read. */
    | "repairState"
    /** This run requested no certificate; the next run does. */
    | "runAgain";

/**
 * The sentence of a surface for each remedy.
 *
 * @internal
 */
export type RemedyWords = Readonly<Record<Remedy, string>>;

/** The details of an error besides its message. */
export interface DigiCertErrorDetails {
    /** HTTP status of the answer, where there was one. */
    readonly status?: number | undefined;
    /** All entries of the `errors` array in DigiCert's answer. */
    readonly errors?: readonly ApiError[] | undefined;
    /**
     * Name of what a person can do about the error.
     *
     * @internal
     */
    readonly remedy?: Remedy | undefined;
    /** The underlying failure; it holds no secret. */
    readonly cause?: unknown;
}

/**
 * Base class of the errors of this package. The message is a sentence: what was being done, to which order, and DigiCert's
 * reason. There is a subclass for each different reaction of a caller.
 *
 * The errors of `getOrder` can be caught with `instanceof`, and their message says what to do as well. The errors of a
 * resource stay in the provider's process; only their sentence reaches the terminal.
 *
 * @example
 * ```ts
 * import { DigiCertError, getOrder, NotFoundError } from "pulumi-digicert";
 *
 * async function productOf(orderId: number): Promise<string | undefined> {
 *     try {
 *         return (await getOrder({ orderId })).productNameId;
 *     } catch (error) {
 *         if (error instanceof NotFoundError) return undefined;
 *         if (error instanceof DigiCertError) console.error(error.code, error.status, error.errors);
 *         throw error;
 *     }
 * }
 *
 * void productOf(112233);
 * ```
 */
export class DigiCertError extends Error {
    /** Stable code; see {@link DigiCertErrorCode}. */
    readonly code: DigiCertErrorCode = "ERR_DIGICERT_REFUSED";
    /** HTTP status of DigiCert's answer; absent if no answer came. */
    declare readonly status?: number;
    /** All entries of the `errors` array in DigiCert's answer; empty if there are none. */
    readonly errors: readonly ApiError[];
    /**
     * Name of what a person can do about the error; each surface has its own words for it.
     *
     * @internal
     */
    declare readonly remedy?: Remedy;

    constructor(message: string, details: DigiCertErrorDetails = {}) {
        super(message, details.cause === undefined ? undefined : { cause: details.cause });
        this.name = new.target.name;
        this.errors = details.errors ?? [];
        if (details.status !== undefined) this.status = details.status;
        if (details.remedy !== undefined) this.remedy = details.remedy;
    }
}

/**
 * Code `ERR_DIGICERT_CONFIGURATION`: a setting is missing or invalid, and no request was made. The message names the setting,
 * and never shows its value.
 */
export class ConfigurationError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_CONFIGURATION";
}

/**
 * Code `ERR_DIGICERT_AUTHENTICATION`: DigiCert answered 403 `access_denied_invalid_key`, or 401. The key is wrong, revoked, or
 * of the other region.
 */
export class AuthenticationError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_AUTHENTICATION";
}

/** Code `ERR_DIGICERT_PERMISSION`: DigiCert answered 403 for another reason. The key is valid, but its role lacks a permission. */
export class PermissionError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_PERMISSION";
}

/**
 * Code `ERR_DIGICERT_NOT_FOUND`: DigiCert answered 404. CertCentral never deletes an order, so the order id, the account, the
 * region or the address is wrong.
 */
export class NotFoundError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_NOT_FOUND";
}

/**
 * Code `ERR_DIGICERT_INVALID_REQUEST`: DigiCert refused the request with a 4xx status that no other class covers;
 * {@link DigiCertError.errors} holds all its reasons.
 */
export class InvalidRequestError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_INVALID_REQUEST";
}

/**
 * Code `ERR_DIGICERT_RATE_LIMIT`: DigiCert answered 429, or the request was not sent because of an earlier 429. Programs outside
 * of this process have used up the quota of the API key (100 requests in 5 s, 1,000 in 3 min), and it was not free again in time.
 */
export class RateLimitError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_RATE_LIMIT";
}

/**
 * Code `ERR_DIGICERT_UNAVAILABLE`: DigiCert could not be reached, answered 5xx or with a redirect, or sent an answer that
 * cannot be read. A read was already repeated before it failed with this error.
 */
export class UnavailableError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_UNAVAILABLE";
}

/**
 * Code `ERR_DIGICERT_AMBIGUOUS`: DigiCert may or may not have accepted the reissue; the cause says what happened to the answer.
 * The order was read, and did not show which of the two it is. The resource is saved with `status: unknown`, and the next
 * `pulumi up` reads the order again before it requests anything.
 */
export class AmbiguousError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_AMBIGUOUS";
}

/**
 * Code `ERR_DIGICERT_TIMEOUT`: one request took longer than `requestTimeoutSeconds`, or the answers came too slowly for the
 * POST to be sent within 5 s of the read of the order. A certificate that is not issued in time is a {@link PendingError}.
 */
export class TimeoutError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_TIMEOUT";
}

/**
 * Code `ERR_DIGICERT_REFUSED`: this package stopped before an operation that could do harm or cannot succeed. Examples: a name
 * would be lost, a reissue of somebody else is pending, the order allows no reissue, or the order has no certificate to read.
 */
export class RefusedError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_REFUSED";
}

/**
 * Code `ERR_DIGICERT_CERTIFICATE`: DigiCert sent a certificate that does not match the request (another key, another serial
 * number, a missing name, unreadable PEM). The certificate is not used.
 */
export class CertificateError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_CERTIFICATE";
}

/**
 * Code `ERR_DIGICERT_PENDING`: DigiCert accepted the reissue, and has not issued the certificate yet (approval or domain
 * validation is missing, or DigiCert is slow). The ids are saved, and the next `pulumi up` goes on waiting.
 */
export class PendingError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_PENDING";
}

/** Code `ERR_DIGICERT_REJECTED`: somebody rejected or cancelled the reissue; the message says who and why, if DigiCert does. */
export class RejectedError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_REJECTED";
}

/**
 * Code `ERR_DIGICERT_EXPIRING`: the certificate in use has fewer days left than `failDaysRemaining`, and its successor is not
 * issued.
 */
export class ExpiringError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_EXPIRING";
}

/** Code `ERR_DIGICERT_STATE`: the state of the stack cannot be read; the message names the member at fault. */
export class StateError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_STATE";
}

/**
 * Code `ERR_DIGICERT_STOPPED`: the run was stopped (Ctrl-C) while something was read or waited for. A POST is never stopped
 * half-way, and what DigiCert accepted is saved.
 */
export class StoppedError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_STOPPED";
}

/**
 * The sentence that a person reads: what happened, what to do in the words of a surface, and the code, for which the
 * troubleshooting page can be searched.
 *
 * @param error - anything that was thrown; if it is not a {@link DigiCertError}, only its message is returned
 * @param words - the remedies in the words of the surface that prints the sentence
 * @param note - a further sentence, before the code
 *
 * @internal
 */
export function explain(error: unknown, words: RemedyWords, note = ""): string {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof DigiCertError)) return message;
    const what = /[.!?]$/.test(message) ? message : `${message}.`;
    const advice = error.remedy === undefined ? "" : words[error.remedy];
    return [what, advice, note, `(${error.code})`].filter(Boolean).join(" ");
}
