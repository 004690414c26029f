// The report as a mail to a kernel list: plain ASCII, at most 90 lines of at most 75 columns. What does not earn a line here does
// not belong on the front page of the report either.
import type { Results } from '../../harness/results/results.js';
import { isToldFromZero, type ProcessInterval } from '../../harness/results/statistics.js';
import { scalingChart } from '../charts/run-charts.js';
import { FLOOR } from '../figures/analysis.js';
import { BUG_COUNT } from '../figures/bugs.js';
import { bugConditions, judgedOperations, wrongStrategies } from '../figures/failures.js';
import { COLD_ENTRIES, coldTime, frontCell, ranksOf } from '../figures/front-table.js';
import { lockingOf } from '../figures/locking.js';
import { bestOfKind, comparableCells } from '../figures/pooled.js';
import { HASH, KEPT, KEPT_ENTRIES, LOOK_UP } from '../figures/strategies.js';
import { wakeupSentence } from '../figures/wakeups.js';
import { caveatsOf } from '../sections/caveats.js';
import { commandOf, headlineOf, trustCard } from '../sections/headline.js';
import { lookUpCost, RATE_REASON, RATE_TEXT } from '../sections/look-up-cost.js';
import { type Report, reportOf } from '../sections/report.js';
import { cpuConfidence, geomeanOf, longUpdates } from '../sections/summary.js';
import { undoneLines } from '../words/undone.js';
import { ascii, neutralised } from '../words/untrusted.js';
import * as words from '../words/wording.js';
import { COLUMNS, hanging, paragraph, table } from './plain-text.js';

/** The most lines of the mail; a longer list of things not done is cut. */
export const MOST_LINES = 90;

/** The mail. */
export function renderMail(results: Results): string {
  const report = reportOf(neutralised(results));
  const headline = headlineOf(report);
  const subject = `Subject: [gatag-bench] ${headline.subject}`;
  const blocks = [
    [subject],
    prose(headline.sentences.join(' ')),
    notDone(report),
    timesBlock(report),
    correctnessBlock(report),
    contextBlock(report),
    lockingBlock(report),
    prose(
      `Not measured: ${caveatsOf(report.results)
        .map(({ subject: what }) => what)
        .join('; ')}.`,
    ),
    machineBlock(report),
    headline.trailer.map(ascii),
  ].filter(({ length }) => length > 0);
  const lines = blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block]));
  // Only tables can be wider, where names come from outside.
  return `${lines.map((line) => ascii(line).slice(0, COLUMNS)).join('\n')}\n`;
}

const prose = (text: string): string[] => (text === '' ? [] : paragraph(ascii(text.replaceAll('`', ''))));

/** Longer names come from outside: no machine has one. */
const MOST_CHARACTERS = 300;

/** What the machine prevented, and whose times are void, in three lines. */
function notDone({ results, cells, front: { lane } }: Report): string[] {
  const voids =
    lane === null
      ? []
      : cells.flatMap(({ workload, comparisons }) =>
          comparisons[lane].void.map(
            ({ strategy, reason }) =>
              `Void: ${strategy} in ${words.languageText(lane)} on ${workload.id}: ${reason}`,
          ),
        );
  const lines = [...undoneLines(results.undone).map((line) => `Not done: ${line}`), ...voids].map(ascii);
  const more = lines.length > 2 ? [`... and ${lines.length - 2} more in report-full.txt`] : [];
  return [...lines.slice(0, 2), ...more];
}

/** The heads of the table's columns, and what each stands for. */
const SHORT: Readonly<Record<string, readonly [head: string, meaning: string]>> = {
  [LOOK_UP]: ['hash per IOMMU', `${LOOK_UP}, the posted hash corrected`],
  [KEPT]: ['list', KEPT],
  [KEPT_ENTRIES]: ['array', KEPT_ENTRIES],
};

