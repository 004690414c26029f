// C beside V8: what the same designs take in C, on the same memory and in the same rounds, and whether both lanes put them
// in the same order.
import { median } from 'simple-statistics';
import { VERDICT_PROCESSES } from '../../harness/method.js';
import type { CellComparison } from '../../harness/results/comparison.js';
import {
  agrees,
  contradicts,
  isToldApart,
  kendallsTau,
  type LaneComparison,
  type LanedPair,
  TOLD_APART,
} from '../../harness/results/lanes.js';
import type { Results, WorkSummary } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import type { NumberTable } from '../words/number-table.js';
import {
  confidenceText,
  controlText,
  intervalText,
  nanosecondsText,
  numberOf,
  partText,
  ratioText,
} from '../words/wording.js';
import { MEAN_COUNTS } from './counted-work.js';
import { FLOOR, isWrong, loadWork, type SurveyedCell } from './survey.js';

/** Most V8 / C in the median cell before the model is to be mended. */
const MOST_V8_OVER_C = 1.6;

/** Part of a gap between two times, in logarithms, that a gap between two counts must have to explain it. */
const ENOUGH = 0.5;

/** Name of the baseline's row against itself, and what follows the name of a strategy with wrong answers. */
export const TWIN = 'A/A twin';
export const WRONG_MARK = ' *';

/** A cell with its lanes. */
interface LanedCell {
  readonly cell: SurveyedCell;
  readonly lanes: LaneComparison;
}

function lanedCells(cells: readonly SurveyedCell[]): LanedCell[] {
  return cells.flatMap((cell) => (cell.lanes === null ? [] : [{ cell, lanes: cell.lanes }]));
}

/** What the two lanes come to, their disagreements first. */
export function laneSentences(results: Results, cells: readonly SurveyedCell[]): string[] {
  const laned = lanedCells(cells);
  const gaps = [...voidSentences(cells), ...absenceSentences(cells)];
  if (laned.length === 0) return gaps;
  const ratios = laned.flatMap(({ lanes }) => lanes.strategies.map(({ v8OverC }) => v8OverC.estimate));
  const middle = median(ratios);
  return [
    ...orderSentences(results, laned),
    `V8 / C is ${ratioText(middle)} in the median of ${numberOf(ratios.length, 'design')} and workloads, from ` +
      `${ratioText(Math.min(...ratios))} to ${ratioText(Math.max(...ratios))}; the model is held to ` +
      `${MOST_V8_OVER_C} in the median. C takes real locks and writes each entry with cmpxchg16b, where V8 has plain ` +
      'loads and stores: what V8 loses in the code it makes, it gains in part by that.',
    ...gaps,
  ];
}

/** Whether both lanes put the designs in the same order; nothing but why not where C has too few processes to tell. */
function orderSentences(results: Results, laned: readonly LanedCell[]): string[] {
  const all = laned.flatMap(({ lanes }) => lanes.pairs);
  const most = Math.max(...all.map(({ inC }) => inC.n));
  if (all.length > 0 && !carriesVerdict(most)) {
    return [
      `C tells no order of the designs: ${numberOf(most, 'process')} of each, where a verdict takes ${VERDICT_PROCESSES}.`,
    ];
  }
  const pairs = all.filter(isToldApart);
  const apart = `by more than ${partText(TOLD_APART)}`;
  const tau = kendallsTau(pairs);
  return [
    ...disagreementSentences(results, laned),
    tau === null
      ? `C tells no two designs apart ${apart}.`
      : `C tells ${numberOf(pairs.length, 'pair')} of designs apart ${apart}; V8 has ` +
        `${pairs.filter(agrees).length} of them in the same order: Kendall's tau ${tau.toFixed(2)}.`,
  ];
}

/** Whose times in C count for nothing, and why. */
function voidSentences(cells: readonly SurveyedCell[]): string[] {
  return cells.flatMap(({ workload, inC }) =>
    (inC?.void ?? []).map(({ strategy, reason }) => `${strategy} is void in C on ${workload.id}: ${reason}.`),
  );
}

/** Which cells have no lane of C, and why. */
function absenceSentences(cells: readonly SurveyedCell[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { cell, workload } of cells) {
    const { noNative } = cell.timing;
    if (noNative !== null) reasons.set(noNative, [...(reasons.get(noNative) ?? []), workload.id]);
  }
  return [...reasons].map(([reason, workloads]) => `V8 alone in ${workloads.join(', ')}: ${reason}.`);
}

/** Each pair that the lanes have in another order, with those of its counts that have to do with it. */
function disagreementSentences({ run }: Results, laned: readonly LanedCell[]): string[] {
  const sentences = laned.flatMap(({ cell, lanes }) =>
    lanes.pairs
      .filter((pair) => contradicts(pair, run.band) || (isToldApart(pair) && !agrees(pair)))
      .map((pair) => disagreementSentence(cell, pair)),
  );
  if (sentences.length === 0) return ['The lanes have no two designs in another order.'];
  return [
    `The lanes DISAGREE on the order of ${numberOf(sentences.length, 'pair')}. In parentheses what of the counts of a ` +
      'load has to do with it: C alone pays for atomics; V8 takes longer for each word, and, its code being longer, has ' +
      'less of a chain of reads under way at a time.',
    ...sentences,
  ];
}

function disagreementSentence(cell: SurveyedCell, { one, other, inC, inV8 }: LanedPair): string {
  const isOneFirst = inC.estimate < 1;
  const works = [loadWork(cell, one), loadWork(cell, other)] as const;
  return (
    `${cell.workload.id}: ${one} / ${other} is ${ratioText(inV8.estimate)} ${intervalText(inV8, ratioText)} in V8 and ` +
    `${ratioText(inC.estimate)} ${intervalText(inC, ratioText)} in C (${reasons(works, isOneFirst, inV8.estimate)}).`
  );
}

