// The report as one file: it opens from disk, loads nothing, and says all it has to say without scripts too.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { renderToStaticMarkup } from 'preact-render-to-string';
import type { Results } from '../../harness/results/results.js';
import { allCharts } from '../charts/all-charts.js';
import type { Chart } from '../charts/chart.js';
import { DARK_COLOURS } from '../charts/palette.js';
import { reviewOf } from '../debate/debate.js';
import { surveyCells } from '../figures/survey.js';
import { renderText } from '../text/text.js';
import { neutralised } from '../words/untrusted.js';
import type { DrawnChart } from './figure.js';
import { Page } from './page.js';
import { joinedModules } from './page-script.js';
import { scriptJson } from './script-json.js';
import { styleSheet } from './style.js';

/**
 * The page of a run.
 *
 * @param pngs - Image of each chart by its name; a chart without one is left out.
 * @param text - The same report in plain text.
 */
export function renderHtml(
  results: Results,
  pngs: ReadonlyMap<string, Uint8Array>,
  text: string = renderText(results),
): string {
  const shown = neutralised(results);
  const cells = surveyCells(shown);
  const charts = allCharts(shown).flatMap((chart): [string, DrawnChart][] => {
    const png = pngs.get(chart.name);
    return png === undefined ? [] : [[chart.name, { chart, png }]];
  });
  const style = styleSheet(shown);
  const scripts = [
    libraryText('chart.js', 'chart.umd.min.js'),
    libraryText('chartjs-plugin-annotation', 'chartjs-plugin-annotation.min.js'),
  ];
  const moduleScript = scriptText(
    'the script of the page',
    joinedModules(new URL('../page/main.js', import.meta.url)),
  );
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
        policy: securityPolicy(style, [...scripts, moduleScript]),
        style,
        chartData: chartData(charts.map(([, { chart }]) => chart)),
        scripts,
        moduleScript,
      }}
    />,
  );
  return `<!DOCTYPE html>\n${page}\n`;
}

/** Only what is in the file, and of scripts and styles only those with these hashes. */
function securityPolicy(style: string, scripts: readonly string[]): string {
  const source = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src ${source(style)}`,
    `script-src ${scripts.map(source).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The browser's build of a library: a file beside the one that imports of it lead to. */
function libraryText(name: string, file: string): string {
  return scriptText(name, readFileSync(new URL(file, import.meta.resolve(name)), 'utf8'));
}

/**
 * A script as it can stand in the page.
 *
 * @throws Error if it would end its element.
 */
function scriptText(name: string, text: string): string {
  // Source maps are not in the page; and a browser hashes what it has parsed, in which line ends are "\n".
  const inlined = text.replace(/^\/\/# sourceMappingURL=.*$/gm, '').replace(/\r\n?/g, '\n');
  if (/<\/script|<!--/i.test(inlined)) throw new Error(`${name} cannot stand inside a script element`);
  return inlined;
}

/** What the page's script draws from, escaped so that no text in it can end the script element. */
function chartData(charts: readonly Chart[]): string {
  const data = {
    configurations: Object.fromEntries(charts.map(({ name, config }) => [name, config])),
    widths: Object.fromEntries(charts.map(({ name, width }) => [name, width])),
    heights: Object.fromEntries(charts.map(({ name, height }) => [name, height])),
    darkColours: DARK_COLOURS,
  };
  return scriptJson(data);
}
