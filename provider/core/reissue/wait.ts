/**
 * Waits until DigiCert has issued the reissue, until only a person can continue, or until the time is over.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { CLOSED } from "../order/status.js";
import type { Pause } from "../poller.js";
import type { Session } from "../session.js";
import type { Attempt } from "./attempt.js";
import { isPassing } from "./certificate.js";
import { observe, type Observation } from "./observe.js";
import { progressTeller, TELL_EVERY_MS } from "./progress.js";
import { staysOpen, withFinding, type Finding } from "./recognise.js";
import { methodOf, withDcvMethod, withToken } from "./token.js";

/** First pause between two requests for a token; each further pause is twice as long, up to a minute. */
const FIRST_TOKEN_PAUSE_MS = 1000;

/** The result of the last read of the order. */
export interface Waited {
    /** The attempt, with the token if it was requested meanwhile. */
    readonly attempt: Attempt;
    readonly finding: Finding;
    readonly order: Order;
    readonly observation: Observation;
    /** Whether only a person can continue, and `waitForApproval` is false. */
    readonly needsPerson: boolean;
}

/** How long an operation waits: as the inputs say, or shorter if the session has a limit. */
export function patienceOf({ waitLimit }: Session, seconds: number): { ms: number; text: string } {
    const fromInputs = { ms: seconds * 1000, name: "issuanceTimeoutSeconds" };
    const { ms, name } = waitLimit && waitLimit.ms < fromInputs.ms ? waitLimit : fromInputs;
    return { ms, text: `within ${ms / 1000} s (${name})` };
}

/** What is done while DigiCert validates, beside reading the order. */
export interface PendingCheck {
    /** When to make it next, by the session's `elapsed`. */
    readonly nextAt: number;
    /** Where DigiCert does not see the token yet. */
    readonly unseen: readonly string[];
    /** Makes it; true where the order should be read at once. */
    make(): Promise<boolean>;
}

/** How the attempt came about. */
export interface WaitOptions {
    /** Whether the answer to the POST was lost, and with it perhaps a token. */
    readonly isAnswerLost?: boolean;
    /** Whether the POST was accepted a moment ago and needs no approval; if many orders wait, the first read is left out then. */
    readonly isJustAccepted?: boolean;
    /** Takes the place of asking for a token: what has to be published is published already. */
    readonly check?: PendingCheck | undefined;
    /** Called after each read that shows the reissue as pending, with the ids and the token that are known by then. */
    readonly onPending?: ((attempt: Attempt) => void) | undefined;
}

/**
 * Reads the order from time to time.
 *
 * @param deadline - by the session's `elapsed`
 */
export function waitForIssuance(
    session: Session,
    attempt: Attempt,
    deadline: number,
    options: WaitOptions = {},
): Promise<Waited> {
    const { orderId } = attempt.inputs;
    return session.poller.during(orderId, (pause) =>
        readFromTimeToTime(session, attempt, deadline, options, pause),
    );
}

