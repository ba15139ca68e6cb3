/**
 * A session with one DigiCert account: what the operations of a resource need from the outside.
 *
 * @module
 */
import type { CertCentral } from "./certcentral/client.js";
import { beforeAbort, type Clock } from "./clock.js";
import type { Tell } from "./message.js";
import { IssuancePoller } from "./poller.js";
import type { Settings } from "./settings.js";

/** Handed to every operation. */
export interface Session extends Clock {
    readonly client: CertCentral;
    /** Longest pause between two reads of a pending order, in milliseconds. */
    readonly pollMs: number;
    /** For how long an order is read before absence counts as proof, in milliseconds. */
    readonly settleMs: number;
    /** Polls for all orders that are waited for in this session. */
    readonly poller: IssuancePoller;
    /** Ids of the certificates that this run may revoke. */
    readonly confirmedRevocations: ReadonlySet<number>;
    /** Says something to a person. */
    readonly tell: Tell;
    /**
     * Ends waiting early: pauses, the wait for the quota, and reads. It never falls between the read that allows a POST and the
     * end of the POST.
     */
    readonly signal: AbortSignal;
    /** The host's own limit for how long an operation may wait for issuance, in milliseconds; none where it sets none. */
    readonly waitLimitMs?: number | undefined;
}

/** Opens the session when an operation needs DigiCert: a run that makes no request needs no API key. */
export interface Sessions {
    /** The time now. */
    now(): Date;
    /**
     * Opens the session, once.
     *
     * @throws ConfigurationError where a setting is missing or wrong.
     */
    open(): Promise<Session>;
}

/** What a session takes from the process; replaced in tests. */
export interface Surroundings extends Clock {
    /**
     * Makes the API client; loads the HTTP code on first use.
     *
     * @param signal - ends waiting, see {@link Session.signal}
     */
    connect(settings: Settings, signal: AbortSignal): Promise<CertCentral>;
}

/** Opens a session with validated settings. */
export async function openSession(
    around: Surroundings,
    settings: Settings,
    { tell, signal, confirmedRevocations }: Pick<Session, "tell" | "signal" | "confirmedRevocations">,
): Promise<Session> {
    const client = await around.connect(settings, signal);
    const pollMs = settings.pollSeconds * 1000;
    return {
        // Not the surroundings themselves: their environment may hold the key, and no dump of a session shows it.
        now: () => around.now(),
        elapsed: () => around.elapsed(),
        sleep: (ms) => beforeAbort(signal, around.sleep(ms)),
        client,
        pollMs,
        settleMs: settings.settleSeconds * 1000,
        poller: new IssuancePoller(client, around, pollMs, signal, settings.quotaShare),
        tell,
        signal,
        confirmedRevocations,
    };
}
