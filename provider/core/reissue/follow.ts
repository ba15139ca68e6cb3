/**
 * After a reissue was asked for: wait, collect the certificate, and make the next state. Whatever goes wrong
 * here, the ids that DigiCert gave are kept.
 *
 * @module
 */
import type { Accepted } from "../certcentral/answers.js";
import type { Context } from "../context.js";
import type { Standing } from "./look.js";
import { collect, collectNew, ifNotYet, issuedAtOnce, issuedInAnswer } from "./collect.js";
import { oursOf, type Ours } from "./ours.js";
import { Incomplete, issuedState, leavesDependentsEmpty, openState, type Known } from "./outcome.js";
import { lookUntilCertain } from "./settle.js";
import { withInputs, type ReissueInputs, type ReissueState } from "./state.js";
import { waitUntilSettled } from "./wait.js";

/** One reissue on its way: what is wanted, how it is recognised, what is known, and what was there before. */
export interface Journey {
    readonly inputs: ReissueInputs;
    readonly ours: Ours;
    readonly orderValidTill?: string | undefined;
    readonly dcvRandomValue?: string | undefined;
    /** Accepted just now, without an approver. */
    readonly isOnItsWay?: boolean | undefined;
    readonly old?: ReissueState | undefined;
}

/** Follows a reissue that an earlier run asked for; GETs only. */
export async function resume(
    context: Context,
    inputs: ReissueInputs,
    old: ReissueState,
): Promise<ReissueState> {
    if (!old.asked) return withInputs(old, inputs);
    const ours = oursOf(inputs, old.asked, old);
    return follow(context, { inputs, ours, dcvRandomValue: old.dcvRandomValue, old });
}

/** Follows a reissue that was just accepted: the certificate may be in the answer, or be issued already. */
export async function followAccepted(
    context: Context,
    journey: Journey,
    accepted: Accepted,
): Promise<ReissueState> {
    const started: Journey = {
        ...journey,
        dcvRandomValue: accepted.dcv_random_value,
        isOnItsWay:
            accepted.certificate_id !== undefined &&
            accepted.dcv_random_value === undefined &&
            (accepted.requests ?? []).every(({ status }) => status?.toLowerCase() === "approved"),
        ours: {
            ...journey.ours,
            requestIds: accepted.requests?.map(({ id }) => id) ?? [],
            certificateId: accepted.certificate_id,
        },
    };
    return keepingIds(started, async () => {
        const inAnswer = issuedInAnswer(accepted, started.ours);
        const needsToken = started.dcvRandomValue !== undefined;
        const outputs = inAnswer ?? (needsToken ? undefined : await issuedAtOnce(context, started));
        return outputs ? issuedState(started.inputs, outputs, known(started)) : follow(context, started);
    });
}

/** Waits, and turns what came of it into the next state, or into a failure that keeps the ids. */
export async function follow(context: Context, journey: Journey): Promise<ReissueState> {
    return keepingIds(journey, async () => {
        const { dcvRandomValue, isOnItsWay } = journey;
        const patience = { ...journey.inputs, dcvRandomValue, isOnItsWay };
        const { standing, order, needsPerson } = await waitUntilSettled(context, journey.ours, patience);
        const now = {
            ...journey,
            ours: withIds(journey.ours, standing),
            orderValidTill: order?.order_valid_till ?? journey.orderValidTill,
        };
        return keepingIds(now, () => conclude(context, now, standing, needsPerson));
    });
}

async function conclude(
    context: Context,
    journey: Journey,
    standing: Standing,
    needsPerson: boolean,
): Promise<ReissueState> {
    const { inputs, ours } = journey;
    switch (standing.kind) {
        case "issued":
            if (standing.isRevoked) throw await revokedSince(context, journey, standing.certificateId);
            return issuedState(
                inputs,
                await collectNew(context, journey, standing.certificateId),
                known(journey),
            );
        case "pending":
            return pendingResult(journey, standing.status, needsPerson);
        case "rejected":
            throw rejected(journey, standing.reason);
        case "absent": {
            const certain = await lookUntilCertain(context, ours);
            if (certain.kind !== "absent") return follow(context, journey);
            throw forgotten(journey);
        }
    }
}

