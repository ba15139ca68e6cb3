/**
 * The timeline as one HTML page that needs nothing else: no network, no fonts, and no script for what matters.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { daysUntil } from "../../provider/core/reissue/plan/validity.js";
import { axis, bars, grid, HATCH, inWords } from "./bars.js";
import { LEGEND } from "./legend.js";
import { Markup, markup, type Content } from "./markup.js";
import type { OrderRow, Timeline } from "./model.js";
import { dayOf, URGENCIES, type Urgency } from "./next.js";
import { scaleOf, type Scale } from "./scale.js";
import { SEARCH_SCRIPT } from "./search.js";
import { PAGE_STYLE } from "./style.js";
import { GROUPS, icon } from "./urgency.js";
import { summaryOf } from "./words.js";

/** Where the marks are in a row, from its top: beside its first two lines, however many there are. */
const BAR_MIDDLE = 27;

/** The page, as a text to be written to a file. */
export function pageOf(timeline: Timeline): string {
    const scale = scaleOf(timeline);
    // Were something in a state able to get past the escaping, the policy would still not run or load it.
    const policy = `default-src 'none'; style-src '${digest(PAGE_STYLE)}'; script-src '${digest(SEARCH_SCRIPT)}'; base-uri 'none'; form-action 'none'`;
    return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Certificate timeline, ${dayOf(timeline.now)}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<svg width="0" height="0" class="sr" aria-hidden="true"><defs>${HATCH}<symbol id="grid">${grid(scale)}</symbol></defs></svg>
<header>
<h1>Certificate timeline</h1>
<p>${withDates(summaryOf(timeline))}</p>
${timeline.orders.length > 0 && tools(timeline)}
</header>
<main>${timeline.orders.length > 0 && table(timeline, scale)}</main>
<footer>Made by pulumi-digicert from pulumi stack export. It shows what the stacks have recorded, not what DigiCert knows by now; pulumi refresh brings them together. Days are UTC.</footer>
${timeline.orders.length > 0 && markup`<script>${new Markup(SEARCH_SCRIPT)}</script>`}
</body>
</html>
`.text;
}

function digest(text: string): string {
    return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function tools({ counts }: Timeline): Markup {
    return markup`<nav aria-label="Groups">${URGENCIES.map((urgency) => {
        const inside = markup`${icon(urgency)}<b>${counts[urgency]}</b> ${GROUPS[urgency].title}`;
        return counts[urgency] > 0
            ? markup`<a class="chip ${urgency}" href="#${urgency}">${inside}</a>`
            : markup`<span class="chip ${urgency}">${inside}</span>`;
    })}<label class="search" hidden><span class="sr">Search</span><output></output><input type="search" placeholder="Search ( / )" autocomplete="off"></label></nav>
<ul class="legend">${LEGEND.map(
        ([mark, meaning]) =>
            markup`<li><svg width="28" height="20" viewBox="0 -10 28 20" aria-hidden="true">${mark}</svg>${meaning}</li>`,
    )}</ul>`;
}

function table(timeline: Timeline, scale: Scale): Markup {
    // The roles are those of the elements; a browser forgets them where a table is laid out as a grid.
    return markup`<table role="table">
<caption class="sr">Orders, the most urgent first</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Order</th><th role="columnheader" scope="col">What is next</th><th role="columnheader" scope="col">Ends</th><th role="columnheader" scope="col" class="chart"><span class="sr">Timeline</span><svg class="fill" aria-hidden="true">${axis(scale, timeline.now)}</svg></th></tr></thead>
${URGENCIES.filter((urgency) => timeline.counts[urgency] > 0).map((urgency) => group(urgency, timeline, scale))}</table>`;
}

function group(urgency: Urgency, { now, counts, orders }: Timeline, scale: Scale): Markup {
    const { title, what } = GROUPS[urgency];
    return markup`<tbody role="rowgroup" id="${urgency}" class="${urgency}">
<tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="4">${icon(urgency)}<h2>${title}</h2><b>${counts[urgency]}</b><small>${what}</small></th></tr>
${orders.filter(({ next }) => next.urgency === urgency).map((row) => order(row, scale, now))}</tbody>
`;
}

function order(row: OrderRow, scale: Scale, now: string): Markup {
    const { orderId, name, stack, commonName, names, certificate, planEnds, next } = row;
    const others = names.slice(1);
    const today = scale.at(now);
    return markup`<tr role="row"><th role="rowheader" scope="row"><bdi class="name">${commonName}</bdi>${
        others.length > 0 && markup` <span class="more" title="${others.join(" ")}">+${others.length}</span>`
    }<span class="about"><bdi>${orderId}</bdi> · <bdi>${stack}</bdi> · <bdi>${name}</bdi></span></th><td role="cell" class="next"><bdi class="action">${withDates(next.action)}</bdi> <bdi class="why">${withDates(next.why)}</bdi>${said(row)}</td><td role="cell" class="ends">${
        certificate
            ? markup`${dayOf(certificate.validTill)} <span class="about">${leftOf(certificate.validTill, now)}</span>`
            : "no certificate"
    }${planEnds !== undefined && markup`<span class="about plan-end">plan ${dayOf(planEnds)}</span>`}</td><td role="cell" class="chart"><svg class="fill" role="img"><title>${inWords(row)}</title><use href="#grid" width="100%" height="100%"/><svg y="${BAR_MIDDLE}" height="1" class="bars">${bars(row, scale, now)}</svg><line class="today" x1="${today}%" x2="${today}%" y1="0" y2="100%"/></svg></td></tr>
`;
}

/** Days are not broken at their hyphens. */
function withDates(text: string): Content {
    return text
        .split(/(\b\d{4}-\d{2}-\d{2}\b)/)
        .map((part, index) => (index % 2 === 1 ? markup`<time>${part}</time>` : part));
}

function leftOf(validTill: string, now: string): string {
    const left = daysUntil(validTill, new Date(now));
    const days = Math.abs(left) === 1 ? "1 day" : `${Math.abs(left)} days`;
    return left < 0 ? `${days} ago` : `in ${days}`;
}

/** What `up` would say, and what the last one said. */
function said({ next, failures }: OrderRow): Markup | undefined {
    const lines = [
        ...failures.map((line) => `The last run: ${line}`),
        ...next.up.map((line) => `The next one: ${line}`),
    ];
    if (lines.length === 0) return undefined;
    return markup`<details><summary>What pulumi up says</summary><ul class="said">${lines.map((line) => markup`<li><bdi>${line}</bdi></li>`)}</ul></details>`;
}
