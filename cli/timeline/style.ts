/**
 * The style sheet of the page. The colours are those of Okabe and Ito, which people with any colour vision can distinguish; for
 * text they are darker.
 *
 * @module
 */

/** Colours and marks. */
const MARKS = `
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
.mark,.bars{overflow:visible}.m{fill:var(--soft);font-size:11px;font-weight:400}.y{fill:var(--ink);font-weight:700}.narrow{display:none}
.pill{fill:var(--today)}.tag{fill:var(--bg);font-size:11px;font-weight:600;text-anchor:middle}
.icon{flex:none;fill:none;stroke:currentColor;stroke-width:1.7;stroke-linejoin:round;stroke-linecap:round}
.critical{--own:var(--critical)}.person{--own:var(--person)}.up{--own:var(--up)}.soon{--own:var(--soon)}.quiet{--own:var(--quiet)}`.trim();

/** The page: rows of one line on a wide screen, of three on a narrow one. */
export const PAGE_STYLE = `${MARKS}
*{box-sizing:border-box}[hidden]{display:none!important}
html{scroll-padding-top:3rem}
body{display:flex;flex-direction:column;margin:0;background:var(--bg);color:var(--ink);font:13px/18px -apple-system,"Segoe UI",Roboto,Arial,sans-serif}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 1rem;padding:.8rem 1.2rem 0}h1{margin:0;font-size:1.35rem;line-height:1.3;letter-spacing:-.01em}
p{margin:0;color:var(--soft)}bdi{overflow-wrap:anywhere}time{white-space:nowrap}
nav{display:flex;flex-wrap:wrap;gap:.4rem;padding:.6rem 1.2rem 0}
.chip{display:inline-flex;align-items:center;gap:.4rem;padding:.25rem .6rem;border:1px solid var(--rule);border-radius:.4rem;color:var(--own);background:var(--head);text-decoration:none;font-weight:600}
.chip b{font-variant-numeric:tabular-nums}a.chip:hover{border-color:var(--own)}span.chip{color:var(--soft);font-weight:400}
:focus-visible{outline:2px solid var(--up);outline-offset:-2px}
.legend{display:flex;flex-wrap:wrap;gap:0 1.2rem;margin:.5rem 0 .4rem;padding:0 1.2rem;list-style:none;color:var(--soft)}
.legend li{display:flex;align-items:center;gap:.4rem}.legend svg{flex:none}
.search{display:flex;align-items:center;gap:.4rem;margin-left:auto}output{color:var(--soft);white-space:nowrap}output:empty{display:none}
input,select{padding:.25rem .5rem;border:1px solid var(--gone);border-radius:.4rem;background:var(--bg);color:inherit;font:inherit}
input{width:11rem}select{max-width:11rem}
table,thead,tbody{display:block}tr{display:grid;grid-template-columns:clamp(15rem,28vw,30rem) clamp(13rem,23vw,26rem) 11rem minmax(0,1fr);column-gap:1rem;padding:0 1.2rem}
th,td{min-width:0;padding:3px 0;text-align:left;font-weight:400}
thead{position:sticky;top:0;z-index:1;background:var(--head);border-block:1px solid var(--rule)}
thead th{align-self:end;color:var(--soft);font-weight:600}
thead th.chart{padding:0;height:36px}
tbody tr{border-bottom:1px solid var(--rule)}tbody tr:hover:not(.group){background:var(--head)}
.group th{grid-column:1/-1;display:flex;align-items:baseline;gap:.5rem;padding:.6rem 0 .2rem;color:var(--own);font-weight:600}
.group .icon{align-self:center}.group h2{margin:0;font-size:inherit;white-space:nowrap}.group small{color:var(--soft);font-size:inherit;font-weight:400}
.order{display:flex;gap:.5rem;min-width:0;white-space:nowrap}.name,.action{font-weight:600}
.order bdi{overflow:hidden;text-overflow:ellipsis}.order .name{flex:0 1 auto;min-width:4rem}.order .id{flex:0 .001 auto;max-width:9rem}.order .stack{flex:0 9 auto}
.more,.id,.stack,.left{color:var(--soft)}.id{font-variant-numeric:tabular-nums}
.next{border-left:3px solid var(--own);padding-left:.7rem}.quiet .next{border-color:var(--rule)}.quiet .action{font-weight:400}
summary{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}
.action::after,summary .name::after{content:"▸";margin-left:.4em;color:var(--gone)}details[open]>summary .name::after,details[open] .action::after{content:"▾"}details[open]>summary{white-space:normal}
.why{color:var(--soft)}summary .why{display:block;white-space:normal}details ul{margin:.1rem 0;padding-left:1rem;color:var(--soft)}th details ul{padding-left:0;list-style:none}
.ends{font-variant-numeric:tabular-nums;white-space:nowrap}
.chart{position:relative}.chart svg.fill{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
footer{padding:.8rem 1.2rem 2rem;color:var(--soft)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:1100px){.wide{display:none}.narrow{display:initial}.order .stack{display:none}}
@media (max-width:900px){header,nav,.legend,footer{padding-inline:.8rem}.legend{order:1}footer{order:2}
tr{grid-template-columns:minmax(0,1fr) auto;padding-inline:.8rem}
thead th:not(.chart){display:none}thead th.chart,tbody td.chart{grid-column:1/-1}tbody td.chart{height:26px;padding:0}
th,td{padding:.2rem 0}.next{grid-column:1/-1;grid-row:2;padding-block:0}.group th{flex-wrap:wrap}.group small{width:100%}
.search{flex-wrap:wrap;margin-left:0;width:100%}input{flex:1;width:auto}}
@media print{thead{position:static}.search{display:none}tr{break-inside:avoid}}`.trim();
