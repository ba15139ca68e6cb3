/**
 * Waits until DigiCert has issued the reissue, until only a person can continue, or until the time is over.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { isTemporary } from "../errorKinds.js";
import { CLOSED } from "../order/status.js";
import type { News, Pause } from "../poller.js";
import type { Session } from "../session.js";
import type { Attempt } from "./attempt.js";
import { observe, type Observation } from "./observe.js";
import { progressTeller, TELL_EVERY_MS, type ProgressTeller } from "./progress.js";
import { staysPending, withFinding, type Finding, type PendingFinding } from "./recognise.js";
import { dcvMethodOfAttempt, sendDcvMethod, requestToken } from "./token.js";

/** The result of the last read of the order. */
export interface WaitResult {
    /** The attempt, with the token if it was requested meanwhile. */
    readonly attempt: Attempt;
    readonly finding: Finding;
    readonly order: Order;
    readonly observation: Observation;
    /** Whether only a person can continue, and `waitForApproval` is false. */
    readonly needsPerson: boolean;
}

/**
 * How long an operation waits: as long as the inputs say, or shorter if the session has a limit.
 *
 * @param seconds - the input `issuanceTimeoutSeconds`
 */
export function waitLimitOf({ waitLimit }: Session, seconds: number): { ms: number; text: string } {
    const fromInputs = { ms: seconds * 1000, name: "issuanceTimeoutSeconds" };
    const { ms, name } = waitLimit && waitLimit.ms < fromInputs.ms ? waitLimit : fromInputs;
    return { ms, text: `within ${ms / 1000} s (${name})` };
}

/** A check of the domains, which is made between the reads of the order while DigiCert validates. */
export interface PendingCheck {
    /** When to make the next check, in milliseconds by the session's `elapsed`. */
    readonly nextAt: number;
    /** The places at which DigiCert does not find the token yet, in words. */
    readonly unseen: readonly string[];
    /** Makes the check; returns whether the order should be read at once. */
    make(): Promise<boolean>;
}

/** How the attempt came about, and what is done while it is pending. */
export interface WaitOptions {
    /** Whether the answer to the POST was lost, and with it perhaps a token. */
    readonly isAnswerLost?: boolean;
    /** Whether the POST was accepted a moment ago and needs no approval; if many orders wait, the first read is left out then. */
    readonly isJustAccepted?: boolean;
    /** Replaces the request for a token: the program has published the token already, and DigiCert has to check it. */
    readonly check?: PendingCheck | undefined;
    /** Called after each read that shows the reissue as pending, with the ids and the token that are known by then. */
    readonly onPending?: ((attempt: Attempt) => void) | undefined;
}

/** What to do with a certificate that DigiCert's feed names as issued, before the order is read again. */
export interface DownloadOption<Downloaded> {
    /** Downloads the certificate, which ends the wait; undefined if the order has to be read first. */
    readonly download?: ((certificateId: number) => Promise<Downloaded | undefined>) | undefined;
}

/**
 * Reads the order from time to time.
 *
 * @param deadline - in milliseconds by the session's `elapsed`
 */
export function waitForIssuance<Downloaded = never>(
    session: Session,
    attempt: Attempt,
    deadline: number,
    options: WaitOptions & DownloadOption<Downloaded>,
): Promise<WaitResult | Downloaded> {
    return session.poller.waitFor(attempt.inputs.orderId, (pause) =>
        new IssuanceWait(session, attempt, deadline, options, pause).run(),
    );
}

/** One wait for a reissue: reads of the order, requests for the token, checks of the domains, and pauses between them. */
class IssuanceWait<Downloaded> {
    readonly #session: Session;
    readonly #first: Attempt;
    readonly #deadline: number;
    readonly #options: WaitOptions & DownloadOption<Downloaded>;
    readonly #pause: Pause;
    readonly #tell: ProgressTeller;
    #attempt: Attempt;
    /** Whether the method of the program may have to be sent to DigiCert. */
    #isMethodDue: boolean;
    /** Whether it is certain that a token came, or that none will come. */
    #isTokenDecided: boolean;
    /** When the token may be requested next; the pauses grow from a second to a minute. */
    #tokenDueAt = 0;
    #tokenPauseMs = 1000;
    /** Whether the next read is left out, because nothing has happened since the last read. */
    #skipsRead: boolean;
    /** The finding of the last read that showed the reissue as pending. */
    #pending: PendingFinding | undefined;
    #last: WaitResult | undefined;
    #news: News | undefined;

