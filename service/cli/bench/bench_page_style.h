#pragma once

namespace ccbus::cli {

// The style sheet of bench_page(). It must not contain '<' or '&', which are markup in XML.
inline constexpr const char* kBenchPageStyle = R"(
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #ffffff; --ink: #16191f; --soft: #5c6572; --rule: #e2e6eb;
  --good: #2563eb; --high: #c2410c; --warn: #b45309; --bad: #dc2626; --fine: #15803d;
  --part: rgba(90, 110, 140, 0.07);
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0e1116; --card: #171b22; --ink: #e8ebf0; --soft: #97a1af; --rule: #2a303a;
    --good: #60a5fa; --high: #fb923c; --warn: #fbbf24; --bad: #f87171; --fine: #4ade80;
    --part: rgba(160, 180, 210, 0.07);
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 68rem;
  background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
header { margin-bottom: 1.5rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.02em; }
h2 { margin: 0 0 0.75rem; font-size: 1.05rem; letter-spacing: -0.01em; }
header p { margin: 0.4rem 0 0; color: var(--soft); max-width: 60rem; }
header .shows { color: var(--ink); font-size: 1.05rem; }
section, .verdict {
  background: var(--card); border: 1px solid var(--rule); border-radius: 12px;
  padding: 1.1rem 1.25rem; margin: 1rem 0; overflow-x: auto;
}
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 0.9rem 1.1rem; }
.card b { display: block; font-size: 1.55rem; line-height: 1.2; letter-spacing: -0.02em; }
.card span { color: var(--soft); font-size: 0.85rem; }
.card.bad b { color: var(--bad); }
.card.warn b { color: var(--warn); }
.verdict { border-left: 5px solid var(--good); }
.verdict.wrong { border-left-color: var(--bad); }
.verdict p { margin: 0.3rem 0; }
.verdict p.wrong { color: var(--bad); font-weight: 600; }
.phase { margin: 2.5rem 0 0; font-size: 1.3rem; letter-spacing: -0.01em; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th, td { text-align: right; padding: 0.32rem 0 0.32rem 1rem; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; font-size: 0.8rem; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tr:last-child td { border-bottom: 0; }
td code { white-space: normal; }
div.bar { display: flex; height: 14px; border-radius: 7px; overflow: hidden; background: var(--rule); margin: 0.2rem 0 0.9rem; }
div.bar i { display: block; height: 100%; }
.dot { display: inline-block; width: 0.6rem; height: 0.6rem; border-radius: 50%; margin-right: 0.5rem; }
i.good { background: var(--good); } i.high { background: var(--high); } i.warn { background: var(--warn); }
i.bad { background: var(--bad); } i.fine { background: var(--fine); } i.soft { background: var(--soft); }
code { font: 0.85rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.plan { columns: 3 15rem; column-gap: 2.5rem; font-size: 0.92rem; }
.plan div {
  display: flex; justify-content: space-between; gap: 1rem; padding: 0.25rem 0;
  border-bottom: 1px solid var(--rule); break-inside: avoid;
}
.plan span { color: var(--soft); }
.plan b { color: var(--good); overflow-wrap: anywhere; text-align: right; }
.plan i { font-style: normal; overflow-wrap: anywhere; text-align: right; }
.note, footer { color: var(--soft); font-size: 0.85rem; }
.note { margin: 0.6rem 0 0; }
.chart { display: block; width: 100%; min-width: 36rem; height: auto; }
.chart text { fill: var(--soft); font-size: 12px; }
.chart text.up { text-anchor: end; }
.chart text.across, .chart text.message { text-anchor: middle; }
.chart text.message { font-size: 15px; }
.chart text.legend, .chart text.mark { fill: var(--ink); }
.chart text.mark, .chart text.part { paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.chart text.before { text-anchor: end; }
.chart text.part { font-weight: 600; }
.chart line { stroke: var(--rule); stroke-width: 1; }
.chart line.axis, .chart line.tick { stroke: var(--soft); }
.chart line.part { stroke: var(--soft); stroke-dasharray: 3 4; }
.chart line.mark { stroke: var(--high); stroke-width: 1.2; stroke-dasharray: 4 3; }
.chart rect.part { fill: var(--part); }
.chart rect.bar { fill: var(--good); }
.chart rect.bar:hover { fill: var(--high); }
.chart rect.tip { fill: transparent; }
.chart rect.tip:hover { fill: var(--part); }
.chart rect.swatch { rx: 3px; }
.chart path { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.chart path.line.good { stroke: var(--good); } .chart path.line.high { stroke: var(--high); }
.chart path.line.warn { stroke: var(--warn); } .chart path.line.bad { stroke: var(--bad); }
.chart path.area { stroke: none; opacity: 0.16; }
.chart .good.area, .chart .good.swatch { fill: var(--good); }
.chart .high.swatch { fill: var(--high); } .chart .warn.swatch { fill: var(--warn); }
.chart .bad.swatch { fill: var(--bad); }
@media print { body { max-width: none; padding: 0; } section, .card, .verdict { break-inside: avoid; } }
)";

}  // namespace ccbus::cli
