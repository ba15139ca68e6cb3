/**
 * The marks of one order on the time axis, as SVG. Across in percent, so that they fit any width; down in pixels
 * around 0, so that whoever shows them places them in the middle of a row.
 *
 * @module
 */
import type { CertificateSpan, OrderRow } from "./model.js";
import { markup, type Markup } from "./markup.js";
import { dayOf } from "./next.js";
import { planBegins, type Scale } from "./scale.js";

/** Fill of what is due: hatched, so that it shows without colour too. */
export const HATCH = markup`<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="due" width="5" height="5"/><path class="stripe" d="M1 0V5"/></pattern>`;

/** The plan, the certificate with its reissue window, the pending reissue. */
export function bars(row: OrderRow, scale: Scale, now: string): Markup {
    const { planEnds, certificate, pending } = row;
    return markup`${planEnds !== undefined && plan(planBegins(row, now), planEnds, scale)}${
        certificate && validity(certificate, scale, now)
    }${pending && waiting(pending.since, scale, now)}`;
}

function plan(from: string, lastDay: string, scale: Scale): Markup {
    const x = scale.at(lastDay);
    const end = scale.isBeyond(lastDay)
        ? markup`<svg x="100%" class="mark"><path class="more" d="M-7 -4L-2 0L-7 4"/></svg>`
        : markup`<line class="end" x1="${x}%" x2="${x}%" y1="-12" y2="12"/>`;
    return markup`${span("plan", from, lastDay, scale, 9)}${end}`;
}

/** The certificate: valid, then due, then late; grey where it is of no use any more. */
function validity(
    { validFrom, validTill, due, fail, isRevoked }: CertificateSpan,
    scale: Scale,
    now: string,
): Markup {
    if (isRevoked || Date.parse(validTill) <= Date.parse(now)) {
        const x = scale.at(isRevoked ? now : validTill);
        return markup`${span("gone", validFrom, validTill, scale, 5)}<svg x="${x}%" class="mark"><path class="cross" d="M-4 -4L4 4M4 -4L-4 4"/></svg>`;
    }
    const late = fail !== undefined && Date.parse(fail) < Date.parse(validTill) ? fail : validTill;
    const begin = due !== undefined && Date.parse(due) < Date.parse(late) ? due : late;
    return markup`${span("valid", validFrom, begin, scale, 5)}${span("window", begin, late, scale, 5)}${span("late", late, validTill, scale, 5)}`;
}

function waiting(since: string, scale: Scale, now: string): Markup {
    const x = scale.at(since);
    return markup`<line class="pending" x1="${x}%" x2="${scale.at(now)}%" y1="-9" y2="-9"/><circle class="asked" cx="${x}%" cy="-9" r="3.5"/>`;
}

function span(what: string, from: string, till: string, scale: Scale, half: number): Markup | undefined {
    const x = scale.at(from);
    const width = Math.round(100 * (scale.at(till) - x)) / 100;
    if (width <= 0) return undefined;
    return markup`<rect class="${what}" x="${x}%" width="${width}%" y="${-half}" height="${2 * half}"/>`;
}

/** The lines of the months; they fill their viewport. */
export function grid({ months }: Scale): Markup {
    return markup`${months.map(({ at, number }) => markup`<line class="${number === 0 ? "year" : "month"}" x1="${at}%" x2="${at}%" y1="0" y2="100%"/>`)}`;
}

/** So many months have room for their names on a wide axis. */
const ALL_NAMED = 10;

/** The names of the months, a year in place of its January, and today. */
export function axis(scale: Scale, now: string): Markup {
    const { months } = scale;
    const step = months.length > ALL_NAMED ? 2 : 1;
    const names = months.map(({ at, label, year, number }) => {
        const isWide = number % step === 0;
        const isNarrow = number % 3 === 0;
        if ((!isWide && !isNarrow) || at > 96) return undefined;
        const which = isWide && isNarrow ? "m" : isWide ? "m wide" : "m narrow";
        return number === 0
            ? markup`<text class="${which} y" x="${at}%" dx="3" y="33">${year}</text>`
            : markup`<text class="${which}" x="${at}%" dx="3" y="33">${label}</text>`;
    });
    const today = markup`<svg x="${scale.at(now)}%" class="mark"><path class="today" d="M0 18V22"/><rect class="pill" x="-22" y="3" width="44" height="16" rx="8"/><text class="tag" y="15">today</text></svg>`;
    return markup`${names}${today}`;
}

/** The same as the marks, in words. */
export function inWords({ certificate, pending, planEnds }: OrderRow): string {
    const parts = [
        certificate &&
            `certificate ${certificate.id} valid from ${dayOf(certificate.validFrom)} to ${dayOf(certificate.validTill)}`,
        certificate?.isRevoked === true && "revoked",
        certificate?.due !== undefined && `reissue window from ${dayOf(certificate.due)}`,
        pending && `reissue pending since ${dayOf(pending.since)}`,
        planEnds !== undefined && `plan ends on ${dayOf(planEnds)}`,
    ].filter((part) => typeof part === "string");
    return parts.length === 0 ? "no certificate" : parts.join("; ");
}
