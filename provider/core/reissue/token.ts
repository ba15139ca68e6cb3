/**
 * The token by which control over the domains of an order is proven (DigiCert documentation, "Domain control validation").
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { InvalidRequestError, NotFoundError, PermissionError } from "../errors.js";
import type { Session } from "../session.js";
import { checkDomains } from "../validation/checkDomains.js";
import type { Attempt } from "./attempt.js";
import { isPassing } from "./certificate.js";
import { dcvMethodOf } from "./digest.js";
import type { ReissueState } from "./state.js";

/** Methods that prove control by a published token. */
const TOKEN_METHODS: ReadonlySet<string | undefined> = new Set([
    "dns-txt-token",
    "dns-cname-token",
    "http-token",
]);

/**
 * Asks DigiCert for the token of a pending reissue that nobody has to approve. DigiCert returns the present token, and a new
 * one only where that has expired, so asking is safe to repeat.
 *
 * It is asked for where a token method was requested or the order is a DV order, and where an earlier run saved a token, which
 * may have expired. Where the answer to the POST was lost, and where the time to wait is over, DigiCert may as well be about
 * to issue; so a check of the domains (`check-dcv`) tells first whether a validation is outstanding.
 */
export async function withToken(
    session: Session,
    attempt: Attempt,
    order: Order,
    { isAnswerLost, isOver }: { isAnswerLost: boolean; isOver: boolean },
): Promise<Attempt> {
    const { inputs, request, dcvRandomValue } = attempt;
    if (dcvMethodOf(inputs) === "email") return attempt;
    const hasToken = dcvRandomValue !== undefined;
    const isExpected =
        hasToken || TOKEN_METHODS.has(dcvMethodOf(inputs)) || order.product?.validation_type === "dv";
    if (request.needsToken === false || !(isExpected || isAnswerLost || isOver)) return attempt;
    try {
        if (!isExpected && !(await isValidationOutstanding(session, inputs.orderId))) return attempt;
        const method = changedMethod(attempt);
        const { dcv_random_value: token } =
            method === undefined
                ? await session.client.dcvToken(inputs.orderId)
                : await session.client.setDcvMethod(inputs.orderId, method);
        return {
            ...attempt,
            dcvRandomValue: token ?? dcvRandomValue,
            request: { ...request, needsToken: token !== undefined || hasToken },
        };
    } catch (error) {
        // Where DigiCert cannot be reached, the next run asks again.
        if (isPassing(error)) return attempt;
        if (!isRefusal(error)) throw error;
        return hasToken ? attempt : { ...attempt, request: { ...request, needsToken: false } };
    }
}

/** Whether DigiCert does not see the proof of control over some domain of a pending order. */
async function isValidationOutstanding({ client }: Session, orderId: string): Promise<boolean> {
    const result = await checkDomains(client, orderId);
    return result.kind === "unseen" || (result.kind === "checked" && result.unseen.length > 0);
}

function isRefusal(error: unknown): boolean {
    return (
        error instanceof InvalidRequestError ||
        error instanceof NotFoundError ||
        error instanceof PermissionError
    );
}

/** The method that the program has changed to while its reissue waits for validation. */
function changedMethod({ inputs, state }: Attempt): string | undefined {
    const method = dcvMethodOf(inputs);
    const isPending = state?.asked !== undefined;
    return isPending && method !== undefined && method !== dcvMethodOf(state) ? method : undefined;
}

/** Whether a reissue waits until a token of a token method is published, so that failing would keep it from being so. */
export function waitsForToken(state: ReissueState): boolean {
    return (
        state.status === "pending_issuance" &&
        state.asked?.needsToken === true &&
        TOKEN_METHODS.has(dcvMethodOf(state))
    );
}
