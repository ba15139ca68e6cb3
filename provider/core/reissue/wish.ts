/**
 * What is to be asked for.
 *
 * @module
 */
import type { Order } from "../certcentral/answers.js";
import type { ReissueCause } from "./plan/plan.js";
import type { Asked, ReissueInputs, ReissueState } from "./state.js";

/** What is to be asked for, and why. */
export interface Wish {
    readonly inputs: ReissueInputs;
    readonly marker: string;
    /** The state that an update replaces; none in a create. */
    readonly old?: ReissueState | undefined;
    readonly cause: ReissueCause;
    /** Our pending reissue was cancelled: from then on the state must not wait for it. */
    onCancelled?(): void;
}

/** The record of asking now. */
export function askedNow({ certificate }: Order, marker: string, now: Date): Asked {
    const after = certificate.date_issued ?? certificate.date_created;
    return {
        marker,
        at: now.toISOString(),
        ...(certificate.id === undefined ? {} : { replaces: certificate.id }),
        ...(after === undefined ? {} : { after }),
    };
}