/** Workloads by the posted kind of hash, the fastest hash, the list and the array, as benchstat does. */
function timesBlock(report: Report): string[] {
  const { results, cells, front } = report;
  if (front.lane === null) return ['Nothing was timed.'];
  const best = bestOfKind(results, cells, HASH)?.strategy;
  const ids = [...new Set([LOOK_UP, ...(best === undefined ? [] : [best]), KEPT, KEPT_ENTRIES])].filter(
    (id) => results.strategies.some((strategy) => strategy.id === id),
  );
  const shortOf = (id: string) => SHORT[id] ?? (['fastest hash', `${id} (on one CPU)`] as const);
  const cold = coldTime(results, KEPT, COLD_ENTRIES[0]);
  const ranks = ranksOf(results, cells);
  return [
    ...prose(
      `${words.languageText(front.lane)} model, not the kernel; ns per operation +- half-width of the ${words.partText(results.run.confidence)} interval, n = ${front.processes} processes${cold ? `; cold: medians of ${cold.n} processes` : ''}. geomean and rank: ${comparableCells(results, cells).length} hot workloads.`,
    ),
    ...prose(`${ids.map((id) => shortOf(id).join(': ')).join('; ')}.`),
    ...table(
      ['', ...ids.map((id) => shortOf(id)[0])],
      [
        ...front.workloads.map((place) => [
          place.workload.id,
          ...ids.map((id) => {
            const cell = frontCell(results, place, id);
            return `${words.shown(cell?.ns, marginText)}${cell?.isWrong ? ' X' : ''}`;
          }),
        ]),
        ...(results.singleUpdates.points.length > 0
          ? COLD_ENTRIES.map((entries) => [
              `${entries} IRTEs, cold`,
              ...ids.map((id) => words.shown(coldTime(results, id, entries), marginText)),
            ])
          : []),
        ['geomean', ...ids.map((id) => geomeanOf(report, id))],
        ['rank', ...ids.map((id) => ranks.get(id) ?? words.NONE)],
      ],
      `l${'r'.repeat(ids.length)}`,
    ),
  ];
}

/** A figure with the half-width of its interval as a percentage. */
function marginText({ estimate, low, high }: ProcessInterval): string {
  const margin = Number.isFinite(high) ? ` +-${((50 * (high - low)) / estimate).toFixed(1)}%` : '';
  return `${words.figureText(estimate)}${margin}`;
}

function correctnessBlock({ results, cells }: Report): string[] {
  const wrong = wrongStrategies(results, cells);
  return [
    `Correctness (${words.countText(judgedOperations(cells))} operations judged; VM creation N: Nth since boot)`,
    ...bugConditions(results).flatMap(({ name, condition }) =>
      hanging(ascii(`  posted patch: ${name}. ${condition}`)),
    ),
    ...hanging(
      ascii(
        wrong.length === 0
          ? '  No strategy gave a wrong result.'
          : `  Wrong results came from ${words.namesText(wrong)} alone.`,
      ),
    ),
  ];
}

/** What the times mean. */
function contextBlock({ results, cells }: Report): string[] {
  const cost = lookUpCost(results, cells);
  const share =
    cost === null || !isToldFromZero(cost.saved)
      ? ''
      : `On ${cost.cell.workload.id} the list saves ${words.figureText(cost.saved.estimate)} ns an update; ${RATE_TEXT} are ${RATE_REASON}.` +
        (cost.share === null
          ? ''
          : ` Of ${LOOK_UP}'s update ${words.partText(cost.share.now)} lie above the lower bound (${FLOOR}), ${words.partText(cost.share.flushed)} if each entry waits 1 us (assumed) for a flush.`);
  return [share, longUpdates(results), wakeupSentence(results, cells)].flatMap(prose);
}

/** Who locks what, and keeps which pointers. */
function lockingBlock(report: Report): string[] {
  const { lane, threads, rows } = lockingOf(report.results);
  const [most] = threads.slice(-1);
  if (lane === null || most === undefined) return [];
  const simulated = scalingChart(report.results)?.title;
  return [
    ...prose(
      `time: geomean / ${KEPT}. ${most} threads: million updates/s in ${words.languageText(lane)}. locks: taken by all CPUs. kept by: who holds pointers to an irq's objects, and must drop them in time. bugs: of ${BUG_COUNT} of this code.`,
    ),
    ...table(
      ['', 'time', words.numberOf(most, 'thread'), 'locks', 'kept by', 'bugs'],
      rows.map(({ strategy, millions, lock, keeper, bugs }) => [
        strategy,
        geomeanOf(report, strategy),
        words.shown(millions.at(-1), words.estimateText),
        lock === undefined ? words.NONE : String(lock?.count ?? 'none'),
        keeper,
        bugs,
      ]),
      'lrrrll',
    ),
    ...prose(`${simulated ? `${simulated} (simulated). ` : ''}${cpuConfidence(report)}`),
  ];
}

function machineBlock(report: Report): string[] {
  const { value, text } = trustCard(report);
  const { environment, run } = report.results;
  return [
    ...prose(`${value}; ${text}.`),
    ...environment.warnings.slice(0, 2).flatMap((warning) => prose(`Warning: ${warning}`).slice(0, 2)),
    ...prose(
      ascii(
        `Machine: ${environment.cpuModel}${environment.virtualised === null ? '' : ' (VM)'}, ${environment.cpus} CPUs, ${environment.kernel}, node ${environment.node}, ${environment.compiler ?? 'no C compiler'}`,
      ).slice(0, MOST_CHARACTERS),
    ),
    ...hanging(
      `Reproduce: npm ci && npm run bench -- ${commandOf(report.results)} (${Math.max(1, Math.round(run.seconds / 60))} min)`,
    ),
    ...prose('Everything else: report-full.txt, report.html.'),
  ];
}
