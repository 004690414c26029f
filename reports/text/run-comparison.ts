// One run against another as plain text, with one table for each unit, as in benchstat.
import { VERDICT_PROCESSES } from '../../harness/method.js';
import type { Results } from '../../harness/results/results.js';
import type {
  ChangeRow,
  ChangeTable,
  Difference,
  RunComparison,
} from '../../harness/results/run-comparison.js';
import type { Interval } from '../../harness/results/statistics.js';
import { neutralisedInAscii } from '../words/untrusted.js';
import {
  bandText,
  confidenceText,
  countText,
  figureText,
  isBounded,
  languageText,
  numberOf,
  signedPercent,
} from '../words/wording.js';
import { facts, hanging, paragraph, table, title } from './plain-text.js';

/** A run with the name of its file. */
export interface NamedRun {
  readonly file: string;
  readonly results: Results;
}

/**
 * The comparison as a text of at most 75 columns.
 *
 * @param overridden - The differences that forbid a comparison and that the user overrode.
 */
export function renderRunComparison(
  base: NamedRun,
  next: NamedRun,
  comparison: RunComparison,
  overridden: readonly Difference[],
): string {
  const { tables, counts, onlyInBase, onlyInNext, regressions } = neutralisedInAscii(comparison);
  const { baseline } = base.results.run;
  const lines = [
    ...title('gatag-bench compare', '='),
    ...facts([
      ['base', runText(base)],
      ['new', runText(next)],
    ]),
    ...forced(neutralisedInAscii(overridden)),
    ...tables.flatMap((one) => ['', ...changes(one, base.results, baseline)]),
    '',
    ...title('Counted', '-'),
    ...(counts.length === 0
      ? paragraph('No difference in failures, bytes held and commands queued.')
      : counts.flatMap(({ strategy, workload, what, base: before, next: after }) =>
          hanging(`${strategy} on ${workload}: ${what} ${countText(before)} -> ${countText(after)}`),
        )),
    ...(onlyInBase.length === 0 ? [] : hanging(`Only in base: ${onlyInBase.join(', ')}.`)),
    ...(onlyInNext.length === 0 ? [] : hanging(`Only in new: ${onlyInNext.join(', ')}.`)),
    '',
    ...(regressions.length === 0
      ? paragraph(
          tables.some(({ rows }) => rows.some(isUnjudged))
            ? `No regression is named: ${UNJUDGED}.`
            : 'No regression.',
        )
      : regressions.flatMap((regression) => hanging(`REGRESSION: ${regression}.`))),
  ];
  return `${lines.join('\n')}\n`;
}

/** Why rows have no verdict. */
const UNJUDGED = `times have no verdict where a run has fewer than ${VERDICT_PROCESSES} processes`;

function isUnjudged({ verdict }: ChangeRow): boolean {
  return verdict === null;
}

function runText({ file, results: { run, tool } }: NamedRun): string {
  const revision = tool.revision ?? 'not known';
  return neutralisedInAscii(
    `${file}, ${run.startedAt}, revision ${revision}, ${numberOf(run.processes, 'process')}, seed ${run.seed}`,
  );
}

function forced(overridden: readonly Difference[]): string[] {
  if (overridden.length === 0) return [];
  return [
    '',
    ...paragraph('*** FORCED: these runs cannot be compared. They differ in: ***'),
    ...overridden.flatMap((difference) => hanging(`  ${differenceText(difference)}`)),
  ];
}

/** A difference between two runs: `environment.node: "v20.20.2" and "v22.1.0"`. */
export function differenceText({ field, base, next }: Difference): string {
  return `${field}: ${JSON.stringify(base)} and ${JSON.stringify(next)}`;
}

function changes({ unit, rows, geomean }: ChangeTable, results: Results, baseline: string): string[] {
  const isRatio = unit === 'ratio';
  const lanes = [...new Set(rows.map(({ lane }) => lane))].sort();
  const inLanes = lanes.map(languageText).join(', and in ');
  const heading = isRatio ? `Time per operation / ${baseline}` : 'ns per operation';
  if (rows.length === 0) return [...title(heading, '-'), 'Both runs have no time in common.'];
  const workloads = [...new Set(rows.map(({ workload }) => workload))];
  const body = workloads.flatMap((id) => [
    [`[${id}]`],
    ...rows.filter(({ workload }) => workload === id).map((row) => changeCells(row, lanes.length > 1)),
  ]);
  if (geomean !== null) {
    const { base, next } = geomean;
    body.push(['geomean', figureText(base), figureText(next), `${signedPercent(next / base)}%`]);
  }
  return [
    ...title(heading, '-'),
    ...paragraph(
      isRatio
        ? `In ${inLanes}. Delta with its ${confidenceText(results)} interval. ~: inconclusive; same: the interval lies within ` +
            `+-${bandText(results)}; otherwise the Holm-adjusted p is below 0.05. p is not adjusted.`
        : 'These also contain the drift of the machine: read the ratios first.',
    ),
    ...(isRatio && rows.some(isUnjudged) ? paragraph(`?: ${UNJUDGED}.`) : []),
    '',
    ...table(['strategy', 'base', 'new', 'delta', 'interval', 'p'], body, 'lrrrll'),
  ];
}

function changeCells({ strategy, lane, base, next, verdict, ratio, p }: ChangeRow, namesLane: boolean) {
  const change = `${signedPercent(ratio.estimate)}%`;
  const deltas = { faster: change, slower: change, equivalent: 'same', 'not separated': '~' };
  return [
    namesLane ? `${strategy} (${languageText(lane)})` : strategy,
    withMargin(base),
    withMargin(next),
    verdict === null ? `${change} ?` : deltas[verdict],
    isBounded(ratio) ? `[${signedPercent(ratio.low)}%, ${signedPercent(ratio.high)}%]` : 'unbounded',
    verdict === null ? '-' : p.toFixed(3),
  ];
}

/** An estimate with the half-width of its interval: "0.496 +-2%". */
function withMargin(interval: Interval): string {
  if (!isBounded(interval)) return figureText(interval.estimate);
  const margin = 100 * (Math.sqrt(interval.high / interval.low) - 1);
  return `${figureText(interval.estimate)} +-${margin.toFixed(0)}%`;
}
