/**
 * The legend of the chart.
 *
 * @module
 */
import { markup, type Markup } from "./markup.js";

/** Each mark with its meaning; a mark is 28 wide, and its vertical middle is at 0. */
export const LEGEND: readonly (readonly [Markup, string])[] = [
    [markup`<rect class="valid" width="28" y="-5" height="10"/>`, "certificate valid"],
    [markup`<rect class="window" width="28" y="-5" height="10"/>`, "reissue due"],
    [markup`<rect class="late" width="28" y="-5" height="10"/>`, "last days: pulumi up fails"],
    [
        markup`<rect class="gone" width="28" y="-5" height="10"/><path class="cross" d="M10 -4L18 4M18 -4L10 4"/>`,
        "revoked or expired",
    ],
    [
        markup`<line class="pending" x1="3" x2="28" y1="0" y2="0"/><circle class="asked" cx="4" cy="0" r="3"/>`,
        "reissue pending",
    ],
    [
        markup`<rect class="plan" width="27" y="-8" height="16"/><line class="end" x1="27" x2="27" y1="-10" y2="10"/>`,
        "plan ends",
    ],
];
