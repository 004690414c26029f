import { CHECKS } from '../../harness/results/checks.js';
import type { Counterexample, Results } from '../../harness/results/results.js';
import {
  CACHED_HEADING,
  cachedGaLogIntrExample,
  cachedGaLogIntrSentences,
} from '../figures/cached-ga-log-intr.js';
import { findingKindsOf } from '../figures/glossary.js';
import { anchorOf, isUnexpected, type PlacedFinding, placedFindings } from '../figures/strategy-outcomes.js';
import { expectationText } from '../figures/verdict-sentences.js';
import { hostLine, REPLAY_COMMAND, REPLAY_SENTENCES } from '../words/counterexample.js';
import { countText } from '../words/wording.js';
import { Article, LinkTo } from './article.js';
import type { Content } from './content.js';
import { Facts } from './facts.js';
import { Stamp, StrategyName } from './labels.js';

/** Each failure with its counterexample. Unexpected failures are unfolded. */
export function Findings({ results, cells }: Content) {
  const findings = placedFindings(results, cells);
  if (findings.length === 0) return null;
  return (
    <>
      <h3>The findings, each with the shortest history that was found to show it</h3>
      <p>
        {REPLAY_SENTENCES} <code class="command">{REPLAY_COMMAND}</code>
      </p>
      <Facts facts={findingKindsOf(results)} />
      {findings.map((placed) => (
        <FindingDetails key={anchorOf(placed)} results={results} placed={placed} />
      ))}
    </>
  );
}

function FindingDetails({ results, placed }: { results: Results; placed: PlacedFinding }) {
  const { strategy, workload, finding } = placed;
  const { kind, check, count, declaredBy, first, counterexample } = finding;
  const anchor = anchorOf(placed);
  return (
    <div class="linked" data-strategy={strategy} data-workload={workload}>
      <details class="finding" open={isUnexpected(finding)}>
        <summary>
          <StrategyName results={results} id={strategy} /> in <code>{workload}</code>:{' '}
          <Stamp kind="bad">
            {kind} {countText(count)}
          </Stamp>{' '}
          {expectationText(declaredBy)}
        </summary>
        {/* The id is inside the details element, because a link to it then opens the element. */}
        <div id={anchor}>
          {counterexample === null ? (
            <p class="outcome">{`${first.what}: ${first.outcome}`}</p>
          ) : (
            <History counterexample={counterexample} />
          )}
          <Facts
            facts={[
              ['Found by the check', `${check}: ${CHECKS[check]}`],
              ['First in the workload', `operation ${countText(first.operation)}: ${first.what}`],
              ['Irq', first.irq],
              ['Expected', first.expected],
              ['Found', first.found],
              ['What it came to', first.outcome],
            ]}
          />
        </div>
      </details>
      <LinkTo id={anchor} name={`the finding ${kind} of ${strategy} in ${workload}, ${check}`} />
    </div>
  );
}

/** What is lost if an IOMMU caches ga_log_intr. */
export function CachedGaLogIntr({ results }: Content) {
  const example = cachedGaLogIntrExample(results);
  return (
    <Article id="cached-ga-log-intr" name="a cached ga_log_intr" heading={CACHED_HEADING}>
      {cachedGaLogIntrSentences(results).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {example === null ? null : <History counterexample={example} />}
    </Article>
  );
}

/** A counterexample. Its copied text can be replayed, so the arrow is text and not decoration. */
function History({ counterexample }: { counterexample: Counterexample }) {
  return (
    <div class="history">
      <p class="host">{hostLine(counterexample)}</p>
      <ol>
        {counterexample.steps.map((step, index) => (
          <li key={index}>{step}</li>
        ))}
      </ol>
      <p class="outcome">-&gt; {counterexample.outcome}</p>
    </div>
  );
}