    constructor(
        session: Session,
        attempt: Attempt,
        deadline: number,
        options: WaitOptions & DownloadOption<Downloaded>,
        pause: Pause,
    ) {
        const { isJustAccepted = false, check } = options;
        this.#session = session;
        this.#first = this.#attempt = attempt;
        this.#deadline = deadline;
        this.#options = options;
        this.#pause = pause;
        this.#tell = progressTeller(session, attempt.inputs.orderId);
        this.#isMethodDue = check === undefined;
        this.#isTokenDecided =
            check !== undefined || (attempt.dcvRandomValue !== undefined && !this.#isResumed);
        this.#skipsRead = isJustAccepted && session.poller.isCrowded && session.elapsed() < deadline;
    }

    async run(): Promise<WaitResult | Downloaded> {
        const { signal } = this.#session;
        for (;;) {
            if (signal.aborted && this.#last) return this.#last;
            const isLast = this.#isOver || signal.aborted;
            const { observation, outage } = await this.#readOrder(isLast);
            if (observation) {
                const { finding, order } = observation;
                if (finding.kind !== "pending") return this.#resultOf(observation, false);
                await this.#updateAttempt(order, finding, isLast);
            }
            if (await this.#checkDomains()) continue;
            if (observation) {
                this.#last = this.#resultOf(observation, this.#needsPerson(observation.order));
                if (this.#last.needsPerson || isLast || this.#hasEnded(observation.order)) return this.#last;
            }
            await this.#pauseUntilNews(outage);
            const downloaded = await this.#downloadNamed();
            if (downloaded) return downloaded;
        }
    }

    /** Downloads the certificate of the attempt, if the feed names it as issued. */
    async #downloadNamed(): Promise<Downloaded | undefined> {
        const issuedId = this.#news?.issuedId;
        if (issuedId === undefined || issuedId !== this.#attempt.certificateId) return undefined;
        return this.#options.download?.(issuedId);
    }

    /** Reads the order, unless there is no reason to; a read that failed is repeated as long as there is time. */
    async #readOrder(isLast: boolean): Promise<{ observation?: Observation; outage?: string }> {
        const skipsRead = this.#skipsRead;
        this.#skipsRead = false;
        if (skipsRead) return {};
        try {
            return { observation: await observe(this.#session, this.#attempt) };
        } catch (error) {
            if (isLast || !isTemporary(error)) throw error;
            return { outage: (error as Error).message };
        }
    }

    /** Sends DigiCert the method of the program and requests the token, if the finding calls for it. */
    async #updateAttempt(order: Order, finding: PendingFinding, isLast: boolean): Promise<void> {
        this.#pending = finding;
        // The ids decide in the next reads, which may lag behind.
        if (finding.certainty === "certain") this.#attempt = withFinding(this.#attempt, finding);
        this.#options.onPending?.(withFinding(this.#attempt, finding));
        if (finding.waitsFor === "issuance" && finding.certainty === "certain") {
            if (this.#isMethodDue) await this.#setDcvMethod();
            const isTokenDue = isLast || this.#session.elapsed() >= this.#tokenDueAt;
            if (!this.#isTokenDecided && isTokenDue) await this.#requestToken(order, isLast);
        }
        this.#options.onPending?.(withFinding(this.#attempt, finding));
    }

    async #setDcvMethod(): Promise<void> {
        this.#isMethodDue = false;
        const before = this.#attempt.request.dcvMethod;
        this.#attempt = await sendDcvMethod(this.#session, this.#attempt);
        const { request, dcvRandomValue } = this.#attempt;
        this.#isTokenDecided ||= request.dcvMethod !== before && dcvRandomValue !== undefined;
    }

    async #requestToken(order: Order, isLast: boolean): Promise<void> {
        // In the run of the POST, a waiting time of 0 is not over, because nothing was waited for.
        const isOver = isLast && (this.#isResumed || this.#first.inputs.issuanceTimeoutSeconds > 0);
        const { isAnswerLost = false } = this.#options;
        this.#attempt = await requestToken(this.#session, this.#attempt, order, { isAnswerLost, isOver });
        const { request, dcvRandomValue } = this.#attempt;
        this.#isTokenDecided = request.token !== undefined || dcvRandomValue !== undefined;
        this.#tokenDueAt = this.#session.elapsed() + this.#tokenPauseMs;
        this.#tokenPauseMs = Math.min(2 * this.#tokenPauseMs, TELL_EVERY_MS);
    }

    /** Makes the check of the domains, if it is due; returns whether the order should be read at once. */
    async #checkDomains(): Promise<boolean> {
        const { check } = this.#options;
        if (!check || this.#waitsFor !== "issuance" || this.#session.elapsed() < check.nextAt) return false;
        return check.make();
    }

    /** Pauses until there is a reason to read the order, or to check the domains; prints a line once a minute. */
    async #pauseUntilNews(outage: string | undefined): Promise<void> {
        const { check } = this.#options;
        const isIssuance = this.#waitsFor === "issuance";
        const unseen = isIssuance ? (check?.unseen ?? []) : [];
        const places = unseen.length === 0 ? "" : `; DigiCert does not see ${unseen.join(", ")} yet`;
        const details = `${places}${this.#pending ? unreadRequest(this.#pending) : ""}`;
        const until = isIssuance ? Math.min(this.#deadline, check?.nextAt ?? Infinity) : this.#deadline;
        do {
            this.#tell({ waitsFor: `${this.#waitsFor} of the reissue`, details, outage });
            this.#news = await this.#pause(Math.min(until, this.#session.elapsed() + TELL_EVERY_MS));
        } while (!this.#news && this.#session.elapsed() < until && !this.#session.signal.aborted);
        this.#skipsRead = !this.#news && !this.#isOver && !this.#session.signal.aborted;
    }

    #needsPerson(order: Order): boolean {
        const { waitForApproval } = this.#first.inputs;
        const isPersonsTurn =
            this.#waitsFor === "approval" ||
            (this.#options.check === undefined && isValidatedByPerson(this.#attempt, order));
        return isPersonsTurn && this.#mayExist && !waitForApproval;
    }

    /** A reissue that the order does not show, and whose time is over, may not exist: nobody is asked to publish its token. */
    get #mayExist(): boolean {
        return this.#pending?.isShown !== false || staysPending(this.#attempt, this.#session.now());
    }

    /** Whether the wait of a validation ends because the order has ended: a validation has nothing to save. */
    #hasEnded({ status }: Order): boolean {
        return this.#options.check !== undefined && CLOSED.has(status);
    }

    #resultOf(observation: Observation, needsPerson: boolean): WaitResult {
        const { finding, order } = observation;
        return { attempt: this.#attempt, finding, order, observation, needsPerson };
    }

    get #waitsFor(): "approval" | "issuance" {
        return this.#pending?.waitsFor ?? "issuance";
    }

    get #isOver(): boolean {
        return this.#session.elapsed() >= this.#deadline;
    }

    /** Whether an earlier run requested the reissue. */
    get #isResumed(): boolean {
        const { state, request } = this.#first;
        return state?.asked?.marker === request.marker;
    }
}

/** Whether a person must publish a token, or follow a link in an e-mail, before DigiCert can issue. */
function isValidatedByPerson(attempt: Attempt, order: Order): boolean {
    const isByEmail = dcvMethodOfAttempt(attempt) === "email" && order.product?.validation_type === "dv";
    return attempt.dcvRandomValue !== undefined || isByEmail;
}

/** Says that the request of the reissue cannot be read, in words that follow what the reissue waits for; empty otherwise. */
export function unreadRequest({ unreadableId }: PendingFinding): string {
    return unreadableId === undefined
        ? ""
        : `; request ${unreadableId} cannot be read with this API key, so it may wait for an approver in CertCentral`;
}
