/**
 * The errors of this package. An error says what was being done, to what, and what was wrong. What to do about it is said by
 * the surface that prints it (the resource, the command), in the words of that surface: see {@link Remedy} and
 * {@link explain}.
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
 */
export type Remedy =
    /** There is no API key. */
    | "setApiKey"
    /** An explicit provider has no API key; it takes none from elsewhere. */
    | "passApiKey"
    /** The API key is not a key: quotes, line breaks, a private key. */
    | "setApiKeyAgain"
    /** The API key and the address come from two places. */
    | "setKeyAndAddressTogether"
    /** A setting has a value that it may not have. */
    | "correctSetting"
    /** DigiCert does not accept the API key. */
    | "checkApiKey"
    /** The role of the key's user may not do this. */
    | "useAnotherRole"
    /** Order, account, region or address is the wrong one. */
    | "checkOrderAndAccount"
    /** DigiCert names inputs that it does not accept. */
    | "correctInputs"
    /** The quota of the API key is used up. */
    | "waitForQuota"
    /** A passing failure. */
    | "tryLater"
    /** A redirect, or an answer that is not DigiCert's: the address is wrong. */
    | "checkAddress"
    /** The network, the proxy or the address does not work. */
    | "checkNetwork"
    /** One request took too long. */
    | "raiseRequestTimeout"
    /** The proxy asks for credentials. */
    | "setProxyCredentials"
    /** The URL of the proxy is not one. */
    | "correctProxy"
    /** A firewall or proxy in between answered instead of DigiCert. */
    | "checkFirewall"
    /** A request that changes something may have been carried out. */
    | "findOut"
    /** The POST may have been accepted; the next run looks for it before anything else. */
    | "lookAgain"
    /** Nothing is lost: the ids are saved, and the next run goes on waiting. */
    | "resume"
    /** The run was stopped before it had done everything. */
    | "goOn"
    /** Like `resume`, after somebody approved the request. */
    | "approve"
    /** Like `resume`, after the DCV token was published. */
    | "publishToken"
    /** The order allows no reissue any more. */
    | "placeNewOrder"
    /** The order is in a state that allows no reissue yet. */
    | "settleOrder"
    /** This version does not know the order's state. */
    | "upgrade"
    /** A reissue of somebody else is pending. */
    | "waitOrCancel"
    /** A rejected reissue is not repeated until the program changes. */
    | "changeProgram"
    /** What was sent is not the certificate that was asked for. */
    | "askDigiCert"
    /** Names would disappear. */
    | "keepOrPermitNames"
    /** The order's certificate is not the one that the program wants to adopt. */
    | "matchOrReissue"
    /** A move to another order would revoke a certificate in use. */
    | "forgetFirst"
    /** The certificate is not revoked unless this run confirms it. */
    | "confirmRevoke"
    /** The certificate in use has few days left and no successor. */
    | "getSuccessorIssued"
    /** The program has to be corrected. */
    | "correctProgram"
    /** What the stack's state holds cannot be understood. */
    | "repairState"
    /** Nothing was asked in this run; the next one asks. */
    | "runAgain";

/** The sentence of a surface for each remedy. */
export type RemedyWords = Readonly<Record<Remedy, string>>;

/** What an error carries besides its sentence. */
export interface DigiCertErrorDetails {
    /** HTTP status of the answer, where there was one. */
    readonly status?: number | undefined;
    /** All entries of DigiCert's `errors` array. */
    readonly errors?: readonly ApiError[] | undefined;
    /** What a person can do about it. */
    readonly remedy?: Remedy | undefined;
    /** The underlying failure, free of secrets. */
    readonly cause?: unknown;
}

/**
 * Base class of the errors of this package. The message is a sentence: what was being done, to which order, what
 * DigiCert said. Subclasses are split by what a caller would do next.
 *
 * Errors of resources stay in the provider's process, and only their sentence reaches the terminal; those of `getOrder` can
 * be caught with `instanceof`, and tell what to do as well.
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
    /** HTTP status of DigiCert's answer; absent when there was none. */
    declare readonly status?: number;
    /** DigiCert's own `errors[]`, all of them; empty when it sent none. */
    readonly errors: readonly ApiError[];
    /**
     * What a person can do about it; each surface has its own words for it.
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
 * Code `ERR_DIGICERT_CONFIGURATION`: a setting is missing or wrong, before any request. The message names the setting, never
 * its value.
 */
