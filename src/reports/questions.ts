// The sentences of the review, each answered by two designs that differ in that one decision.
import type { Results } from '../harness/results.js';
import { type Standing, type StrategyOutcome, type SurveyedCell, standingOf } from './survey.js';

/** A question of the review, and the two built-in strategies that differ in it. */
interface Question {
  readonly question: string;
  readonly strategy: string;
  readonly against: string;
}

const QUESTIONS: readonly Question[] = [
  {
    question: 'Compare the tag inside the bucket: what does the missing check cost?',
    strategy: 'split-id-hash',
    against: 'posted-v4',
  },
  { question: 'Why is vm_id not 24 bits?', strategy: 'wide-vm-id-hash', against: 'split-id-hash' },
  {
    question: 'Pass one opaque ga_tag rather than two ids?',
    strategy: 'opaque-tag-hash',
    against: 'wide-vm-id-hash',
  },
  {
    question: 'Keep the ir_data pointer: is the lookup slow enough to pardon optimization?',
    strategy: 'ir-data-pointer',
    against: 'opaque-tag-hash',
  },
  { question: 'Can any pointer be the tag?', strategy: 'pointer-as-tag', against: 'ir-data-pointer' },
];

/** A question with what the run says to it. */
interface AnsweredQuestion extends Question {
  /** The ratio strategy / against. */
  readonly standing: Standing;
  readonly strategyOutcome: StrategyOutcome;
  readonly againstOutcome: StrategyOutcome;
}

/** The questions whose two strategies both took part. */
export function answeredQuestions(
  results: Results,
  cells: readonly SurveyedCell[],
  outcomes: readonly StrategyOutcome[],
): AnsweredQuestion[] {
  const byId = new Map(outcomes.map((outcome) => [outcome.strategy.id, outcome]));
  return QUESTIONS.flatMap((question) => {
    const strategyOutcome = byId.get(question.strategy);
    const againstOutcome = byId.get(question.against);
    if (strategyOutcome === undefined || againstOutcome === undefined) return [];
    const standing = standingOf(results, cells, question.strategy, question.against);
    return [{ ...question, standing, strategyOutcome, againstOutcome }];
  });
}

/** How often the oracle found a strategy wrong, over all workloads. */
export function findingsCount({ findings }: StrategyOutcome): number {
  return findings.reduce((sum, { count }) => sum + count, 0);
}

/** The review's aside "shouldn't there be only one match?", answered by the hosts. */
export function matchesSentence(results: Results): string {
  const hosts = results.workloads.map(
    ({ id, irqs, vcpus }) => `${id} ${(irqs / Math.max(vcpus, 1)).toFixed(1)}`,
  );
  return (
    'Should there be only one match? No: a tag names a vCPU, and each interrupt routed to that vCPU has its own ' +
    `IRTE. Irqs per vCPU here: ${hosts.join(', ')}.`
  );
}
