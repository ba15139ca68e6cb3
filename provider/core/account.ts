/**
 * The limiter of the quota and the pool of connections, which all clients in the process with the same API key and
 * the same address share.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Dispatcher } from "undici";
import { dispatcherFor } from "./certcentral/dispatcher.js";
import { Limiter, windowsFor } from "./certcentral/limiter.js";
import type { Settings } from "./settings.js";

/** The limiter and the connections of one API key at one address. */
export interface Account {
    readonly limiter: Limiter;
    readonly dispatcher: Dispatcher;
}

/** The accounts of this process; they live as long as the process. */
const accounts = new Map<string, Account>();

/** Whether this process waits for the answer to a POST, or may send a POST for an order that it has just read. */
export function isPosting(): boolean {
    return [...accounts.values()].some(({ limiter }) => limiter.isPosting);
}

/**
 * Finds the account of a key and an address; the first call for them makes it. If providers of one program have different
 * shares of the quota, the smallest share applies.
 */
export function findAccount({ apiKey, baseUrl, quotaShare }: Settings): Account {
    // The map is indexed by a digest, so that a dump of the map does not show the key.
    const id = createHash("sha256").update(`${baseUrl} ${apiKey()}`).digest("hex");
    const windows = windowsFor(quotaShare);
    const account = accounts.get(id) ?? {
        limiter: new Limiter(windows),
        dispatcher: dispatcherFor(baseUrl),
    };
    account.limiter.narrow(windows);
    accounts.set(id, account);
    return account;
}
