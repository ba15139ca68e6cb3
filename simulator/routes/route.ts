import { type Account } from "../account.js";
import { badRequest, notFound } from "../apiError.js";
import { type ApiRequest, type Reply } from "../http.js";
import { type OrderRecord } from "../model.js";

/** The arguments of a route. */
export interface Context {
    account: Account;
    request: ApiRequest;
    /** The parameters in the path. */
    params: Readonly<Record<string, string | undefined>>;
    /** The body as JSON; an empty body counts as an empty object. */
    body: () => unknown;
}

/** A route of the API: method, path under `/services/v2`, and the function that answers. */
export interface Route {
    method: "GET" | "POST" | "PUT";
    path: string;
    answer: (context: Context) => Reply;
}

/** Parses a body as JSON; throws the API's 400 if it is malformed. */
export function parseJson(text: string): unknown {
    if (text.trim() === "") return {};
    try {
        return JSON.parse(text);
    } catch {
        throw badRequest("bad_request_format", "The request body is not in a valid format.");
    }
}

/** Reads an id in the path; throws the API's 404 if it is not a number. */
export function idOf({ params }: Context, name: string, what: string): number {
    const text = params[name] ?? "";
    if (!/^\d+$/.test(text)) throw notFound(what);
    return Number(text);
}

/** Finds the order in the path. */
export function orderOf(context: Context): OrderRecord {
    return context.account.order(idOf(context, "orderId", "order"));
}
