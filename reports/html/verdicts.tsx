import type { Results } from '../../harness/results/results.js';
import { type StrategyOutcome, strategyOutcomes } from '../figures/strategy-outcomes.js';
import {
  correctnessSentence,
  readingSentences,
  soundnessOf,
  timingSentences,
} from '../figures/verdict-sentences.js';
import type { Content } from './content.js';
import { Stamp, StrategyName } from './labels.js';

/** The verdict on each strategy. */
export function Verdicts({ results, cells }: Content) {
  return (
    <>
      <p>{readingSentences(results, cells).join(' ')}</p>
      <dl class="verdicts">
        {strategyOutcomes(results, cells).map((outcome) => (
          <Verdict key={outcome.strategy.id} results={results} outcome={outcome} />
        ))}
      </dl>
    </>
  );
}

function Verdict({ results, outcome }: { results: Results; outcome: StrategyOutcome }) {
  const { strategy, wrongIn } = outcome;
  return (
    <div data-strategy={strategy.id}>
      <dt>
        <StrategyName results={results} id={strategy.id} />{' '}
        <Stamp kind={wrongIn.length > 0 ? 'bad' : strategy.sound ? 'good' : 'doubt'}>
          {soundnessOf(outcome)}
        </Stamp>
        {outcome.findings.some(({ declaredBy }) => declaredBy === null) ? (
          <Stamp kind="bad">unexpected</Stamp>
        ) : null}
      </dt>
      <dd>
        <span class="title">{strategy.title}.</span> {correctnessSentence(outcome)}{' '}
        {timingSentences(results, outcome).join(' ')}
      </dd>
    </div>
  );
}