async function readFromTimeToTime(
    session: Session,
    first: Attempt,
    deadline: number,
    { isAnswerLost = false, isJustAccepted = false, check, onPending }: WaitOptions,
    pause: Pause,
): Promise<Waited> {
    const { orderId, waitForApproval } = first.inputs;
    const tell = progressTeller(session, orderId);
    let attempt = first;
    let isTokenDecided =
        check !== undefined ||
        (first.dcvRandomValue !== undefined && first.state?.asked?.marker !== first.request.marker);
    let tokenDueAt = session.elapsed();
    let tokenPauseMs = FIRST_TOKEN_PAUSE_MS;
    let isMethodDue = check === undefined;
    let waitsFor: "approval" | "issuance" = "issuance";
    let isThere = true;
    let unread = "";
    let skipsRead = isJustAccepted && session.poller.isCrowded && session.elapsed() < deadline;
    let last: Waited | undefined;
    for (;;) {
        if (session.signal.aborted && last) return last;
        const isLast = session.elapsed() >= deadline || session.signal.aborted;
        let outage: string | undefined;
        const observation = skipsRead
            ? undefined
            : await observe(session, attempt).catch((error: unknown) => {
                  // A failed read is repeated as long as there is time.
                  if (isLast || !isPassing(error)) throw error;
                  outage = (error as Error).message;
                  return undefined;
              });
        skipsRead = false;
        if (observation) {
            const { finding, order } = observation;
            if (finding.kind !== "pending") {
                return { attempt, finding, order, observation, needsPerson: false };
            }
            onPending?.(withFinding(attempt, finding));
            ({ waitsFor } = finding);
            // What the order does not show after that time may not exist, so nobody is asked to publish its token.
            isThere = finding.isShown || staysOpen(attempt, session.now());
            unread = unreadRequest(finding);
            const isCertain = waitsFor === "issuance" && finding.certainty === "certain";
            if (isCertain && isMethodDue) {
                isMethodDue = false;
                const before = attempt.request.dcvMethod;
                attempt = await withDcvMethod(session, attempt);
                isTokenDecided ||=
                    attempt.request.dcvMethod !== before && attempt.dcvRandomValue !== undefined;
            }
            if (isCertain && !isTokenDecided && (isLast || session.elapsed() >= tokenDueAt)) {
                // In the run of the POST, a waiting time of 0 is not over, because nothing was waited for.
                const isResumed = first.state?.asked?.marker === first.request.marker;
                const isOver = isLast && (isResumed || first.inputs.issuanceTimeoutSeconds > 0);
                attempt = await withToken(session, attempt, order, { isAnswerLost, isOver });
                isTokenDecided = attempt.request.token !== undefined || attempt.dcvRandomValue !== undefined;
                tokenDueAt = session.elapsed() + tokenPauseMs;
                tokenPauseMs = Math.min(2 * tokenPauseMs, TELL_EVERY_MS);
            }
            onPending?.(withFinding(attempt, finding));
        }
        const isCheckDue = waitsFor === "issuance" && session.elapsed() >= (check?.nextAt ?? Infinity);
        if (isCheckDue && (await check?.make())) continue;
        if (observation) {
            const { finding, order } = observation;
            const isPersonsTurn =
                waitsFor === "approval" || (check === undefined && isValidatedByPerson(attempt, order));
            const needsPerson = isPersonsTurn && isThere && !waitForApproval;
            last = { attempt, finding, order, observation, needsPerson };
            // A validation has nothing to save, so it need not wait for what an order that has ended does not issue any more.
            const hasEnded = check !== undefined && CLOSED.has(order.status);
            if (needsPerson || isLast || hasEnded) return last;
        }
        const unseen = waitsFor === "issuance" ? (check?.unseen ?? []) : [];
        const places = unseen.length === 0 ? "" : `; DigiCert does not see ${unseen.join(", ")} yet`;
        const waiting = { waitsFor: `${waitsFor} of the reissue`, details: `${places}${unread}`, outage };
        const tellAgain = () => {
            tell(waiting);
        };
        tellAgain();
        const until = waitsFor === "issuance" ? Math.min(deadline, check?.nextAt ?? Infinity) : deadline;
        const isNews = await pauseUntilNews(session, pause, until, tellAgain);
        skipsRead = !isNews && session.elapsed() < deadline && !session.signal.aborted;
    }
}

/** Whether a person must publish a token, or follow a link in an e-mail, before DigiCert can issue. */
function isValidatedByPerson(attempt: Attempt, order: Order): boolean {
    const isByEmail = methodOf(attempt) === "email" && order.product?.validation_type === "dv";
    return attempt.dcvRandomValue !== undefined || isByEmail;
}

/** Pauses until there is a reason to read the order, or until the time is over; prints a line once a minute. */
async function pauseUntilNews(
    session: Session,
    pause: Pause,
    end: number,
    tell: () => void,
): Promise<boolean> {
    for (;;) {
        const until = Math.min(end, session.elapsed() + TELL_EVERY_MS);
        const isNews = await pause(until);
        if (isNews || session.elapsed() >= end || session.signal.aborted) return isNews;
        tell();
    }
}

/** Words for a request that cannot be read, to be put behind what is waited for. */
export function unreadRequest({ unreadableId }: Extract<Finding, { kind: "pending" }>): string {
    return unreadableId === undefined
        ? ""
        : `; request ${unreadableId} cannot be read with this API key, so it may wait for an approver in CertCentral`;
}
