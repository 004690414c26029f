import type { Results } from '../../harness/results.js';
import { answeredQuestions, findingsCount, matchesSentence } from '../questions.js';
import { type StrategyOutcome, type SurveyedCell, strategyOutcomes } from '../survey.js';
import {
  correctnessSentence,
  readingSentences,
  soundnessOf,
  standingSentences,
  timingSentences,
} from '../verdict-sentences.js';
import { countText, numberOf } from '../wording.js';
import { Stamp, StrategyName } from './marks.js';
import { Table } from './table.js';

/** The verdict on each strategy, then the questions of the review. */
export function Verdicts({ results, cells }: { results: Results; cells: readonly SurveyedCell[] }) {
  const outcomes = strategyOutcomes(results, cells);
  const questions = answeredQuestions(results, cells, outcomes);
  return (
    <>
      {results.run.verdictIntended ? null : (
        <p class="banner" role="note">
          <strong>
            {results.run.suite} suite: {numberOf(results.run.forks, 'fork')}, no verdict intended.
          </strong>{' '}
          Ratios and intervals are shown as they came out; too few processes stand behind them to call a
          difference.
        </p>
      )}
      <p>{readingSentences(results, cells).join(' ')}</p>
      <dl class="verdicts">
        {outcomes.map((outcome) => (
          <Verdict key={outcome.strategy.id} results={results} outcome={outcome} />
        ))}
      </dl>
      <h3>The questions of the review</h3>
      {questions.length === 0 ? null : (
        <Table
          caption="Each question is the one decision in which two strategies differ. Ratios here are first / second."
          columns={[
            { label: 'Question' },
            { label: 'First / second' },
            { label: 'Findings, first / second', isNumber: true },
            { label: 'Time' },
          ]}
          rows={questions.map(
            ({ question, strategy, against, standing, strategyOutcome, againstOutcome }) => ({
              key: question,
              strategy: `${strategy} ${against}`,
              header: <span class="prose">{question}</span>,
              cells: [
                <>
                  <StrategyName results={results} id={strategy} />
                  <br />
                  <StrategyName results={results} id={against} />
                </>,
                `${countText(findingsCount(strategyOutcome))} / ${countText(findingsCount(againstOutcome))}`,
                <span class="prose">
                  {standingSentences(results, standing, strategyOutcome.wrongIn).join(' ')}
                </span>,
              ],
            }),
          )}
        />
      )}
      <p>{matchesSentence(results)}</p>
    </>
  );
}

function Verdict({ results, outcome }: { results: Results; outcome: StrategyOutcome }) {
  const { strategy, wrongIn } = outcome;
  const isUnexpected = outcome.findings.some(({ declaredBy }) => declaredBy === null);
  return (
    <div data-strategy={strategy.id}>
      <dt>
        <StrategyName results={results} id={strategy.id} />{' '}
        <Stamp kind={wrongIn.length > 0 ? 'bad' : strategy.sound ? 'good' : 'doubt'}>
          {soundnessOf(outcome)}
        </Stamp>
        {isUnexpected ? <Stamp kind="bad">unexpected</Stamp> : null}
      </dt>
      <dd>
        <span class="title">{strategy.title}.</span> {correctnessSentence(outcome)}{' '}
        {timingSentences(results, outcome).join(' ')}
      </dd>
    </div>
  );
}
