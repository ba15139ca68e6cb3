/**
 * Style sheets of the page and of the drawing. The colours are those of Okabe and Ito, which people with any colour
 * vision tell apart, darkened where text needs contrast.
 *
 * @module
 */

/** Colours and marks, for both. */
export const MARKS = `
:root{color-scheme:light dark;--bg:#fff;--head:#f6f8fa;--ink:#1b1f24;--soft:#57606a;--rule:#e1e5ea;--band:#dfe5ec;--edge:#57606a;
--valid:#0072b2;--due:#e69f00;--stripe:#fff4d6;--late:#d55e00;--pending:#9b3c86;--gone:#aab2bb;--today:#1b1f24;
--critical:#b02a12;--person:#86357a;--up:#00609a;--soon:#7a5200;--quiet:#57606a}
@media (prefers-color-scheme:dark){:root{--bg:#0f141a;--head:#161c24;--ink:#e6eaef;--soft:#9aa5b1;--rule:#262e38;--band:#2b3541;--edge:#9aa5b1;
--valid:#56b4e9;--due:#e69f00;--stripe:#5c4000;--late:#ff7f3f;--pending:#e29ad0;--gone:#59636e;--today:#f2f5f8;
--critical:#ff9077;--person:#e6a8d8;--up:#7cc4f0;--soon:#f0bb4a;--quiet:#9aa5b1}}
.plan{fill:var(--band)}.valid{fill:var(--valid)}.due{fill:var(--due)}.stripe{stroke:var(--stripe);stroke-width:2}
.window{fill:url(#hatch)}.late{fill:var(--late)}.gone{fill:var(--gone)}
.end{stroke:var(--edge);stroke-width:2}.more,.cross{fill:none;stroke:var(--edge);stroke-width:1.6}.cross{stroke:var(--critical);stroke-width:2.4}
.pending{stroke:var(--pending);stroke-width:3;stroke-dasharray:4 2}.asked{fill:var(--bg);stroke:var(--pending);stroke-width:2}
.month,.year{stroke:var(--rule)}.year{stroke:var(--gone)}.today{stroke:var(--today);stroke-width:1.5}
.mark{overflow:visible}.m{fill:var(--soft);font-size:11px;font-weight:400}.y{fill:var(--ink);font-weight:700}.narrow{display:none}
.pill{fill:var(--today)}.tag{fill:var(--bg);font-size:11px;font-weight:600;text-anchor:middle}
.icon{flex:none;fill:none;stroke:currentColor;stroke-width:1.7;stroke-linejoin:round;stroke-linecap:round}
.critical{--own:var(--critical)}.person{--own:var(--person)}.up{--own:var(--up)}.soon{--own:var(--soon)}.quiet{--own:var(--quiet)}`.trim();

/** The page. */
export const PAGE_STYLE = `${MARKS}
*{box-sizing:border-box}[hidden]{display:none!important}
html{scroll-padding-top:4rem}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.45 -apple-system,"Segoe UI",Roboto,Arial,sans-serif}
header{padding:1.5rem 1.5rem 1rem}h1{margin:0;font-size:1.5rem;line-height:1.2;letter-spacing:-.01em}
p{margin:.35rem 0 0;color:var(--soft)}bdi{overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:.5rem;margin:1.1rem 0 0}
.chip{display:inline-flex;align-items:center;gap:.45rem;padding:.4rem .8rem;border:1px solid var(--rule);border-radius:.5rem;color:var(--own);background:var(--head);text-decoration:none;font-weight:600}
.chip b{font-size:1.15rem;font-variant-numeric:tabular-nums}a.chip:hover{border-color:var(--own)}span.chip{color:var(--soft);font-weight:400}
:focus-visible{outline:2px solid var(--up);outline-offset:2px}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:1.1rem 0 0;padding:0;list-style:none;color:var(--soft);font-size:.86rem}
.legend li{display:flex;align-items:center;gap:.4rem}.legend svg{flex:none}
.search{display:flex;align-items:center;gap:.5rem;margin-left:auto}
input{width:15rem;max-width:60vw;padding:.4rem .6rem;border:1px solid var(--gone);border-radius:.4rem;background:var(--bg);color:inherit;font:inherit}
table,thead,tbody{display:block}tr{display:grid;grid-template-columns:clamp(11rem,19vw,20rem) clamp(14rem,24vw,28rem) 9.6rem minmax(0,1fr);column-gap:1.1rem;padding:0 1.5rem}
th,td{min-width:0;padding:.5rem 0;text-align:left;font-weight:400}
thead{position:sticky;top:0;z-index:1;background:var(--head);border-block:1px solid var(--rule)}
thead th{align-self:end;padding:.35rem 0;color:var(--soft);font-size:.86rem;font-weight:600}
thead th.chart{padding:0;height:38px}
tbody tr{border-bottom:1px solid var(--rule)}tbody tr:hover:not(.group){background:var(--head)}
.group{background:var(--bg)}.group th{grid-column:1/-1;display:flex;align-items:baseline;gap:.5rem;padding:1.5rem 0 .5rem;color:var(--own);font-weight:600}
.group .icon{align-self:center}.group h2{margin:0;font-size:1.05rem;white-space:nowrap}.group b{font-size:1.05rem}.group small{color:var(--soft);font-size:.86rem;font-weight:400}
.name,.action{font-weight:600}.more{color:var(--soft);font-size:.82rem}.about{color:var(--soft);font-size:.84rem}th .about,.plan-end{display:block}.why{display:block;color:var(--soft)}time{white-space:nowrap}output:empty{display:none}
.next{border-left:3px solid var(--own);padding-left:.7rem;margin:.5rem 0;padding-block:0;align-self:start}
.quiet .next{border-color:var(--rule)}.quiet .action{font-weight:400}
.ends{font-variant-numeric:tabular-nums;white-space:nowrap}
.chart{position:relative}.chart svg.fill{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.bars{overflow:visible}
details{margin-top:.2rem;color:var(--soft);font-size:.86rem}summary{cursor:pointer}ul.said{margin:.2rem 0;padding-left:1.1rem}
footer{padding:1rem 1.5rem 2.5rem;color:var(--soft);font-size:.86rem}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:1100px){.wide{display:none}.narrow{display:initial}}
@media (max-width:900px){header,footer{padding-inline:1rem}tr{grid-template-columns:minmax(0,1fr) auto;padding-inline:1rem}
thead th:not(.chart){display:none}thead th.chart,tbody td.chart{grid-column:1/-1}tbody td.chart{height:50px;padding:0;margin-bottom:.3rem}
.next{grid-column:1/-1;grid-row:2;margin:0 0 .4rem}td.ends{text-align:right}td.ends .about{display:block}.group th{flex-wrap:wrap;padding-top:1.1rem}.group small{width:100%}
nav{gap:.4rem}.chip{padding:.3rem .55rem;font-size:.9rem}.chip b{font-size:1rem}
.search{margin-left:0;width:100%}input{flex:1;max-width:none}}
@media print{thead{position:static}.search,nav{display:none}tr{break-inside:avoid}}`.trim();

/** The drawing. */
export const DRAWING_STYLE = `${MARKS}
svg{font:12px -apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.action{font-weight:600}.paper{fill:var(--bg)}text{fill:var(--ink)}.soft{fill:var(--soft)}.bold{font-weight:600}.h1{font-size:20px;font-weight:600}
.group{fill:var(--own);font-size:14px;font-weight:600}.icon{color:var(--own)}.rule{stroke:var(--rule)}.stroke{stroke:var(--own);stroke-width:3}`.trim();
