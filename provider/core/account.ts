/**
 * What everything in the process that uses the same API key at the same address shares: the quota, and the
 * connections.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Dispatcher } from "undici";
import { dispatcherFor } from "./certcentral/dispatcher.js";
import { Limiter } from "./certcentral/limiter.js";
import type { Settings } from "./settings.js";

/** Shared by all clients with the same key and address. */
export interface Shared {
    readonly limiter: Limiter;
    readonly dispatcher: Dispatcher;
}

const byAccount = new Map<string, Shared>();

/** The one limiter and the one connection pool for a key and an address. */
export function sharedBy({ apiKey, baseUrl }: Settings): Shared {
    // A digest, so that no dump of the map shows the key.
    const account = createHash("sha256").update(`${baseUrl} ${apiKey()}`).digest("hex");
    const shared = byAccount.get(account) ?? { limiter: new Limiter(), dispatcher: dispatcherFor(baseUrl) };
    byAccount.set(account, shared);
    return shared;
}
