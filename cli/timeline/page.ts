/**
 * Renders the timeline as one HTML page. The page loads nothing from the network; its only script is for the search.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { daysUntil } from "../../provider/core/reissue/plan/validity.js";
import { describeBars, drawAxis, drawBars, drawGrid, HATCH } from "./bars.js";
import { foldRows, titleRun } from "./fold.js";
import { LEGEND } from "./legend.js";
import { Markup, markup, type Content } from "./markup.js";
import type { OrderRow, Timeline } from "./model.js";
import { dayOf, URGENCIES, type Urgency } from "./next.js";
import { buildScale, type Scale } from "./scale.js";
import { SEARCH_SCRIPT } from "./search.js";
import { PAGE_STYLE } from "./style.js";
import { drawIcon, GROUPS } from "./urgency.js";
import { summarizeTimeline } from "./words.js";

/** The middle of a row of one line, in pixels from its top. */
const ROW_MIDDLE = 13;
/** Up to this number of orders, each row shows the reason of its step; with more orders, a click shows the reason. */
const MOST_WITH_REASONS = 12;

/** Properties that all rows of a page share. */
interface PageContext {
    readonly timeline: Timeline;
    readonly scale: Scale;
    /** Whether rows show the reason of their step at once, in a second line. */
    readonly showsReasons: boolean;
}

