/**
 * Titles and icons of the groups. Each group has a word and a shape beside its colour, for people who cannot see the colour.
 *
 * @module
 */
import { markup, type Markup } from "./markup.js";
import type { Urgency } from "./next.js";

/** Title and explanation of each group. */
export const GROUPS: Readonly<Record<Urgency, { title: string; explanation: string }>> = {
    critical: {
        title: "Act now",
        explanation: "revoked, expired or rejected, or about to expire without a new certificate",
    },
    person: { title: "Needs a person", explanation: "pulumi up cannot do this" },
    up: { title: "Ready for pulumi up", explanation: "its next run does this" },
    soon: { title: "Coming up", explanation: "within 30 days, or just issued" },
    quiet: { title: "Nothing to do", explanation: "the next step is more than 30 days ahead" },
};

const SHAPES: Readonly<Record<Urgency, string>> = {
    critical: "M8 1L15.5 14.5H.5ZM8 5.5V10M8 11.6V13",
    person: "M8 8.2A3.3 3.3 0 1 0 8 1.6A3.3 3.3 0 0 0 8 8.2ZM1.8 14.6C2.4 11.6 4.8 10 8 10S13.6 11.6 14.2 14.6Z",
    up: "M8 14.5V3M3 7.5L8 2.5L13 7.5",
    soon: "M8 1.5A6.5 6.5 0 1 0 8 14.5A6.5 6.5 0 0 0 8 1.5ZM8 4.5V8L10.5 10",
    quiet: "M2.5 8.5L6.5 12.5L13.5 4",
};

/** Draws the icon of a group, 16 by 16. */
export function drawIcon(urgency: Urgency): Markup {
    return markup`<svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="${SHAPES[urgency]}"/></svg>`;
}
