/**
 * After a lost answer to the POST (connection lost, time-out, 5xx, unreadable answer), reads the order until it shows the
 * reissue, or until the absence of the reissue is proven.
 *
 *     POST ── refused by DigiCert, or never sent ──────────────────────────→ absent: nothing was made
 *       └──── anything else: it may still be committed
 *               └─ read the order, at least three times over settleSeconds
 *                    ├─ the reissue shows (issued, pending, rejected) ────→ it is followed; a rejection without an id is read again
 *                    ├─ it never shows ────────────────────────────────────→ absent: one more POST is allowed
 *                    └─ the order cannot be read, or is in an unknown state → the run fails with status "unknown";
 *                                                                             the marker is saved, the next run reads again
 *
 * @module
 */
import { isTemporary } from "../errorKinds.js";
import { AmbiguousError, type DigiCertError } from "../errors.js";
import { progress } from "../message.js";
import { quote } from "../quote.js";
import { PartialFailure } from "../resource.js";
import type { Session } from "../session.js";
import { isAcknowledged, type Attempt } from "./attempt.js";
import { unissuedState, unissuedStatus } from "./nextState.js";
import { observe, type Observation } from "./observe.js";
import { pauseTelling, TELL_EVERY_MS } from "./progress.js";
import type { Finding } from "./recognise.js";

/** Minimum number of successful reads before a reissue counts as absent. */
export const MIN_READS = 3;
/** If the order cannot be read for this many times `settleSeconds`, the run fails, and the next run reads it again. */
const OUTAGE_FACTOR = 2;
const STOPPED = "the run was stopped";

/**
 * Reads the order until it shows the attempt, or until the absence of the attempt is proven.
 *
 * @param lost - the error with which the answer to the POST was lost; undefined if an earlier run sent the POST
 * @returns the last read: of the reissue, or of an order without it
 * @throws PartialFailure with status `unknown` if neither is certain.
 */
export async function confirmAttempt(
    session: Session,
    attempt: Attempt,
    lost: DigiCertError | undefined,
): Promise<Observation> {
    const order = `order ${attempt.inputs.orderId}`;
    const { settleMs } = session;
    const begun = session.elapsed();
    let reads = 0;
    let toldAt = -Infinity;
    const tell = () => {
        if (session.elapsed() - toldAt < TELL_EVERY_MS) return;
        session.tell(progress(`${order}: looking for the reissue whose answer was lost`));
        toldAt = session.elapsed();
    };
    for (;;) {
        const elapsed = session.elapsed() - begun;
        tell();
        const observation = await observe(session, attempt).catch((error: unknown) => {
            if (session.signal.aborted) throw unclearFailure(attempt, lost, STOPPED);
            // A temporary failure is no end: the order is read again.
            if (isTemporary(error) && elapsed < OUTAGE_FACTOR * settleMs) return undefined;
            const why = `the order cannot be read: ${(error as Error).message}`;
            throw unclearFailure(attempt, lost, why, error);
        });
        if (observation) {
            const { finding } = observation;
            reads += 1;
            if (isShown(finding) && !needsMoreReads(finding)) return observation;
            const isOver = reads >= MIN_READS && elapsed >= settleMs;
            if (isOver && finding.kind === "unclear") {
                throw unclearFailure(attempt, lost, whyUnclear(observation));
            }
            if (isOver) return observation;
        }
        if (session.signal.aborted) throw unclearFailure(attempt, lost, STOPPED);
        await pauseTelling(session, settleMs / MIN_READS, tell);
    }
}

/**
 * Whether the order must show a finding for `settleSeconds`, as with an absence. A rejected reissue that is recognised by key and
 * names alone may be somebody else's: a read that lags behind may not show yet that their request was rejected.
 */
function needsMoreReads(finding: Finding): boolean {
    return finding.kind === "rejected" && finding.requestId === undefined;
}

/** Whether the order shows the reissue of an attempt. An acknowledged attempt is pending even if the order does not show it. */
export function isShown(finding: Finding): boolean {
    if (finding.kind === "pending") return finding.isShown;
    return finding.kind !== "absent" && finding.kind !== "unclear";
}

function whyUnclear({ finding, order }: Observation): string {
    return finding.kind === "unclear" && finding.certificateId !== undefined
        ? `certificate ${finding.certificateId}, which may be its result, cannot be read`
        : `the order is in the state "${quote(order.status)}", which this version does not know`;
}

/** Makes the failure that saves marker and ids, so that the next run searches for the reissue before any POST. */
export function unclearFailure(
    attempt: Attempt,
    lost: DigiCertError | undefined,
    why: string,
    cause: unknown = lost,
): PartialFailure {
    const { inputs, request } = attempt;
    const what = isAcknowledged(attempt)
        ? "what became of the reissue"
        : "whether DigiCert accepted the reissue";
    const message =
        `order ${inputs.orderId}: it is not known ${what} requested at ${request.at}` +
        `${lost ? ` (${lost.message})` : ""}, because ${why}`;
    const status = lost?.status;
    return new PartialFailure(unissuedState(attempt, unissuedStatus(attempt)), [
        new AmbiguousError(message, { status, remedy: "confirmReissue", cause }),
    ]);
}
