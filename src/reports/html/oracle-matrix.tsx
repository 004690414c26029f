import type { Check, Finding, Results } from '../../harness/results.js';
import type { SurveyedCell } from '../survey.js';
import { expectationText } from '../verdict-sentences.js';
import { countText } from '../wording.js';
import { Stamp, StrategyName } from './marks.js';
import { Table } from './table.js';

/** What the oracle says of each strategy in each workload; a finding unfolds to its first example. */
export function OracleMatrix({ results, cells }: { results: Results; cells: readonly SurveyedCell[] }) {
  return (
    <Table
      caption="Oracle verdicts: ok, or kinds of findings with their counts. Open one for its first example."
      columns={[{ label: 'Strategy' }, ...cells.map(({ workload }) => ({ label: workload.id }))]}
      rows={results.strategies.map(({ id }) => ({
        key: id,
        header: <StrategyName results={results} id={id} />,
        cells: cells.map(({ checks }) => <Judgement check={checks.get(id)} />),
      }))}
    />
  );
}

function Judgement({ check }: { check: Check | undefined }) {
  if (check === undefined) return <span class="note">not checked</span>;
  const { findings, matchesOracle, lostToOverflow } = check;
  return (
    <>
      {findings.map((finding) => (
        <FindingDetails key={`${finding.kind} ${finding.declaredBy}`} finding={finding} />
      ))}
      {findings.length === 0 && !matchesOracle ? (
        <Stamp kind="bad">UNEXPECTED: final IRTEs differ</Stamp>
      ) : null}
      {findings.length === 0 && matchesOracle ? 'ok' : null}
      {lostToOverflow > 0 ? <div class="note">{countText(lostToOverflow)} lost to overflow</div> : null}
    </>
  );
}

function FindingDetails({ finding }: { finding: Finding }) {
  const { kind, count, declaredBy, first } = finding;
  return (
    <details>
      <summary>
        <Stamp kind="bad">
          {kind} {countText(count)}
        </Stamp>{' '}
        {expectationText(declaredBy)}
      </summary>
      <dl class="finding">
        <dt>Operation</dt>
        <dd>
          {countText(first.operation)}: {first.what}
        </dd>
        {first.irq === null ? null : (
          <>
            <dt>Irq</dt>
            <dd>{first.irq}</dd>
          </>
        )}
        <dt>Expected</dt>
        <dd>{first.expected}</dd>
        <dt>Found</dt>
        <dd>{first.found}</dd>
        <dt>In short</dt>
        <dd>{first.text}</dd>
      </dl>
    </details>
  );
}
