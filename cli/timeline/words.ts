/**
 * Describes the timeline in a sentence.
 *
 * @module
 */
import type { Timeline } from "./model.js";
import { dayOf } from "./next.js";

const SHOWN_STACKS = 4;

/** Describes the number of orders, their stacks, and the day of the timeline. */
export function summarizeTimeline({ orders, stacks, now }: Timeline): string {
    const day = dayOf(now);
    if (orders.length === 0) return `The exports hold no DigiCertReissue (${day}).`;
    const total = orders.length === 1 ? "1 order" : `${orders.length} orders`;
    const rest = stacks.length - SHOWN_STACKS;
    const shown = [...stacks.slice(0, SHOWN_STACKS), ...(rest > 0 ? [`${rest} more stacks`] : [])];
    return `${total} of ${shown.join(", ")} on ${day}, the most urgent first.`;
}
