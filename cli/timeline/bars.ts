/**
 * The marks of an order on the time axis, as SVG: horizontally in percent of the axis, vertically in pixels around the middle of
 * the row.
 *
 * @module
 */
import type { CertificateSpan, OrderRow } from "./model.js";
import { markup, type Markup } from "./markup.js";
import { dayOf } from "./next.js";
import { planStart, type Scale } from "./scale.js";

/** Fill for the days on which a reissue is due; it is hatched, so that it is visible without colour. */
export const HATCH = markup`<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="due" width="5" height="5"/><path class="stripe" d="M1 0V5"/></pattern>`;

/** Draws the plan, the certificate with its deadlines, and the pending reissue. */
export function drawBars(row: OrderRow, scale: Scale, now: string): Markup {
    const { planEnds, certificate, pending } = row;
    return markup`${planEnds !== undefined && drawPlan(planStart(row, now), planEnds, scale)}${
        certificate && drawCertificate(certificate, scale, now)
    }${pending && drawPending(pending.since, scale, now)}`;
}

function drawPlan(from: string, lastDay: string, scale: Scale): Markup {
    const x = scale.at(lastDay);
    const end = scale.isBeyond(lastDay)
        ? markup`<svg x="100%" class="mark"><path class="more" d="M-7 -4L-2 0L-7 4"/></svg>`
        : markup`<line class="end" x1="${x}%" x2="${x}%" y1="-10" y2="10"/>`;
    return markup`${drawSpan("plan", from, lastDay, scale, 8)}${end}`;
}

/** Draws the certificate: valid, then due for a reissue, then in its last days; grey once it is revoked or expired. */
function drawCertificate(
    { validFrom, validTill, due, fail, isRevoked }: CertificateSpan,
    scale: Scale,
    now: string,
): Markup {
    if (isRevoked || Date.parse(validTill) <= Date.parse(now)) {
        const x = scale.at(isRevoked ? now : validTill);
        return markup`${drawSpan("gone", validFrom, validTill, scale, 5)}<svg x="${x}%" class="mark"><path class="cross" d="M-4 -4L4 4M4 -4L-4 4"/></svg>`;
    }
    const late = fail !== undefined && Date.parse(fail) < Date.parse(validTill) ? fail : validTill;
    const dueFrom = due !== undefined && Date.parse(due) < Date.parse(late) ? due : late;
    return markup`${drawSpan("valid", validFrom, dueFrom, scale, 5)}${drawSpan("window", dueFrom, late, scale, 5)}${drawSpan("late", late, validTill, scale, 5)}`;
}

function drawPending(since: string, scale: Scale, now: string): Markup {
    const x = scale.at(since);
    return markup`<line class="pending" x1="${x}%" x2="${scale.at(now)}%" y1="-8" y2="-8"/><circle class="asked" cx="${x}%" cy="-8" r="3"/>`;
}

function drawSpan(name: string, from: string, till: string, scale: Scale, half: number): Markup | undefined {
    const x = scale.at(from);
    const width = Math.round(100 * (scale.at(till) - x)) / 100;
    if (width <= 0) return undefined;
    return markup`<rect class="${name}" x="${x}%" width="${width}%" y="${-half}" height="${2 * half}"/>`;
}

/** Draws the lines between the months, as high as their viewport. */
export function drawGrid({ months }: Scale): Markup {
    return markup`${months.map(({ at, number }) => markup`<line class="${number === 0 ? "year" : "month"}" x1="${at}%" x2="${at}%" y1="0" y2="100%"/>`)}`;
}

/** Number of months whose names fit a wide axis. */
const MOST_NAMES = 10;

/** Draws the names of the months, with a year in place of its January, and the mark of today. */
export function drawAxis(scale: Scale, now: string): Markup {
    const { months } = scale;
    const step = months.length > MOST_NAMES ? 2 : 1;
    const names = months.map(({ at, label, year, number }) => {
        const isWide = number % step === 0;
        const isNarrow = number % 3 === 0;
        if ((!isWide && !isNarrow) || at > 96) return undefined;
        const name = isWide && isNarrow ? "m" : isWide ? "m wide" : "m narrow";
        return number === 0
            ? markup`<text class="${name} y" x="${at}%" dx="3" y="33">${year}</text>`
            : markup`<text class="${name}" x="${at}%" dx="3" y="33">${label}</text>`;
    });
    const today = markup`<svg x="${scale.at(now)}%" class="mark"><path class="today" d="M0 18V22"/><rect class="pill" x="-22" y="3" width="44" height="16" rx="8"/><text class="tag" y="15">today</text></svg>`;
    return markup`${names}${today}`;
}

/** Describes the marks in words. */
export function describeBars({ certificate, pending, planEnds }: OrderRow): string {
    const parts = [
        certificate &&
            `certificate ${certificate.id} valid from ${dayOf(certificate.validFrom)} to ${dayOf(certificate.validTill)}`,
        certificate?.isRevoked === true && "revoked",
        certificate?.due !== undefined && `reissue due from ${dayOf(certificate.due)}`,
        pending && `reissue pending since ${dayOf(pending.since)}`,
        planEnds !== undefined && `plan ends on ${dayOf(planEnds)}`,
    ].filter((part) => typeof part === "string");
    return parts.length === 0 ? "no certificate" : parts.join("; ");
}