/**
 * What in the counted work of two loads would put one first in C and the other in V8.
 *
 * @param isOneFirst - Whether the first takes less time in C.
 * @param inV8 - Ratio of the times in V8.
 */
function reasons(works: readonly (WorkSummary | null)[], isOneFirst: boolean, inV8: number): string {
  const [one, other] = works;
  if (!one || !other) return 'not counted';
  const { words } = MEAN_COUNTS;
  const [ofC, ofV8] = isOneFirst ? [one, other] : [other, one];
  const beside = (count: (work: WorkSummary) => number) =>
    `${figure(count(one))} beside ${figure(count(other))}`;
  const found = [
    ...(ofC.atomics.mean < ofV8.atomics.mean ? [`atomics ${beside(({ atomics }) => atomics.mean)}`] : []),
    ...(Math.log(words(ofC) / words(ofV8)) > ENOUGH * Math.abs(Math.log(inV8))
      ? [`words ${beside(words)}`]
      : []),
    ...(ofV8.chain.mean < ofC.chain.mean ? [`chain ${beside(({ chain }) => chain.mean)}`] : []),
  ];
  return found.length === 0 ? 'nothing of the counts: the code that V8 makes of the two' : found.join(', ');
}

const figure = (count: number): string => String(Number(count.toFixed(1)));

/** For each cell: times and ratios in C beside those in V8, and beside the floor's with the work that they pay for. */
export function laneTables(results: Results, cells: readonly SurveyedCell[]): NumberTable[] {
  return lanedCells(cells).flatMap((laned) => [ratioTable(results, laned), ...floorTable(laned)]);
}

function ratioTable(results: Results, { cell, lanes }: LanedCell): NumberTable {
  const { inC, comparison, nanosecondsInC, workload } = cell;
  const control = inC?.control ?? null;
  const twin =
    control === null
      ? []
      : [
          [
            TWIN,
            '',
            ratioText(control.ratio.estimate),
            intervalText(control.ratio, ratioText),
            controlText(control),
            '',
            '',
          ],
        ];
  const { baseline } = results.run;
  return {
    caption:
      `${workload.id}: ns per operation in C, ratio to ${baseline} in C with its ${confidenceText(results)} interval ` +
      `(n = ${nanosecondsInC.get(baseline)?.processes.length ?? 0}) and in V8, and V8 / C`,
    workload: workload.id,
    head: ['strategy', 'C, ns', 'C', 'interval', 'verdict', 'V8', 'V8 / C'],
    rows: [
      ...twin,
      ...lanes.strategies.map(({ strategy, v8OverC }) => {
        const row = inC?.rows.find((candidate) => candidate.strategy === strategy);
        const ofV8 = comparison.rows.find((candidate) => candidate.strategy === strategy);
        const ns = nanosecondsInC.get(strategy);
        return [
          isWrong(cell, strategy) ? `${strategy}${WRONG_MARK}` : strategy,
          ns === undefined ? '-' : nanosecondsText(ns.over.estimate),
          row === undefined ? '1' : ratioText(row.ratio.estimate),
          row === undefined ? '' : intervalText(row.ratio, ratioText),
          row === undefined ? 'baseline' : (row.verdict ?? '-'),
          ofV8 === undefined ? '1' : ratioText(ofV8.ratio.estimate),
          ratioText(v8OverC.estimate),
        ];
      }),
    ],
  };
}

/** Ratios to the floor in both lanes beside the work above the floor's; none where it did not take part. */
function floorTable({ cell, lanes }: LanedCell): NumberTable[] {
  const { toFloor, inCToFloor, workload } = cell;
  const floor = loadWork(cell, FLOOR);
  if (toFloor === null || inCToFloor === null || floor === null) return [];
  const ratioOf = (comparison: CellComparison, strategy: string): string => {
    const row = comparison.rows.find((candidate) => candidate.strategy === strategy);
    return row === undefined ? '-' : ratioText(row.ratio.estimate);
  };
  const rows = lanes.strategies.flatMap(({ strategy }) => {
    const work = loadWork(cell, strategy);
    if (strategy === FLOOR || work === null) return [];
    const above = (['atomics', 'lines', 'chain', 'loads', 'stores'] as const).map((metric) =>
      signed(work[metric].mean - floor[metric].mean),
    );
    return [[strategy, ratioOf(inCToFloor, strategy), ratioOf(toFloor, strategy), ...above]];
  });
  if (rows.length === 0) return [];
  return [
    {
      caption:
        `${workload.id}: ratio to ${FLOOR} in C and in V8, and what a mean load does more than its ` +
        `${figure(floor.atomics.mean)} atomics, ${figure(floor.lines.mean)} lines, chain of ${figure(floor.chain.mean)}, ` +
        `${figure(floor.loads.mean)} words read and ${figure(floor.stores.mean)} written`,
      workload: workload.id,
      head: ['strategy', 'C', 'V8', 'atomics', 'lines', 'chain', 'read', 'written'],
      rows,
    },
  ];
}

const signed = (difference: number): string => `${difference < 0 ? '' : '+'}${figure(difference)}`;

/** What the tables are, in words. */
export function laneIntroduction({ environment: { compiler } }: Results): string {
  return (
    'The built-in designs once more in C, on the memory that TypeScript set up, with the same operations, in the same ' +
    'rounds; after the last, all memory must be as V8 left its own, bit for bit. * wrong answers in this workload.' +
    (compiler === null ? '' : ` Compiled by ${compiler}.`)
  );
}