export class ConfigurationError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_CONFIGURATION";
}

/**
 * Code `ERR_DIGICERT_AUTHENTICATION`: 403 `access_denied_invalid_key`, or 401. The key is wrong, revoked, or of the other
 * region; CertCentral answers a bad key with 403.
 */
export class AuthenticationError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_AUTHENTICATION";
}

/** Code `ERR_DIGICERT_PERMISSION`: any other 403 of DigiCert. The key is valid, but its role may not do this. */
export class PermissionError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_PERMISSION";
}

/**
 * Code `ERR_DIGICERT_NOT_FOUND`: 404. Orders do not disappear from CertCentral, so the order id, the account, the region or
 * the address is the wrong one.
 */
export class NotFoundError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_NOT_FOUND";
}

/**
 * Code `ERR_DIGICERT_INVALID_REQUEST`: DigiCert refused what was asked for, with any 4xx that has no class of its own;
 * {@link DigiCertError.errors} holds all its reasons.
 */
export class InvalidRequestError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_INVALID_REQUEST";
}

/**
 * Code `ERR_DIGICERT_RATE_LIMIT`: 429, or not sent because of an earlier one. The quota of the API key (100 requests in 5 s,
 * 1,000 in 3 min) is used up by somebody outside of this process, and waiting for it did not help.
 */
export class RateLimitError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_RATE_LIMIT";
}

/**
 * Code `ERR_DIGICERT_UNAVAILABLE`: DigiCert could not be reached, answered 5xx or with a redirect, or answered something that
 * cannot be read. Reads were repeated already.
 */
export class UnavailableError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_UNAVAILABLE";
}

/**
 * Code `ERR_DIGICERT_AMBIGUOUS`: the reissue may or may not have been accepted; the cause says what happened to its answer.
 * The order is looked at until that is known; if it cannot be known, the resource is saved with `status: unknown`, and the
 * next `pulumi up` looks again.
 */
export class AmbiguousError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_AMBIGUOUS";
}

/**
 * Code `ERR_DIGICERT_TIMEOUT`: one request took longer than `requestTimeoutSeconds`, or the answers came too slowly for a
 * POST to follow the read that allows it. A certificate that is not issued in time is a {@link PendingError}.
 */
export class TimeoutError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_TIMEOUT";
}

/**
 * Code `ERR_DIGICERT_REFUSED`: this package refused to go on, because going on could do harm or cannot succeed: a name would
 * be lost, a reissue of somebody else is pending, the order allows no reissue, or has nothing to read.
 */
export class RefusedError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_REFUSED";
}

/**
 * Code `ERR_DIGICERT_CERTIFICATE`: DigiCert returned a certificate that is not the one asked for (another key, another serial
 * number, a wanted name missing, unreadable PEM). It is not used.
 */
export class CertificateError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_CERTIFICATE";
}

/**
 * Code `ERR_DIGICERT_PENDING`: DigiCert accepted the reissue, and it is not issued yet (approval, domain validation, or
 * DigiCert is slow). Its ids are saved, and the next `pulumi up` goes on waiting.
 */
export class PendingError extends DigiCertError {
    override readonly code = "ERR_DIGICERT_PENDING";
}

/** Code `ERR_DIGICERT_REJECTED`: somebody rejected or cancelled the reissue; the message says who and why, where told. */
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

/** Code `ERR_DIGICERT_STATE`: the stack's state holds something that cannot be understood; the message names the member. */
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
 * @param error - anything that was thrown; what is no {@link DigiCertError} gives its message alone
 * @param words - what to do, in the words of the surface that prints the sentence
 * @param note - a further sentence, before the code
 */
export function explain(error: unknown, words: RemedyWords, note = ""): string {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof DigiCertError)) return message;
    const what = /[.!?]$/.test(message) ? message : `${message}.`;
    const advice = error.remedy === undefined ? "" : words[error.remedy];
    return [what, advice, note, `(${error.code})`].filter(Boolean).join(" ");
}
