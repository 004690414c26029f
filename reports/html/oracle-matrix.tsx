import type { Check, Results } from '../../harness/results/results.js';
import { anchorOf, type PlacedFinding, placedFindings, type SurveyedCell } from '../figures/survey.js';
import { expectationText } from '../figures/verdict-sentences.js';
import { countText } from '../words/wording.js';
import { Stamp, StrategyName } from './marks.js';
import { Table } from './table.js';

/** What the oracle says of each strategy in each workload; a finding leads to its history. */
export function OracleMatrix({ results, cells }: { results: Results; cells: readonly SurveyedCell[] }) {
  const findings = placedFindings(results, cells);
  return (
    <Table
      caption="Oracle verdicts: ok, or kinds of findings with their counts. Each leads to its history below."
      columns={[
        { label: 'Strategy' },
        ...cells.map(({ workload }) => ({ label: workload.id, workload: workload.id })),
      ]}
      rows={results.strategies.map(({ id }) => ({
        key: id,
        strategy: id,
        header: <StrategyName results={results} id={id} />,
        cells: cells.map(({ workload, checks }) => (
          <Judgement
            check={checks.get(id)}
            findings={findings.filter((placed) => placed.strategy === id && placed.workload === workload.id)}
          />
        )),
      }))}
    />
  );
}

interface JudgementProps {
  readonly check: Check | undefined;
  readonly findings: readonly PlacedFinding[];
}

function Judgement({ check, findings }: JudgementProps) {
  if (check === undefined) return <span class="note">not checked</span>;
  const { matchesOracle, lostToOverflow } = check;
  return (
    <>
      {findings.map((placed) => (
        <div key={anchorOf(placed)} class="found">
          <a href={`#${anchorOf(placed)}`}>
            <Stamp kind="bad">
              {placed.finding.kind} {countText(placed.finding.count)}
            </Stamp>
          </a>{' '}
          {expectationText(placed.finding.declaredBy)}
        </div>
      ))}
      {findings.length === 0 && !matchesOracle ? (
        <Stamp kind="bad">UNEXPECTED: final IRTEs differ</Stamp>
      ) : null}
      {findings.length === 0 && matchesOracle ? 'ok' : null}
      {lostToOverflow > 0 ? <div class="note">{countText(lostToOverflow)} lost to overflow</div> : null}
    </>
  );
}
