import { type Account } from "../account.js";
import { badRequest, notFound } from "../apiError.js";
import { type ApiRequest, type Reply } from "../http.js";
import { type OrderRecord } from "../model.js";

/** What a route gets. */
export interface Context {
    account: Account;
    request: ApiRequest;
    /** From the path. */
    params: Readonly<Record<string, string | undefined>>;
    /** The JSON of the body; an empty body is an empty object. */
    body: () => unknown;
}

/** A route of the API: method, path under `/services/v2`, and what it answers. */
export interface Route {
    method: "GET" | "POST" | "PUT";
    path: string;
    answer: (context: Context) => Reply;
}

/** The body's JSON; throws the API's 400 if it is malformed. */
export function parseJson(text: string): unknown {
    if (text.trim() === "") return {};
    try {
        return JSON.parse(text);
    } catch {
        throw badRequest("bad_request_format", "The request body is not in a valid format.");
    }
}

/** An id in the path. What is not a number is not found. */
export function idOf({ params }: Context, name: string, what: string): number {
    const text = params[name] ?? "";
    if (!/^\d+$/.test(text)) throw notFound(what);
    return Number(text);
}

/** The order in the path. */
export function orderOf(context: Context): OrderRecord {
    return context.account.order(idOf(context, "orderId", "order"));
}
