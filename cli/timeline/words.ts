/** What is shown, in a sentence. */
import type { Timeline } from "./model.js";
import { dayOf } from "./next.js";

const SHOWN_STACKS = 4;

/** How many orders of which stacks, and when. */
export function summaryOf({ orders, stacks, now }: Timeline): string {
    const day = dayOf(now);
    if (orders.length === 0) return `There is no DigiCertReissue in what was exported (${day}).`;
    const many = orders.length === 1 ? "1 order" : `${orders.length} orders`;
    const rest = stacks.length - SHOWN_STACKS;
    const named = [...stacks.slice(0, SHOWN_STACKS), ...(rest > 0 ? [`${rest} more stacks`] : [])];
    return `${many} of ${named.join(", ")} on ${day}, the most urgent first.`;
}
