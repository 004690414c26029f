// The review, question by question, in the order of the debate.
import type { Results } from '../../harness/results/results.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import type { Answer } from './answer.js';
import { type Headline, headlines } from './headlines.js';
import { lockCost } from './lock-answer.js';
import { keptPointer, simplerCode, slowEnough, whatLinuxDid } from './lookup-answers.js';
import { onlyOneMatch, tagCompare } from './match-answers.js';
import { oneValue, pointerAsTag, vmIdBits } from './tag-answers.js';

/** What the report says of its questions. */
export const DEBATE_INTRODUCTION =
  "The questions of the review of July 2016; those in quotation marks are in the mail's own words, and one that is not in " +
  'the mail says so. Each answer is computed from this run, and stands on the figures below it.';

/** What a run says: first in short, then to each question. */
export interface Review {
  readonly headlines: readonly Headline[];
  readonly answers: readonly Answer[];
}

/** The review of a run. */
export function reviewOf(results: Results, cells: readonly CellAnalysis[]): Review {
  return { headlines: headlines(results, cells), answers: answersOf(results, cells) };
}

/** All questions with their answers. */
function answersOf(results: Results, cells: readonly CellAnalysis[]): Answer[] {
  return [
    oneValue(results, cells),
    tagCompare(results, cells),
    onlyOneMatch(results, cells),
    slowEnough(results, cells),
    vmIdBits(results, cells),
    pointerAsTag(results, cells),
    keptPointer(results, cells),
    simplerCode(results),
    lockCost(results),
    whatLinuxDid(results, cells),
  ];
}
