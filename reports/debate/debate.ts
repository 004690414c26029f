// The questions of the review with their answers, in the order of the debate.
import type { Results } from '../../harness/results/results.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import type { Answer } from './answer.js';
import { simplerCode } from './code-answer.js';
import { type Headline, headlines } from './headlines.js';
import { lockCost } from './lock-answer.js';
import { irteDirectly, keptPointer, slowEnough, whatLinuxDid } from './lookup-answers.js';
import { onlyOneMatch, tagCompare } from './match-answers.js';
import { oneValue, otherAlgorithms, pointerAsTag, vmIdBits } from './tag-answers.js';

/** The paragraph above the questions. */
export const DEBATE_INTRODUCTION =
  "The questions of the review of July 2016; those in quotation marks are in the mail's own words, and one that is not in " +
  'the mail says so. Each answer is computed from this run, and stands on the figures below it.';

/** The short answer, and the answer to each question. */
export interface Review {
  readonly headlines: readonly Headline[];
  readonly answers: readonly Answer[];
}

/** Answers the review from a run. */
export function reviewOf(results: Results, cells: readonly CellAnalysis[]): Review {
  const answers = [
    oneValue(results, cells),
    tagCompare(results, cells),
    onlyOneMatch(results, cells),
    slowEnough(results, cells),
    vmIdBits(results, cells),
    otherAlgorithms(results, cells),
    pointerAsTag(results, cells),
    keptPointer(results, cells),
    irteDirectly(results, cells),
    simplerCode(results),
    lockCost(results),
    whatLinuxDid(results, cells),
  ];
  return { headlines: headlines(results, cells), answers };
}
