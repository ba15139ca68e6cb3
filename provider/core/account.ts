/**
 * What everything in the process that uses the same API key at the same address shares: the quota, and the
 * connections.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Dispatcher } from "undici";
import { dispatcherFor } from "./certcentral/dispatcher.js";
import { Limiter, windowsFor } from "./certcentral/limiter.js";
import type { Settings } from "./settings.js";

/** Shared by all clients with the same key and address. */
export interface Shared {
    readonly limiter: Limiter;
    readonly dispatcher: Dispatcher;
}

const byAccount = new Map<string, Shared>();

/**
 * The one limiter and the one connection pool for a key and an address. Where providers of one program tell different shares
 * of the quota, the smallest of them is kept.
 */
export function sharedBy({ apiKey, baseUrl, quotaShare }: Settings): Shared {
    // A digest, so that no dump of the map shows the key.
    const account = createHash("sha256").update(`${baseUrl} ${apiKey()}`).digest("hex");
    const windows = windowsFor(quotaShare);
    const shared = byAccount.get(account) ?? {
        limiter: new Limiter(windows),
        dispatcher: dispatcherFor(baseUrl),
    };
    shared.limiter.narrow(windows);
    byAccount.set(account, shared);
    return shared;
}
