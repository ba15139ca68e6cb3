/**
 * Reads what DigiCert shows of an attempt: the order, and more only if {@link recognise} needs it.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import { isRefusal } from "../errorKinds.js";
import type { Session } from "../session.js";
import { downloadLeaf, serialNumberOf } from "./certificate.js";
import { requestedKeyAndNames, type Attempt } from "./attempt.js";
import { recognise, type Finding, type NeedToRead, type Shown } from "./recognise.js";
import { readInTurns } from "./reported.js";

/** The result of a read of an order. */
export interface Observation {
    readonly order: Order;
    readonly shown: Shown;
    readonly finding: Finding;
}

/** Reads an order, and more if needed, until the result of the attempt is decided. */
export async function observe(session: Session, attempt: Attempt): Promise<Observation> {
    const order = await session.client.order(attempt.inputs.orderId);
    return observeOrder(session, attempt, order);
}

/** Does the same as {@link observe} with an order that was read already. */
export function observeOrder(session: Session, attempt: Attempt, order: Order): Promise<Observation> {
    return readUntilKnown(session, newShown(attempt.inputs.orderId, order), attempt, (shown) =>
        recognise(shown, attempt),
    ).then(({ shown, result }) => ({ order, shown, finding: result }));
}

/** Makes the record of an order of which only the order itself was read. */
export function newShown(orderId: string, order: Order): Shown {
    return { orderId, order, requests: new Map(), leaves: new Map() };
}

/** Reads what a decision needs, until the decision is made. */
export async function readUntilKnown<T extends { readonly kind: string }>(
    session: Session,
    start: Shown,
    { inputs }: Pick<Attempt, "inputs">,
    decide: (shown: Shown) => T | NeedToRead,
): Promise<{ shown: Shown; result: T }> {
    for (let shown = start; ;) {
        const result = decide(shown);
        if (!isNeedToRead(result)) return { shown, result };
        shown = await readMore(session, shown, result, inputs);
    }
}

function isNeedToRead(result: { readonly kind: string }): result is NeedToRead {
    return result.kind === "read";
}

async function readMore(
    { client }: Session,
    shown: Shown,
    need: NeedToRead,
    inputs: Attempt["inputs"],
): Promise<Shown> {
    const { orderId } = shown;
    switch (need.what) {
        case "reissues": {
            const reissues = await client.reissues(orderId);
            // The decision compares all of them at once.
            await readInTurns(reissues);
            return { ...shown, reissues };
        }
        case "request": {
            const request = await client.request(need.id, orderId).catch(ignoreRefusal);
            return { ...shown, requests: new Map(shown.requests).set(need.id, request) };
        }
        case "certificate": {
            const { key } = requestedKeyAndNames(inputs);
            const serialNumber = serialNumberOf(need.id, shown.order, shown.reissues);
            const expected = { orderId, certificateId: need.id, serialNumber, key };
            const leaf = await downloadLeaf(client, expected).catch(ignoreRefusal);
            return { ...shown, leaves: new Map(shown.leaves).set(need.id, leaf) };
        }
    }
}

/** Turns a refused read into undefined: if the key may not read a request, or a certificate is missing, the list decides. */
function ignoreRefusal(error: unknown): undefined {
    if (!isRefusal(error)) throw error;
}