/** Renders the page as a text. */
export function renderPage(timeline: Timeline): string {
    const { orders, now } = timeline;
    const context: PageContext = {
        timeline,
        scale: buildScale(timeline),
        showsReasons: orders.length <= MOST_WITH_REASONS,
    };
    // The policy is a second protection beside the escaping: the browser runs and loads only these two texts.
    const policy = `default-src 'none'; style-src '${digest(PAGE_STYLE)}'; script-src '${digest(SEARCH_SCRIPT)}'; base-uri 'none'; form-action 'none'`;
    const hasOrders = orders.length > 0;
    return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Certificate timeline, ${dayOf(now)}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<svg width="0" height="0" class="sr" aria-hidden="true"><defs>${HATCH}<symbol id="grid">${drawGrid(context.scale)}</symbol></defs></svg>
<header><h1>Certificate timeline</h1><p>${keepDatesTogether(summarizeTimeline(timeline))}</p></header>
${hasOrders && markup`${renderTools(timeline)}${renderLegend()}`}
<main>${hasOrders && renderTable(context)}</main>
<footer>Made by pulumi-digicert from pulumi stack export. It shows what the stacks recorded; run pulumi refresh first to see what DigiCert has now. Days are UTC.</footer>
${hasOrders && markup`<script>${new Markup(SEARCH_SCRIPT)}</script>`}
</body>
</html>
`.text;
}

function digest(text: string): string {
    return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function renderTools({ counts, stacks }: Timeline): Markup {
    const chips = URGENCIES.map((urgency) => {
        const content = markup`${drawIcon(urgency)}<b>${counts[urgency]}</b> ${GROUPS[urgency].title}`;
        return counts[urgency] > 0
            ? markup`<a class="chip ${urgency}" href="#${urgency}">${content}</a>`
            : markup`<span class="chip ${urgency}">${content}</span>`;
    });
    const options = stacks.map((stack) => markup`<option value="${stack}">${stack}</option>`);
    const filter =
        stacks.length > 1 &&
        markup`<select aria-label="Stack"><option value="">All stacks</option>${options}</select>`;
    return markup`<nav aria-label="Groups">${chips}<div class="search" hidden><output></output>${filter}<input type="search" aria-label="Search" placeholder="Search ( / )" autocomplete="off"></div></nav>
`;
}

function renderLegend(): Markup {
    const items = LEGEND.map(
        ([mark, meaning]) =>
            markup`<li><svg width="28" height="20" viewBox="0 -10 28 20" aria-hidden="true">${mark}</svg>${meaning}</li>`,
    );
    return markup`<ul class="legend">${items}</ul>`;
}

function renderTable(context: PageContext): Markup {
    const { timeline, scale } = context;
    const groups = URGENCIES.filter((urgency) => timeline.counts[urgency] > 0);
    // The roles are repeated, because a browser drops the roles of a table that is laid out as a grid.
    return markup`<table role="table">
<caption class="sr">Orders, the most urgent first</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Order</th><th role="columnheader" scope="col">Next step</th><th role="columnheader" scope="col">Certificate ends</th><th role="columnheader" scope="col" class="chart"><span class="sr">Timeline</span><svg class="fill" aria-hidden="true">${drawAxis(scale, timeline.now)}</svg></th></tr></thead>
${groups.map((urgency) => renderGroup(urgency, context))}</table>`;
}

function renderGroup(urgency: Urgency, context: PageContext): Markup {
    const { orders, counts } = context.timeline;
    const { title, explanation } = GROUPS[urgency];
    const runs = foldRows(orders.filter(({ next }) => next.urgency === urgency));
    return markup`<tbody role="rowgroup" id="${urgency}" class="${urgency}">
<tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="4">${drawIcon(urgency)}<h2>${title}</h2><b>${counts[urgency]}</b><small>${explanation}</small></th></tr>
${runs.map((run) => renderRun(run, context))}</tbody>
`;
}

function renderRun(run: readonly OrderRow[], context: PageContext): Markup | undefined {
    const [row] = run;
    if (row === undefined) return undefined;
    return run.length === 1 ? renderOrder(row, context) : renderFold(row, run, context);
}

function renderOrder(row: OrderRow, context: PageContext): Markup {
    const { stack, planEnds } = row;
    const heading = markup`<th role="rowheader" scope="row">${renderName(row)}</th>`;
    const plan =
        planEnds !== undefined && markup`<li>The plan ends on ${keepDatesTogether(dayOf(planEnds))}.</li>`;
    const place = markup`<li>Stack <bdi>${stack}</bdi>, resource <bdi>${row.name}</bdi></li>`;
    const details = markup`<ul>${place}${plan}${renderMessages(row)}</ul>`;
    return markup`<tr role="row" data-stack="${stack}">${heading}${renderStep(row, details, context)}${renderEnd(row, context)}${renderChart(row, context)}</tr>
`;
}

/** Renders a folded row, with the list of its orders. */
function renderFold(row: OrderRow, run: readonly OrderRow[], context: PageContext): Markup {
    const items = run.map((order) => markup`<li data-stack="${order.stack}">${renderName(order)}</li>`);
    const title = keepDatesTogether(titleRun(run, context.timeline.now));
    const heading = markup`<th role="rowheader" scope="row"><details><summary><span class="name">${title}</span></summary><ul>${items}</ul></details></th>`;
    const hasOnePlan = run.every(({ planEnds }) => planEnds === row.planEnds);
    const drawn = hasOnePlan ? row : { ...row, planEnds: undefined };
    return markup`<tr role="row" class="fold">${heading}${renderStep(row, undefined, context)}${renderEnd(row, context)}${renderChart(drawn, context)}</tr>
`;
}

function renderName({ commonName, names, orderId, stack }: OrderRow): Markup {
    const others = names.slice(1);
    const more =
        others.length > 0 && markup`<span class="more" title="${others.join(" ")}">+${others.length}</span>`;
    return markup`<span class="order"><bdi class="name" title="${commonName}">${commonName}</bdi>${more}<bdi class="id">${orderId}</bdi><bdi class="stack">${stack}</bdi></span>`;
}

function renderStep({ next }: OrderRow, details: Markup | undefined, { showsReasons }: PageContext): Markup {
    const why = markup`<bdi class="why">${keepDatesTogether(next.why)}</bdi>`;
    const action = markup`<bdi class="action">${keepDatesTogether(next.action)}</bdi>`;
    return markup`<td role="cell" class="next"><details><summary>${action}${showsReasons && why}</summary>${!showsReasons && why}${details}</details></td>`;
}

function renderEnd({ certificate }: OrderRow, { timeline }: PageContext): Markup {
    if (certificate === undefined) return markup`<td role="cell" class="ends">no certificate</td>`;
    const { validTill } = certificate;
    return markup`<td role="cell" class="ends">${dayOf(validTill)} <span class="left">${describeDaysLeft(validTill, timeline.now)}</span></td>`;
}

function renderChart(row: OrderRow, { scale, timeline: { now } }: PageContext): Markup {
    const today = scale.at(now);
    return markup`<td role="cell" class="chart"><svg class="fill" role="img"><title>${describeBars(row)}</title><use href="#grid" width="100%" height="100%"/><svg y="${ROW_MIDDLE}" height="1" class="bars">${drawBars(row, scale, now)}</svg><line class="today" x1="${today}%" x2="${today}%" y1="0" y2="100%"/></svg></td>`;
}

/** Marks dates, so that no line breaks at their hyphens. */
function keepDatesTogether(text: string): Content {
    return text
        .split(/(\b\d{4}-\d{2}-\d{2}\b)/)
        .map((part, index) => (index % 2 === 1 ? markup`<time>${part}</time>` : part));
}

function describeDaysLeft(validTill: string, now: string): string {
    const left = daysUntil(validTill, new Date(now));
    const days = Math.abs(left) === 1 ? "1 day" : `${Math.abs(left)} days`;
    return left < 0 ? `${days} ago` : `in ${days}`;
}

/** Lists the lines that the last `pulumi up` printed for the order, and those that the next would print. */
function renderMessages({ next, failures }: OrderRow): Markup[] {
    const lines = [
        ...failures.map((line) => `The last pulumi up: ${line}`),
        ...next.up.map((line) => `The next pulumi up: ${line}`),
    ];
    return lines.map((line) => markup`<li><bdi>${line}</bdi></li>`);
}
