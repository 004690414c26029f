// The report as one file. It opens from disk, loads nothing, and is complete without scripts.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { renderToStaticMarkup } from 'preact-render-to-string';
import { LANES, type Results } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';
import { ratioOf } from '../figures/analysis.js';
import type { TimesData } from '../figures/times-data.js';
import { type Report, reportOf } from '../sections/report.js';
import { tabsOf } from '../sections/tabs.js';
import { neutralised } from '../words/untrusted.js';
import { Page } from './page.js';
import { scriptJson } from './script-json.js';
import { styleSheet } from './style.js';

/** The page of a run. */
export function renderHtml(results: Results): string {
  const report = reportOf(neutralised(results));
  const script = pageScript();
  const style = styleSheet();
  const assets = {
    policy: securityPolicy(style, script),
    style,
    timesData: scriptJson(timesData(report)),
    script,
  };
  return `<!DOCTYPE html>\n${renderToStaticMarkup(<Page report={report} tabs={tabsOf(report)} assets={assets} />)}\n`;
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
 * The modules of `reports/page/`, which `npm run build` bundles into one script.
 *
 * @throws Error if the script would end the element that it stands in.
 */
function pageScript(): string {
  const script = readFileSync(new URL('../page/bundle.js', import.meta.url), 'utf8');
  if (/<\/script|<!--/i.test(script)) throw new Error('the bundle cannot stand inside a script element');
  return script;
}

/** Each strategy's time against every baseline. */
function timesData({ results, cells }: Report): TimesData {
  const short = ({ estimate, low, high }: Interval): [number, number, number] =>
    [estimate, low, high].map((value) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : -1)) as [
      number,
      number,
      number,
    ];
  return Object.fromEntries(
    LANES.map((lane) => [
      lane,
      Object.fromEntries(
        cells.map((cell) => [
          cell.workload.id,
          Object.fromEntries(
            [...cell.times[lane].keys()].map((one) => [
              one,
              Object.fromEntries(
                [...cell.times[lane].keys()].flatMap((other) => {
                  const ratio = one === other ? null : ratioOf(results, cell, one, other, lane);
                  return ratio === null ? [] : [[other, short(ratio)]];
                }),
              ),
            ]),
          ),
        ]),
      ),
    ]),
  );
}
