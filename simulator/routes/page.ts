import { ApiError, invalidValue } from "../apiError.js";
import { type Context } from "./route.js";

function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
    const text = query.get(name);
    if (text === null || text === "") return otherwise; // a client sends an empty offset
    if (!/^\d+$/.test(text)) throw new ApiError(400, invalidValue(name));
    return Number(text);
}

/** Returns the part of a list that `limit` and `offset` select, and the member `page`. */
export function pageOf<T>({ account, request }: Context, all: readonly T[]) {
    const { pageSize } = account.settings;
    const limit = Math.min(numberOf(request.query, "limit", pageSize), pageSize);
    const offset = numberOf(request.query, "offset", 0);
    return { items: all.slice(offset, offset + limit), page: { total: all.length, limit, offset } };
}
