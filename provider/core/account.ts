/**
 * The limiter of the quota and the pool of connections, which all clients in the process with the same API key and
 * the same address share.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Dispatcher } from "undici";
import { dispatcherFor } from "./certcentral/dispatcher.js";
import { Limiter } from "./certcentral/limiter.js";
import type { Settings } from "./settings.js";

/** The limiter and the connections of one API key at one address. */
export interface Account {
    readonly limiter: Limiter;
    readonly dispatcher: Dispatcher;
}

const accounts = new Map<string, Account>();

/** Finds the account of a key and an address; the first call for them makes it. */
export function findAccount({ apiKey, baseUrl }: Settings): Account {
    // The map is indexed by a digest, so that a dump of the map does not show the key.
    const id = createHash("sha256").update(`${baseUrl} ${apiKey()}`).digest("hex");
    const account = accounts.get(id) ?? { limiter: new Limiter(), dispatcher: dispatcherFor(baseUrl) };
    accounts.set(id, account);
    return account;
}
