// The oracle's judgement in the plain-text report: a matrix, and each failure with its counterexample.
import type { Check, Results } from '../../harness/results/results.js';
import { BUGS, bugsText } from '../debate/bugs.js';
import { cachedGaLogIntrExample, cachedGaLogIntrSentences } from '../figures/cached-ga-log-intr.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import { findingKindsOf } from '../figures/glossary.js';
import { isUnexpected, type PlacedFinding, placedFindings } from '../figures/strategy-outcomes.js';
import { collisionTable } from '../figures/tag-collisions.js';
import { expectationText } from '../figures/verdict-sentences.js';
import { counterexampleLines, REPLAY_COMMAND, REPLAY_SENTENCES } from '../words/counterexample.js';
import { capitalised, countText } from '../words/wording.js';
import { COLUMNS, facts, hanging, numberTable, paragraph, tableLines, title } from './plain-text.js';

/** Indent of a counterexample. */
const INDENT = '  ';

/** The section on correctness. */
export function correctnessText(results: Results, cells: readonly CellAnalysis[]): string[] {
  const found = placedFindings(results, cells);
  return [
    ...title('Right or wrong, and the counterexamples', '-'),
    ...paragraph(
      'ok: no finding; a number: findings, all within limits that the strategy declares; with "!": not all, or ' +
        'the final IRTEs differ from the oracle; -: not checked.',
    ),
    '',
    ...matrix(results, cells),
    ...(found.length === 0 ? [] : ['', ...findings(results, found)]),
    ...tableLines(collisionTable(results)),
    '',
    ...cachedGaLogIntr(results),
    ...kernelBugs(),
  ];
}

/** What is lost if an IOMMU caches ga_log_intr. */
function cachedGaLogIntr(results: Results): string[] {
  const example = cachedGaLogIntrExample(results);
  return [
    ...cachedGaLogIntrSentences(results).flatMap((sentence) => paragraph(sentence)),
    ...(example === null ? [] : [...counterexampleLines(example), '']),
  ];
}

/** The bugs of the kernel's history, kind by kind. */
function kernelBugs(): string[] {
  return [
    ...paragraph(bugsText()),
    ...BUGS.flatMap(({ kind, where, bugs }) => {
      const all = bugs.map(([what, source]) => `${what} (${source})`);
      return hanging(`${capitalised(kind)} (${where}): ${all.join('; ')}.`);
    }),
  ];
}

/** A table of strategies by workload, with a legend for the numbers of the workloads. */
function matrix(results: Results, cells: readonly CellAnalysis[]): string[] {
  const legend = cells.map(({ workload }, index) => `[${index + 1}] ${workload.id}`).join(', ');
  const rows = results.strategies.map(({ id }) => [
    id,
    ...cells.map(({ checks }) => {
      const check = checks.get(id);
      return check === undefined ? '-' : judgement(check);
    }),
  ]);
  const head = ['strategy', ...cells.map((_, index) => `[${index + 1}]`)];
  return [...paragraph(legend), '', ...numberTable(head, rows)];
}

function judgement({ findings, matchesOracle }: Check): string {
  if (findings.length === 0) return matchesOracle ? 'ok' : '!';
  const count = findings.reduce((sum, finding) => sum + finding.count, 0);
  return `${countText(count)}${findings.some(isUnexpected) ? '!' : ''}`;
}

/** Each failure with its counterexample; without one, its first occurrence. */
function findings(results: Results, found: readonly PlacedFinding[]): string[] {
  const hasCounterexample = found.some(({ finding }) => finding.counterexample !== null);
  return [
    ...facts(findingKindsOf(results)),
    '',
    ...(hasCounterexample
      ? [
          ...paragraph('Each finding with the shortest history that was found to show it.'),
          ...paragraph(`${REPLAY_SENTENCES}:`),
          `  ${REPLAY_COMMAND}`,
        ]
      : []),
    ...found.flatMap(({ strategy, workload, finding }) => {
      const { kind, check, count, declaredBy, first, counterexample } = finding;
      const what = `${kind} ${countText(count)} (${expectationText(declaredBy)})`;
      return [
        '',
        ...hanging(`${strategy}, ${workload}: ${what}, found by the check ${check}`),
        ...(counterexample === null
          ? paragraph(`${first.what}: ${first.outcome}`, INDENT)
          : counterexampleLines(counterexample, COLUMNS - INDENT.length).map((line) => INDENT + line)),
      ];
    }),
  ];
}