/** It was issued for us and is of no use any more: `up` fails, and the next plan asks anew. */
async function revokedSince(context: Context, journey: Journey, id: number): Promise<Incomplete> {
    const { inputs, ours, old } = journey;
    const reason =
        `order ${ours.orderId}: certificate ${id} was issued for this reissue and has been revoked since. ` +
        "Nothing was asked in this run; the next pulumi up asks for a new one.";
    try {
        const outputs = await collect(context, ours, id);
        const state = issuedState(inputs, outputs, known(journey));
        return new Incomplete({ ...state, status: "revoked" }, [reason]);
    } catch (error) {
        ifNotYet(error);
        return new Incomplete(openState(inputs, "revoked", undefined, known(journey), old), [reason]);
    }
}

/** The table of section "after the POST": who waits, and whether `up` succeeds with it. */
function pendingResult(
    journey: Journey,
    status: "pending_approval" | "pending_issuance",
    needsPerson: boolean,
): ReissueState {
    const { inputs, ours, dcvRandomValue } = journey;
    const state = openState(inputs, status, ours.asked, known(journey), journey.old);
    const what = ours.requestIds.length > 0 ? ` (request ${ours.requestIds.join(", ")})` : "";
    const waits =
        status === "pending_approval"
            ? `waits for approval${what} in CertCentral`
            : dcvRandomValue !== undefined
              ? `waits for domain validation: publish dcvRandomValue${what}`
              : `was accepted, but is not issued yet${what}`;
    const next = "Nothing is lost: the ids are saved, and the next pulumi up looks again.";
    if (leavesDependentsEmpty(state) && !inputs.allowPendingOutputs) {
        const why =
            "so dependents keep the old key and certificate (allowPendingOutputs: true would go on without one)";
        throw new Incomplete(state, [
            `order ${ours.orderId}: the reissue for another key ${waits}, ${why}. ${next}`,
        ]);
    }
    if (needsPerson || inputs.issuanceTimeoutSeconds === 0) return state;
    const limit = `within ${inputs.issuanceTimeoutSeconds} s (issuanceTimeoutSeconds)`;
    throw new Incomplete(state, [
        `order ${ours.orderId}: the reissue ${waits}; it was not issued ${limit}. ${next}`,
    ]);
}

function rejected(journey: Journey, reason: string): Incomplete {
    const asked = { ...journey.ours.asked, rejection: reason };
    return new Incomplete(openState(journey.inputs, "rejected", asked, known(journey), journey.old), [
        reason,
    ]);
}

/** The order knows nothing of it: fails once and forgets it, so that the next run may ask again. */
function forgotten(journey: Journey): Incomplete {
    const { inputs, ours, old } = journey;
    const state = openState(
        inputs,
        "unknown",
        undefined,
        { ...known(journey), requestIds: [], certificateId: undefined },
        old,
    );
    return new Incomplete(state, [
        `order ${ours.orderId}: DigiCert knows no reissue of ours from ${ours.asked.at}, pending, issued or rejected. ` +
            "Nothing was asked in this run; the next pulumi up asks again.",
    ]);
}

/** Whatever goes wrong after DigiCert accepted the reissue, its ids are kept. */
async function keepingIds(journey: Journey, step: () => Promise<ReissueState>): Promise<ReissueState> {
    try {
        return await step();
    } catch (error) {
        if (error instanceof Incomplete) throw error;
        const { inputs, ours, old } = journey;
        const status = old?.asked?.marker === ours.asked.marker ? old.status : "pending_issuance";
        const state = openState(inputs, status, ours.asked, known(journey), old);
        const next = "The reissue itself is not lost: its ids are saved, and the next pulumi up looks again.";
        throw new Incomplete(state, [`${(error as Error).message} ${next}`]);
    }
}

function known({ ours, orderValidTill, dcvRandomValue, old }: Journey): Known {
    return {
        requestIds: ours.requestIds,
        certificateId: ours.certificateId,
        orderValidTill: orderValidTill ?? old?.orderValidTill,
        dcvRandomValue,
    };
}

/** Ids that a look brought to light. */
function withIds(ours: Ours, standing: Standing): Ours {
    if (standing.kind === "issued") return { ...ours, certificateId: standing.certificateId };
    if (standing.kind !== "pending") return ours;
    return {
        ...ours,
        requestIds: standing.requestIds,
        certificateId: standing.certificateId ?? ours.certificateId,
    };
}
