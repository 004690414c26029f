// C against V8: the same designs in both languages, on the same memory and in the same rounds.
import { median } from 'simple-statistics';
import { VERDICT_PROCESSES } from '../../harness/method.js';
import {
  type CAndV8Comparison,
  contradicts,
  haveSameOrder,
  isSeparatedInC,
  kendallsTau,
  type PairInBoth,
  SEPARATED_IN_C,
} from '../../harness/results/c-and-v8.js';
import type { CellComparison } from '../../harness/results/comparison.js';
import type { Results, WorkSummary } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import type { NumberTable } from '../words/number-table.js';
import {
  confidenceText,
  controlText,
  estimateText,
  intervalText,
  meanText,
  nanosecondsText,
  numberOf,
  partText,
  ratioText,
  signedText,
} from '../words/wording.js';
import { type CellAnalysis, FLOOR, isWrong, loadWork } from './cell-analysis.js';
import { MEAN_COUNTS } from './counted-work.js';

/** The largest accepted V8 / C in the median cell. */
const MOST_V8_OVER_C = 1.6;

/** A count explains a gap between two times if its own gap, in logarithms, is at least this part of it. */
const ENOUGH = 0.5;

/** Name of the baseline's row against itself, and what follows the name of a strategy with wrong answers. */
export const TWIN = 'A/A twin';
export const WRONG_MARK = ' *';

/** A cell that has times in both languages. */
interface CellInBoth {
  readonly cell: CellAnalysis;
  readonly both: CAndV8Comparison;
}

function cellsInBoth(cells: readonly CellAnalysis[]): CellInBoth[] {
  return cells.flatMap((cell) => (cell.cAndV8 === null ? [] : [{ cell, both: cell.cAndV8 }]));
}

/** Whether C and V8 agree on the order of the designs, and how much slower V8 is. */
export function cAndV8Sentences(results: Results, cells: readonly CellAnalysis[]): string[] {
  const inBoth = cellsInBoth(cells);
  const gaps = [...voidSentences(cells), ...absenceSentences(results)];
  if (inBoth.length === 0) return gaps;
  const ratios = inBoth.flatMap(({ both }) => both.strategies.map(({ v8OverC }) => v8OverC.estimate));
  return [
    ...orderSentences(results, inBoth),
    `V8 / C is ${ratioText(median(ratios))} in the median of ${numberOf(ratios.length, 'design')} and workloads, from ` +
      `${ratioText(Math.min(...ratios))} to ${ratioText(Math.max(...ratios))}; the model is held to ` +
      `${MOST_V8_OVER_C} in the median. C takes real locks and writes each entry with cmpxchg16b, where V8 has plain ` +
      'loads and stores: what V8 loses in the code it makes, it gains in part by that.',
    ...gaps,
  ];
}

/** Whether C and V8 agree on the order of the designs; one sentence with the reason if C has too few processes. */
function orderSentences(results: Results, inBoth: readonly CellInBoth[]): string[] {
  const all = inBoth.flatMap(({ both }) => both.pairs);
  const most = Math.max(...all.map(({ inC }) => inC.n));
  if (all.length > 0 && !carriesVerdict(most)) {
    return [
      `C tells no order of the designs: ${numberOf(most, 'process')} of each, where a verdict takes ${VERDICT_PROCESSES}.`,
    ];
  }
  const pairs = all.filter(isSeparatedInC);
  const apart = `by more than ${partText(SEPARATED_IN_C)}`;
  const tau = kendallsTau(pairs);
  return [
    ...disagreementSentences(results, inBoth),
    tau === null
      ? `C tells no two designs apart ${apart}.`
      : `C tells ${numberOf(pairs.length, 'pair')} of designs apart ${apart}; V8 has ` +
        `${pairs.filter(haveSameOrder).length} of them in the same order: Kendall's tau ${tau.toFixed(2)}.`,
  ];
}

/** The designs whose times in C are void, with the reason. */
function voidSentences(cells: readonly CellAnalysis[]): string[] {
  return cells.flatMap(({ workload, inC }) =>
    (inC?.void ?? []).map(({ strategy, reason }) => `${strategy} is void in C on ${workload.id}: ${reason}.`),
  );
}

/** Why there are no times in C. */
const absenceSentences = ({ run: { noNative } }: Results): string[] =>
  noNative === null ? [] : [`Nothing was timed in C: ${noNative}.`];

