/** One entry of the API's `errors[]`. */
export interface ErrorEntry {
    code: string;
    message: string;
}

/**
 * Form of error bodies. `list` is the documented form. The others are older: `object`, `errors` as one object, as in a client's
 * fixture; `error`, the member `error`; `strings`, a list of texts; `description`, a list with `description` in place of
 * `message`, and another media type, as in old documents.
 */
export type ErrorForm = "list" | "object" | "error" | "strings" | "description";

/** Codes of the simulator, for errors whose code is not documented. */
const undocumentedCodes: readonly string[] = [
    "reissue_pending",
    "invalid_order_status",
    "invalid_status",
    "request_already_processed",
    "certificate_not_issued",
];

/** Status and code of errors whose code is not documented. */
export interface UndocumentedError {
    status?: number;
    code?: string;
}

/** The same error with another status and code, if its code is not documented. */
export function withUndocumented(error: ApiError, { status, code }: UndocumentedError): ApiError {
    if (!error.errors.every((entry) => undocumentedCodes.includes(entry.code))) return error;
    const errors = error.errors.map((entry) => ({ ...entry, ...(code !== undefined && { code }) }));
    return new ApiError(status ?? error.status, ...errors);
}

/** An answer of the API that is an error: HTTP status and the body's `errors[]`. */
export class ApiError extends Error {
    readonly status: number;
    readonly errors: readonly ErrorEntry[];

    constructor(status: number, ...errors: ErrorEntry[]) {
        super(errors.map((error) => `${error.code}: ${error.message}`).join("; "));
        this.status = status;
        this.errors = errors;
    }
}

/** `required_param:<path>`, one entry of a 400. */
export function requiredParam(path: string): ErrorEntry {
    return { code: `required_param:${path}`, message: `${path} is a required parameter.` };
}

/** `invalid_value:<path>`, one entry of a 400. */
export function invalidValue(path: string): ErrorEntry {
    return { code: `invalid_value:${path}`, message: `${path} contains an invalid value.` };
}

/** 400 with one entry. */
export function badRequest(code: string, message: string): ApiError {
    return new ApiError(400, { code, message });
}

/** 403; DigiCert answers an invalid key with 403 too, not with 401. */
export function accessDenied(detail: string): ApiError {
    return new ApiError(403, {
        code: `access_denied|${detail}`,
        message: `Access denied due to ${detail}.`,
    });
}

/** 404 for an order, certificate, request, product or route. */
export function notFound(what: string): ApiError {
    return new ApiError(404, {
        code: `not_found|${what}`,
        message: `The specified ${what} was not found.`,
    });
}
