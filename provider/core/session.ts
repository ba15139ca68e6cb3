/**
 * A session with one DigiCert account: API client, clock, messages and cancellation for the operations of a resource.
 *
 * @module
 */
import type { CertCentral } from "./certcentral/client.js";
import { waitUnlessAborted, type Clock } from "./clock.js";
import type { Tell } from "./message.js";
import { IssuancePoller } from "./poller.js";
import type { Settings } from "./settings.js";

/** The session that every operation gets. */
export interface Session extends Clock {
    readonly client: CertCentral;
    /** Longest pause between two reads of a pending order, in milliseconds. */
    readonly pollMs: number;
    /** How long an order is read, after a lost answer, until an absent reissue counts as not accepted; in milliseconds. */
    readonly settleMs: number;
    /** Polls for all orders of this session that wait for issuance. */
    readonly poller: IssuancePoller;
    /** Ids of the certificates that this run may revoke. */
    readonly confirmedRevocations: ReadonlySet<number>;
    /** Sends a message to a person. */
    readonly tell: Tell;
    /**
     * Ends waiting early: pauses, the wait for the quota, and reads. It never falls between the read that allows a POST and the
     * end of the POST.
     */
    readonly signal: AbortSignal;
    /** A further limit for the wait for issuance, in milliseconds, and the name of the option that a person set it with. */
    readonly waitLimit?: { readonly ms: number; readonly name: string } | undefined;
}

/** Opens the session at the first request, so that a run without requests needs no API key. */
export interface Sessions {
    /** The time now. */
    now(): Date;
    /**
     * Opens the session; later calls return the same session.
     *
     * @throws ConfigurationError if a setting is missing or invalid.
     */
    open(): Promise<Session>;
}

/** The services of the process that a session uses; tests replace them. */
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
    surroundings: Surroundings,
    settings: Settings,
    { tell, signal, confirmedRevocations }: Pick<Session, "tell" | "signal" | "confirmedRevocations">,
): Promise<Session> {
    const client = await surroundings.connect(settings, signal);
    const pollMs = settings.pollSeconds * 1000;
    return {
        // The session does not hold the surroundings, whose environment may hold the API key: a dump of a session shows no key.
        now: () => surroundings.now(),
        elapsed: () => surroundings.elapsed(),
        sleep: (ms) => waitUnlessAborted(signal, surroundings.sleep(ms)),
        client,
        pollMs,
        settleMs: settings.settleSeconds * 1000,
        poller: new IssuancePoller(client, surroundings, pollMs, signal, settings.quotaShare),
        tell,
        signal,
        confirmedRevocations,
    };
}