/** Each pair that C and V8 rank differently, with the counts that may explain it. */
function disagreementSentences({ run }: Results, inBoth: readonly CellInBoth[]): string[] {
  const sentences = inBoth.flatMap(({ cell, both }) =>
    both.pairs
      .filter((pair) => contradicts(pair, run.band) || (isSeparatedInC(pair) && !haveSameOrder(pair)))
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

function disagreementSentence(cell: CellAnalysis, pair: PairInBoth): string {
  const { one, other, inC, inV8 } = pair;
  return (
    `${cell.workload.id}: ${one} / ${other} is ${estimateText(inV8, ratioText)} in V8 and ` +
    `${estimateText(inC, ratioText)} in C (${reasonsFor(pair, loadWork(cell, one), loadWork(cell, other))}).`
  );
}

/** The counts of two loads that may explain why one is first in C and the other in V8. */
function reasonsFor({ inC, inV8 }: PairInBoth, one: WorkSummary | null, other: WorkSummary | null): string {
  if (one === null || other === null) return 'not counted';
  const { words } = MEAN_COUNTS;
  const [firstInC, firstInV8] = inC.estimate < 1 ? [one, other] : [other, one];
  const beside = (count: (work: WorkSummary) => number) =>
    `${meanText(count(one))} beside ${meanText(count(other))}`;
  const explainsTimes =
    Math.log(words(firstInC) / words(firstInV8)) > ENOUGH * Math.abs(Math.log(inV8.estimate));
  const found = [
    ...(firstInC.atomics.mean < firstInV8.atomics.mean ? [`atomics ${beside(MEAN_COUNTS.atomics)}`] : []),
    ...(explainsTimes ? [`words ${beside(words)}`] : []),
    ...(firstInV8.chain.mean < firstInC.chain.mean ? [`chain ${beside(MEAN_COUNTS.chain)}`] : []),
  ];
  return found.length === 0 ? 'nothing of the counts: the code that V8 makes of the two' : found.join(', ');
}

/** For each cell: times and ratios in C and V8, and the ratios to the lower bound with the additional work. */
export function cAndV8Tables(results: Results, cells: readonly CellAnalysis[]): NumberTable[] {
  return cellsInBoth(cells).flatMap((inBoth) => [ratioTable(results, inBoth), ...floorTable(inBoth)]);
}

function ratioTable(results: Results, { cell, both }: CellInBoth): NumberTable {
  const { inC, comparison, nanosecondsInC, workload } = cell;
  const control = inC?.control ?? null;
  const { baseline } = results.run;
  return {
    caption:
      `${workload.id}: ns per operation in C, ratio to ${baseline} in C with its ${confidenceText(results)} interval ` +
      `(n = ${nanosecondsInC.get(baseline)?.processes.length ?? 0}) and in V8, and V8 / C`,
    workload: workload.id,
    head: ['strategy', 'C, ns', 'C', 'interval', 'verdict', 'V8', 'V8 / C'],
    rows: [
      ...(control === null
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
          ]),
      ...both.strategies.map(({ strategy, v8OverC }) => {
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

/** Ratios to the lower bound in both languages, and the additional work; none if it did not take part. */
function floorTable({ cell, both }: CellInBoth): NumberTable[] {
  const { toFloor, inCToFloor, workload } = cell;
  const floor = loadWork(cell, FLOOR);
  if (toFloor === null || inCToFloor === null || floor === null) return [];
  const ratioOf = (comparison: CellComparison, strategy: string): string => {
    const row = comparison.rows.find((candidate) => candidate.strategy === strategy);
    return row === undefined ? '-' : ratioText(row.ratio.estimate);
  };
  const rows = both.strategies.flatMap(({ strategy }) => {
    const work = loadWork(cell, strategy);
    if (strategy === FLOOR || work === null) return [];
    const more = (['atomics', 'lines', 'chain', 'loads', 'stores'] as const).map((metric) =>
      signedText(work[metric].mean - floor[metric].mean, meanText),
    );
    return [[strategy, ratioOf(inCToFloor, strategy), ratioOf(toFloor, strategy), ...more]];
  });
  if (rows.length === 0) return [];
  return [
    {
      caption:
        `${workload.id}: ratio to ${FLOOR} in C and in V8, and what a mean load does more than its ` +
        `${meanText(floor.atomics.mean)} atomics, ${meanText(floor.lines.mean)} lines, chain of ` +
        `${meanText(floor.chain.mean)}, ${meanText(floor.loads.mean)} words read and ${meanText(floor.stores.mean)} written`,
      workload: workload.id,
      head: ['strategy', 'C', 'V8', 'atomics', 'lines', 'chain', 'read', 'written'],
      rows,
    },
  ];
}

/** The paragraph above the tables. */
export function cAndV8Introduction({ environment: { compiler } }: Results): string {
  return (
    'The built-in designs once more in C, on the memory that TypeScript set up, with the same operations, in the same ' +
    'rounds; after the last, all memory must be as V8 left its own, bit for bit. * wrong answers in this workload.' +
    (compiler === null ? '' : ` Compiled by ${compiler}.`)
  );
}
