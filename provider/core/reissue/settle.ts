/**
 * Certainty after an unclear POST: the order is looked at until the reissue shows, or is provably not there.
 *
 * @module
 */
import { RateLimitError, TimeoutError, UnavailableError } from "../errors.js";
import type { Context } from "../context.js";
import { look, type Standing } from "./look.js";
import type { Ours } from "./ours.js";

/** So many looks at least, spread over {@link spanOf}. */
export const LOOKS = 3;
/** DigiCert may commit after the connection was lost, so absence counts only when it lasts. */
const MIN_SPAN_MS = 60_000;
const POLLS_IN_SPAN = 6;
/** An order that cannot be read for this many spans in a row is left to the next run. */
const PATIENCE_IN_SPANS = 2;

/**
 * Looks at least three times over at least 60 s (6 × `pollSeconds` if that is less) before it says "absent".
 *
 * @throws DigiCertError when the order cannot be read for so long that nothing can be said.
 */
export async function lookUntilCertain(context: Context, ours: Ours): Promise<Standing> {
    const span = spanOf(context);
    const start = context.elapsed();
    for (let looks = 0; ;) {
        const elapsed = context.elapsed() - start;
        try {
            const { standing } = await look(context, ours);
            looks++;
            if (standing.kind !== "absent" || (looks >= LOOKS && elapsed >= span)) return standing;
        } catch (error) {
            if (!isPassing(error) || elapsed >= PATIENCE_IN_SPANS * span) throw error;
        }
        await context.sleep(span / LOOKS);
    }
}

/** For how long DigiCert may still carry out a request whose answer was lost, in milliseconds. */
export function spanOf({ pollSeconds }: Pick<Context, "pollSeconds">): number {
    return Math.min(MIN_SPAN_MS, POLLS_IN_SPAN * pollSeconds * 1000);
}

/** Whether an error may be gone at the next look. */
export function isPassing(error: unknown): boolean {
    return (
        error instanceof UnavailableError || error instanceof RateLimitError || error instanceof TimeoutError
    );
}
