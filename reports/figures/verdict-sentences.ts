// The verdicts in words: the correctness and the time of each strategy.
import { medianHalfWidth } from '../../harness/results/comparison.js';
import { countDisturbed } from '../../harness/results/disturbed-rounds.js';
import type { Cell, Results } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import { undoneLines } from '../words/undone.js';
import {
  capitalised,
  countText,
  estimateText,
  limitsText,
  namesText,
  numberOf,
  partText,
  ratioText,
} from '../words/wording.js';
import type { CellAnalysis } from './cell-analysis.js';
import type { SharedRank, Standing, StrategyOutcome } from './strategy-outcomes.js';

/** The note of figures from too few processes: "3 processes: no verdict". */
export function verdictNotes(processes: number): string[] {
  return carriesVerdict(processes) ? [] : [`${numberOf(processes, 'process')}: no verdict`];
}

/** The correctness of a strategy, in two words. */
export function soundnessOf({ strategy, judged, wrongIn }: StrategyOutcome): string {
  if (judged.length === 0) return 'not checked';
  if (wrongIn.length > 0) return 'wrong answers';
  return strategy.sound ? 'sound' : 'none found wrong';
}

/** The failures of a strategy: kinds, counts, and the declared limit or UNEXPECTED. */
export function correctnessSentence({ strategy, findings, judged, wrongIn }: StrategyOutcome): string {
  if (judged.length === 0) return 'The oracle did not judge it.';
  if (wrongIn.length === 0) {
    const declared = strategy.limits.length === 0 ? 'no limits' : `limits ${limitsText(strategy)}`;
    return `No wrong answers in ${numberOf(judged.length, 'workload')}; it declares ${declared}.`;
  }
  const kinds = findings.map(
    ({ kind, count, declaredBy }) => `${kind} ${countText(count)} (${expectationText(declaredBy)})`,
  );
  const what =
    kinds.length === 0 ? 'final IRTEs that are not those of the oracle (UNEXPECTED)' : kinds.join(', ');
  return `Wrong answers in ${wrongIn.join(', ')}: ${what}.`;
}

/** Whether a failure lies within a declared limit. */
export function expectationText(declaredBy: string | null): string {
  return declaredBy === null ? 'UNEXPECTED' : `within its declared limit ${declaredBy}`;
}

/** The time of a strategy against the run's baseline. */
export function timingSentences(results: Results, outcome: StrategyOutcome): string[] {
  const { strategy, standing, wrongIn, firstIn, lastIn, voidIn } = outcome;
  const sentences =
    strategy.id === results.run.baseline
      ? ['It is the baseline of all ratios.']
      : standingSentences(standing, wrongIn);
  if (firstIn.length > 0) sentences.push(`Rank 1 of those right there: ${ranksText(firstIn)}.`);
  if (lastIn.length > 0) sentences.push(`Last rank of those right there: ${ranksText(lastIn)}.`);
  if (voidIn.length > 0) sentences.push(`Timing void in ${voidIn.join(', ')}.`);
  return sentences;
}

/** Workloads, each with those who share the rank: "pinned (shared with merged-4.9), halt-wake". */
function ranksText(ranks: readonly SharedRank[]): string {
  const texts = ranks.map(({ workload, sharedWith }) =>
    sharedWith.length === 0 ? workload : `${workload} (shared with ${namesText(sharedWith)})`,
  );
  return texts.join(', ');
}

/**
 * The ratios of a strategy in words, without verdicts if no workload has enough processes.
 *
 * @param wrongIn - Workloads on which the strategy is wrong. They are marked.
 */
function standingSentences({ range, verdicts, unjudged }: Standing, wrongIn: readonly string[]): string[] {
  if (range === null) return ['No ratio that can be trusted.'];
  const judged = Object.values(verdicts).flat().length;
  const compared = judged + unjudged.length;
  const span = compared === 1 ? ratioText(range.low) : `${ratioText(range.low)} to ${ratioText(range.high)}`;
  const ratio = `Ratio ${span} over ${numberOf(compared, 'workload')}.`;
  if (judged === 0) return [ratio];
  const named = (workload: string) => (wrongIn.includes(workload) ? `${workload} (wrong answers)` : workload);
  const all = { ...verdicts, 'without a verdict': unjudged };
  const parts = Object.entries(all).flatMap(([verdict, workloads]) =>
    workloads.length === 0 ? [] : [`${verdict} in ${workloads.map(named).join(', ')}`],
  );
  return [ratio, `${capitalised(parts.join('; '))}.`];
}

/** How to read the ratios of the verdicts, and the workloads that they leave out. */
export function readingSentences(results: Results, cells: readonly CellAnalysis[]): string[] {
  const { run } = results;
  const unreliable = cells
    .filter(({ comparison }) => comparison.control?.unreliable)
    .map(({ workload }) => workload.id);
  const sentences = [`Ratios are time per operation / ${run.baseline}, V8 model; below 1 is less time.`];
  if (unreliable.length > 0) {
    sentences.push(`Left out, because the A/A control is unreliable there: ${unreliable.join(', ')}.`);
  }
  const halfWidth = medianHalfWidth(cells.map(({ comparison }) => comparison));
  if (halfWidth !== null) {
    sentences.push(`The median half-width of their intervals is ${partText(halfWidth)}.`);
  }
  return [...sentences, ...undoneSentences(results)];
}

/** Stands instead of the times of a cell. */
export const NOT_TIMED = 'Not timed: no strategy came to the end of its check.';

/** What was asked for and could not be done; none if everything was. */
export function undoneSentences({ undone }: Results): string[] {
  return undoneLines(undone).map((line) => `NOT DONE: ${line}.`);
}

/** The strategies that were not steady after the warm-up; none if all were. */
export function changeSentences({ changes }: CellAnalysis): string[] {
  if (changes.length === 0) return [];
  const named = changes.map(({ strategy, role, lane, ratio }) => {
    const marks = [...(role === 'twin' ? ['A/A twin'] : []), ...(lane === 'c' ? ['in C'] : [])];
    const name = marks.length === 0 ? strategy : `${strategy} (${marks.join(', ')})`;
    return `${name} ${estimateText(ratio, ratioText)}`;
  });
  return [
    `Not steady after the warm-up (second half of the rounds / first half, all processes): ${named.join(', ')}.`,
  ];
}

/** The number of disturbed rounds; none if there is none. */
export function disturbedSentences(results: Results, cells: readonly Cell[]): string[] {
  const { rounds, takenAgain, standing } = countDisturbed(results, cells);
  if (takenAgain === 0) return [];
  const again = `${countText(takenAgain)} of ${numberOf(rounds, 'round')} ${wasOrWere(takenAgain)} disturbed and taken again`;
  const stand = `${countText(standing)} ${wasOrWere(standing)} disturbed again and ${standing === 1 ? 'stands' : 'stand'}`;
  return [standing === 0 ? `${again}.` : `${again}; ${stand}.`];
}

function wasOrWere(count: number): string {
  return count === 1 ? 'was' : 'were';
}
