// The report as one file. It opens from disk, loads nothing, and is complete without scripts.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { renderToStaticMarkup } from 'preact-render-to-string';
import type { Results } from '../../harness/results/results.js';
import { allCharts } from '../charts/all-charts.js';
import type { Chart } from '../charts/chart.js';
import { DARK_COLOURS } from '../charts/palette.js';
import { reviewOf } from '../debate/debate.js';
import { analyseCells } from '../figures/cell-analysis.js';
import { renderText } from '../text/text.js';
import { neutralised } from '../words/untrusted.js';
import type { DrawnChart } from './figure.js';
import { Page } from './page.js';
import { scriptJson } from './script-json.js';
import { styleSheet } from './style.js';

/**
 * The page of a run.
 *
 * @param pngs - The image of each chart, by name. A chart without an image is left out.
 * @param text - The report in plain text.
 */
export function renderHtml(
  results: Results,
  pngs: ReadonlyMap<string, Uint8Array>,
  text: string = renderText(results),
): string {
  const shown = neutralised(results);
  const cells = analyseCells(shown);
  const charts = allCharts(shown).flatMap((chart): [string, DrawnChart][] => {
    const png = pngs.get(chart.name);
    return png === undefined ? [] : [[chart.name, { chart, png }]];
  });
  const style = styleSheet(shown);
  const script = pageScript();
  const page = renderToStaticMarkup(
    <Page
      content={{
        results: shown,
        cells,
        review: reviewOf(shown, cells),
        charts: new Map(charts),
        text,
      }}
      assets={{
        policy: securityPolicy(style, script),
        style,
        chartData: chartData(charts.map(([, { chart }]) => chart)),
        script,
      }}
    />,
  );
  return `<!DOCTYPE html>\n${page}\n`;
}

/** Forbids everything from outside the file, and every style and script but these two. */
function securityPolicy(style: string, script: string): string {
  const source = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src ${source(style)}`,
    `script-src ${source(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/**
 * The modules of `reports/page/` with Chart.js, which `npm run build` bundles into one script.
 *
 * @throws Error if the script would end the element that it stands in.
 */
function pageScript(): string {
  const script = readFileSync(new URL('../page/bundle.js', import.meta.url), 'utf8');
  if (/<\/script|<!--/i.test(script)) throw new Error('the bundle cannot stand inside a script element');
  return script;
}

/** The data of the charts for the page's script. */
function chartData(charts: readonly Chart[]): string {
  const data = {
    configurations: Object.fromEntries(charts.map(({ name, config }) => [name, config])),
    widths: Object.fromEntries(charts.map(({ name, width }) => [name, width])),
    heights: Object.fromEntries(charts.map(({ name, height }) => [name, height])),
    darkColours: DARK_COLOURS,
  };
  return scriptJson(data);
}
