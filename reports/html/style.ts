import type { Results } from '../../harness/results/results.js';
import { INK, strokeOf } from '../charts/palette.js';

const SHEET = `
:root {
  color-scheme: light dark;
  --paper: ${INK.paper.light};
  --text: ${INK.text.light};
  --quiet: #5b636d;
  --rule: #d5dae0;
  --faint: #f5f7f9;
  --link: #0550ae;
  --bad: #a40e26;
  --doubt: #7a4b00;
  --good: #17693a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: ${INK.paper.dark};
    --text: ${INK.text.dark};
    --quiet: #98a2ae;
    --rule: #343b45;
    --faint: #1d2229;
    --link: #79b8ff;
    --bad: #ff8f8f;
    --doubt: #e3b341;
    --good: #6cc98b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto;
  max-width: 70rem;
  padding: 1.5rem 1.25rem 4rem;
  background: var(--paper);
  color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif;
  overflow-wrap: break-word;
}
code, .facts dd code { font: 0.92em/1.4 ui-monospace, 'DejaVu Sans Mono', Consolas, monospace; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.25rem; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 0.5rem; padding-top: 0.75rem; border-top: 2px solid var(--text); }
h3 { font-size: 1rem; margin: 1.75rem 0 0.4rem; }
h1, h2, h3 { overflow-wrap: anywhere; }
p, dl, ul { margin: 0.5rem 0; }
p, .verdicts dd, .facts dd, figcaption { max-width: 50rem; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
main:focus { outline: none; }
.heading, .linked { position: relative; }
.link-to {
  position: absolute;
  left: -1.2rem;
  width: 1.2rem;
  min-height: 1.5rem;
  padding-left: 0.15rem;
  text-decoration: none;
  user-select: none;
  opacity: 0;
}
.heading .link-to { bottom: 0; }
.linked .link-to { top: 0.35rem; }
.heading:hover .link-to, .linked:hover .link-to, .link-to:focus { opacity: 1; }
@media (hover: none) { .link-to { opacity: 1; } }
button {
  font: inherit;
  color: inherit;
  background: none;
  border: 1px solid var(--rule);
  border-radius: 2px;
  cursor: pointer;
}
button:hover { background: var(--faint); }
.actions { margin: -0.5rem 0 1.25rem; }
.actions button, .choices button { min-height: 1.75rem; padding: 0 0.6rem; font-size: 0.82em; color: var(--quiet); }
th button {
  border: 0;
  padding: 0;
  min-height: 1.5rem;
  text-align: inherit;
  text-decoration: underline dotted var(--quiet);
  text-underline-offset: 0.25em;
}
[aria-sort='ascending'] button::after { content: '\\a0\\2191'; content: '\\a0\\2191' / ''; }
[aria-sort='descending'] button::after { content: '\\a0\\2193'; content: '\\a0\\2193' / ''; }
.filter-bar {
  position: sticky;
  top: 0;
  z-index: 1;
  max-height: 60vh;
  overflow-y: auto;
  margin-top: 1rem;
  padding: 0.35rem 0;
  background: var(--paper);
  border-bottom: 1px solid var(--rule);
}
.filter summary { cursor: pointer; }
.filter-note { margin: 0; color: var(--doubt); font-weight: 600; font-size: 0.9em; }
.choices { padding: 0.5rem 0; }
.choices fieldset { margin: 0 0 0.6rem; padding: 0; border: 0; display: flex; flex-wrap: wrap; gap: 0.1rem 1.25rem; }
.choices legend { padding: 0; color: var(--quiet); font-size: 0.9em; }
.choices label { display: inline-flex; align-items: center; gap: 0.4rem; min-height: 1.75rem; cursor: pointer; }
.choices input { flex: none; margin: 0; accent-color: var(--link); }
.plain-text summary { cursor: pointer; }
.plain-text pre { margin: 0; font: 0.85em/1.4 ui-monospace, 'DejaVu Sans Mono', Consolas, monospace; }
.meta, .note, figcaption { color: var(--quiet); font-size: 0.9em; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; list-style: none; padding: 0; margin: 1rem 0 0; }
.banner { border: 2px solid var(--doubt); padding: 0.6rem 0.9rem; max-width: none; }
.warnings { padding-left: 1.2rem; color: var(--doubt); }
.stamp {
  display: inline-block;
  border: 1px solid currentColor;
  border-radius: 2px;
  padding: 0 0.35em;
  font-size: 0.82em;
  line-height: 1.45;
  white-space: nowrap;
}
.stamp + .stamp { margin-left: 0.3em; }
.bad { color: var(--bad); font-weight: 600; }
.doubt { color: var(--doubt); }
.good { color: var(--good); }
td .strategy-name, th .strategy-name, td .note { white-space: nowrap; }
td .strategy-name code, th .strategy-name code {
  display: inline-block;
  width: max-content;
  max-width: 13rem;
  white-space: normal;
  vertical-align: top;
}
.verdict { white-space: nowrap; }
.strategy-name code, h3 code { font-weight: 600; }
.stroke { width: 26px; height: 8px; margin-right: 0.45em; vertical-align: 0.1em; stroke-width: 3px; }
.recording { border-left: 3px solid var(--doubt); padding-left: 0.7rem; }
.headlines > div { margin: 0.5rem 0; }
.headlines dt { font-weight: 600; }
.headlines dd { margin: 0; max-width: 60rem; }
.question h3 { font-weight: 600; border-left: 3px solid var(--rule); padding-left: 0.7rem; }
.question .answer { font-size: 1.05em; max-width: 60rem; }
.question .deciding { color: var(--quiet); max-width: 60rem; }
.figures summary { cursor: pointer; color: var(--quiet); font-size: 0.9em; }
.headlines .figures { display: inline-block; }
.figures ul { margin: 0.3rem 0; padding-left: 1.2rem; }
.figures li { margin: 0.3rem 0; }
.figures .rows { color: var(--quiet); font-size: 0.8em; }
.what-if { display: flex; flex-wrap: wrap; align-items: end; gap: 0.6rem 1rem; margin: 0.75rem 0; }
.what-if[hidden] { display: none; }
.what-if label { display: grid; gap: 0.15rem; font-size: 0.9em; }
.what-if input { width: 9rem; font: inherit; color: inherit; background: var(--faint); border: 1px solid var(--rule); padding: 0.25rem 0.4rem; }
.what-if input:invalid { border-color: var(--bad); }
.what-if output { flex-basis: 100%; color: var(--bad); min-height: 1.5em; }
.verdicts > div { padding: 0.5rem 0; border-bottom: 1px solid var(--rule); }
.verdicts dd { margin: 0.15rem 0 0; }
.verdicts .title { font-weight: 600; }
.facts > div { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 0 1rem; padding: 0.15rem 0; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.lines { list-style: none; margin: 0; padding: 0; }
.scroll { overflow-x: auto; margin: 0.75rem 0 1rem; max-width: 100%; }
table { border-collapse: collapse; font-size: 0.9em; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); padding-bottom: 0.3rem; }
caption span { position: sticky; left: 0; display: inline-block; max-width: min(50rem, calc(100vw - 2.5rem)); }
th { text-align: left; }
td { text-align: right; }
th, td { padding: 0.25rem 0.7rem; vertical-align: top; border-bottom: 1px solid var(--rule); }
th:first-child, td:first-child { padding-left: 0; }
thead th { vertical-align: bottom; border-bottom: 1px solid var(--text); font-weight: 600; min-width: 4.5rem; }
tbody th { font-weight: 400; min-width: 8.5rem; }
tbody tr:hover { background: var(--faint); }
td { white-space: nowrap; }
td.text { text-align: left; white-space: normal; }
th[scope='col']:not(.text) { text-align: right; }
.prose { display: inline-block; min-width: 14rem; max-width: 32rem; }
.found { min-width: 13rem; }
.found a { text-decoration-color: var(--bad); }
.command { white-space: nowrap; font-weight: 600; }
.finding { padding: 0.35rem 0; border-bottom: 1px solid var(--rule); }
.finding summary { cursor: pointer; }
.finding > div { margin: 0.5rem 0 0.75rem; padding-left: 1rem; scroll-margin-top: 6rem; }
.finding .outcome { color: var(--bad); font-weight: 600; overflow-wrap: anywhere; }
.history {
  max-width: 50rem;
  margin-bottom: 0.75rem;
  padding: 0.6rem 0.9rem;
  border-left: 3px solid var(--bad);
  background: var(--faint);
  font: 0.92em/1.5 ui-monospace, 'DejaVu Sans Mono', Consolas, monospace;
  overflow-wrap: anywhere;
}
.history p { margin: 0; }
.history .host { color: var(--quiet); }
.history ol { margin: 0.3rem 0; padding-left: 2.2em; }
.history li::marker { color: var(--quiet); }
figure { margin: 0.75rem 0; }
figcaption { margin-top: 0.3rem; }
.image-box { overflow-x: auto; background: #ffffff; }
.image-box img { display: block; height: auto; width: 100%; min-width: 640px; max-width: 900px; }
.canvas-box { position: relative; max-width: 68rem; }
.interactive .image-box { display: none; }
.image-box canvas { max-width: 100%; height: auto !important; }
.redrawn img { display: none; }
@media (max-width: 40rem) {
  body { padding: 1rem 0.9rem 3rem; }
  .facts > div { grid-template-columns: minmax(0, 1fr); padding: 0.3rem 0; }
  .finding > div { padding-left: 0; }
  .link-to { left: -0.9rem; width: 0.9rem; }
  .history { padding: 0.5rem 0.6rem; }
}
@media print {
  :root {
    --paper: #ffffff; --text: #000000; --quiet: #444444; --rule: #bbbbbb; --faint: #f5f5f5;
    --link: #000000; --bad: #8a0012; --doubt: #5c3900; --good: #0c4524;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip, .link-to, .filter, .actions, #text { display: none; }
  .filter-bar { position: static; border: 0; }
  th button { text-decoration: none; }
  .canvas-box { display: none; }
  .interactive .image-box { display: block; }
  .image-box img { min-width: 0; max-width: 100%; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  td, td *, th, th * { min-width: 0; white-space: normal; overflow-wrap: anywhere; }
  figure, tr, .verdicts > div { break-inside: avoid; }
  h2, h3, .heading { break-after: avoid; }
}
`;

/** The page's style sheet, with the colour and dash of each strategy. */
export function styleSheet({ strategies }: Results): string {
  const strokes = strategies.map((_, position) => strokeOf(position));
  const rules = (theme: 'light' | 'dark') =>
    strokes.map((stroke, position) => `.stroke-${position} { stroke: ${stroke[theme]}; }`).join('\n');
  const dashes = strokes.map(
    ({ dash }, position) => `.stroke-${position} { stroke-dasharray: ${dash.join(' ') || 'none'}; }`,
  );
  return `${SHEET}${dashes.join('\n')}\n${rules('light')}\n@media screen and (prefers-color-scheme: dark) {\n${rules('dark')}\n}\n`;
}
