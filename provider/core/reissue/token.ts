/**
 * Requests the token that proves control over the domains of an order (DigiCert documentation, "Domain control validation").
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { isRefusal, isTemporary } from "../errorKinds.js";
import { PermissionError } from "../errors.js";
import { warning } from "../message.js";
import type { Session } from "../session.js";
import { checkDomains } from "../validation/checkDomains.js";
import type { Attempt } from "./attempt.js";
import { dcvMethodOf } from "./digest.js";
import type { ReissueState } from "./state.js";

/** Methods that prove control by a published token. */
const TOKEN_METHODS: ReadonlySet<string | undefined> = new Set([
    "dns-txt-token",
    "dns-cname-token",
    "http-token",
]);

/**
 * Requests the token of a pending reissue that needs no approval. The request is safe to repeat, because DigiCert returns the present
 * token, or a new token if that has expired.
 *
 * The token is requested if the program set a token method, if the order is a DV order, or if an earlier run saved a token, which
 * may have expired. It is also requested after a lost answer to the POST and at the end of the waiting time. In these two cases a
 * check of the domains (`check-dcv`) first shows whether a validation is missing, because DigiCert may be about to issue.
 *
 * If the program set a token method, only a missing permission is final: directly after the POST DigiCert may not show the reissue
 * yet. A final refusal is told, and one at the end of the waiting time.
 */
export async function requestToken(
    session: Session,
    attempt: Attempt,
    order: Order,
    { isAnswerLost, isOver }: { isAnswerLost: boolean; isOver: boolean },
): Promise<Attempt> {
    const { inputs, request, dcvRandomValue } = attempt;
    const method = dcvMethodOfAttempt(attempt);
    if (method === "email") return attempt;
    const hasToken = dcvRandomValue !== undefined;
    const isSet = TOKEN_METHODS.has(method);
    const isExpected = hasToken || isSet || order.product?.validation_type === "dv";
    if (!isSet && (request.token === "none" || !(isExpected || isAnswerLost || isOver))) return attempt;
    try {
        if (!isExpected && !(await isValidationOutstanding(session, inputs.orderId))) return attempt;
        const { dcv_random_value: token } = await session.client.dcvToken(inputs.orderId);
        return {
            ...attempt,
            dcvRandomValue: token ?? dcvRandomValue,
            request: {
                ...request,
                token: token !== undefined || hasToken ? "given" : isSet ? undefined : "none",
            },
        };
    } catch (error) {
        // If DigiCert cannot be reached, the next run requests the token.
        if (isTemporary(error)) return attempt;
        if (!isRefusal(error)) throw error;
        if (hasToken) return attempt;
        const isFinal = !isSet || error instanceof PermissionError;
        if (isSet && (isFinal || isOver)) session.tell(warning(error.message, error.remedy));
        return isFinal ? { ...attempt, request: { ...request, token: "none" } } : attempt;
    }
}

/**
 * Sends DigiCert the method of the program if DigiCert has another method for the pending reissue. If that fails, the attempt
 * keeps the method that DigiCert has, so that the next run sends the method again.
 */
export async function sendDcvMethod(session: Session, attempt: Attempt): Promise<Attempt> {
    const { inputs, request } = attempt;
    const { orderId } = inputs;
    const method = dcvMethodOf(inputs);
    const isCurrent = request.dcvMethod === undefined || request.dcvMethod === method;
    if (method === undefined || isCurrent) return attempt;
    try {
        const { dcv_random_value: token } = await session.client.setDcvMethod(orderId, method);
        const changed = { ...attempt, request: { ...request, dcvMethod: method } };
        if (token === undefined) return changed;
        return { ...changed, dcvRandomValue: token, request: { ...changed.request, token: "given" } };
    } catch (error) {
        if (!isTemporary(error) && !isRefusal(error)) throw error;
        const text = `order ${orderId}: the validation method was not changed to ${method}. ${(error as Error).message}`;
        session.tell(warning(text, isTemporary(error) ? "goOn" : "correctInputs"));
        return attempt;
    }
}

/** Returns the method by which DigiCert validates the names of an attempt; undefined if no request named a method. */
export function dcvMethodOfAttempt({ inputs, request: { dcvMethod } }: Attempt): string | undefined {
    return dcvMethod === undefined || dcvMethod === "" ? dcvMethodOf(inputs) : dcvMethod;
}

/** Whether DigiCert does not find the proof of control over a domain of a pending order. */
async function isValidationOutstanding({ client }: Session, orderId: string): Promise<boolean> {
    const result = await checkDomains(client, orderId);
    return result.kind === "unseen" || (result.kind === "checked" && result.unseen.length > 0);
}

/** Whether a reissue waits for its token to be published; a failure would prevent the program from publishing it. */
export function waitsForToken(state: ReissueState): boolean {
    return (
        state.status === "pending_issuance" &&
        state.asked?.token === "given" &&
        TOKEN_METHODS.has(dcvMethodOf(state))
    );
}
