/**
 * Fails a run while the certificate in use has few days left and its successor is not issued.
 *
 * @module
 */
import { ExpiringError } from "../errors.js";
import { certificateInUse, expiryFailure } from "./plan/due.js";
import type { ReissueInputs, ReissueState } from "./state.js";
import { waitsForToken } from "./token.js";

/**
 * The error with which a run ends in this state; undefined where there is time left, or where the program has to publish a token
 * first: a failure would prevent it from making the DNS record.
 */
export function expiringErrorOf(
    state: ReissueState,
    inputs: ReissueInputs,
    now: Date,
): ExpiringError | undefined {
    if (waitsForToken(state)) return undefined;
    const text = expiryFailure(certificateInUse(state), inputs, now, `order ${inputs.orderId}`);
    return text === undefined ? undefined : expiringError(text);
}

/** The error with the text that a plan or a state gave. */
export function expiringError(text: string): ExpiringError {
    return new ExpiringError(text, { remedy: "getSuccessorIssued" });
}
