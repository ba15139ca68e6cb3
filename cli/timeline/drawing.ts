/**
 * The timeline as one SVG, for a README, a wiki or a chat: a line per order.
 *
 * @module
 */
import { axis, bars, grid, HATCH, inWords } from "./bars.js";
import { LEGEND } from "./legend.js";
import { Markup, markup } from "./markup.js";
import type { OrderRow, Timeline } from "./model.js";
import { dayOf, URGENCIES } from "./next.js";
import { scaleOf, type Scale } from "./scale.js";
import { DRAWING_STYLE } from "./style.js";
import { GROUPS, icon } from "./urgency.js";
import { summaryOf } from "./words.js";

const WIDTH = 1280;
const MARGIN = 20;
const ROW = 42;
const AXIS = 44;
const TOP = 100;
/** Columns: where they begin, and how wide they are. */
const ORDER = { x: MARGIN + 12, width: 240 };
const NEXT = { x: 284, width: 370 };
const CHART = { x: 670, width: WIDTH - MARGIN - 670 };
/** The months are named again after so many rows, so that they are never out of sight. */
const ROWS_PER_AXIS = 15;

/** The drawing, as a text to be written to a file. */
export function drawingOf(timeline: Timeline): string {
    const scale = scaleOf(timeline);
    const parts: Markup[] = [];
    let y = TOP;
    const put = (part: Markup, height: number): void => {
        parts.push(markup`<g transform="translate(0 ${y})">${part}</g>`);
        y += height;
    };
    for (const urgency of URGENCIES) {
        timeline.orders
            .filter(({ next }) => next.urgency === urgency)
            .forEach((row, index) => {
                if (index % ROWS_PER_AXIS === 0) put(heading(row, index, timeline, scale), AXIS);
                put(line(row, scale, timeline.now), ROW);
            });
    }
    const height = y + MARGIN;
    return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc">
<title id="title">Certificate timeline, ${dayOf(timeline.now)}</title>
<desc id="desc">${summaryOf(timeline)} ${URGENCIES.map((urgency) => `${GROUPS[urgency].title}: ${timeline.counts[urgency]}.`).join(" ")}</desc>
<style>${new Markup(DRAWING_STYLE)}</style>
<defs>${HATCH}<symbol id="grid">${grid(scale)}</symbol></defs>
<rect class="paper" width="100%" height="100%"/>
<text class="h1" x="${MARGIN}" y="36">Certificate timeline</text><text class="soft" x="${MARGIN}" y="58">${fitting(summaryOf(timeline), WIDTH - 2 * MARGIN)}</text>
${legend()}
${parts}
</svg>
`.text;
}

function legend(): Markup {
    let x = MARGIN;
    return markup`${LEGEND.map(([mark, meaning]) => {
        const item = markup`<g transform="translate(${x} 82)">${mark}<text class="soft" x="34" y="4">${meaning}</text></g>`;
        x += 60 + widthOf(meaning);
        return item;
    })}`;
}

function heading(
    { next: { urgency } }: OrderRow,
    index: number,
    { now, counts }: Timeline,
    scale: Scale,
): Markup {
    const { title, what } = GROUPS[urgency];
    const about = index === 0 ? `${counts[urgency]}, ${what}` : "continued";
    return markup`<g class="${urgency}"><svg x="${MARGIN}" y="18">${icon(urgency)}</svg><text class="group" x="${MARGIN + 24}" y="31">${title}<tspan class="soft" dx="8" font-size="12" font-weight="400">${about}</tspan></text></g><svg x="${CHART.x}" y="6" width="${CHART.width}" height="${AXIS - 6}" overflow="visible">${axis(scale, now)}</svg><line class="rule" x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${AXIS}" y2="${AXIS}"/>`;
}

function line(row: OrderRow, scale: Scale, now: string): Markup {
    const { orderId, commonName, stack, name, next } = row;
    const today = scale.at(now);
    return markup`<g><title>${`${commonName}, order ${orderId}, ${stack}, ${name}: ${next.action}. ${next.why} (${inWords(row)})`}</title><line class="stroke ${next.urgency}" x1="${MARGIN + 1}" x2="${MARGIN + 1}" y1="6" y2="${ROW - 6}"/>${column(ORDER, commonName, `${orderId} · ${stack} · ${name}`)}${column(NEXT, next.action, next.why)}<svg x="${CHART.x}" width="${CHART.width}" height="${ROW}"><use href="#grid" width="100%" height="100%"/><svg y="50%" height="1" class="mark">${bars(row, scale, now)}</svg><line class="today" x1="${today}%" x2="${today}%" y1="0" y2="100%"/></svg><line class="rule" x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${ROW}" y2="${ROW}"/></g>
`;
}

/** Two lines cut to a column; what is still too wide, because a font is, is clipped. */
function column({ x, width }: { x: number; width: number }, first: string, second: string): Markup {
    return markup`<svg x="${x}" width="${width}" height="${ROW}"><text class="action" y="18">${fitting(first, width)}</text><text class="soft" y="33">${fitting(second, width)}</text></svg>`;
}

/** About how wide a text is in 12 px: what is not Latin counts double. */
function widthOf(text: string): number {
    return Array.from(text).reduce((width, character) => width + (character > "\u024f" ? 12 : 5.8), 0);
}

function fitting(text: string, width: number): string {
    if (widthOf(text) <= width) return text;
    let fits = "";
    for (const character of text) {
        if (widthOf(`${fits}${character}…`) > width) break;
        fits += character;
    }
    return `${fits.trimEnd()}…`;
}
