import type { Check } from '../../harness/results/results.js';
import { anchorOf, type PlacedFinding, placedFindings } from '../figures/strategy-outcomes.js';
import { expectationText } from '../figures/verdict-sentences.js';
import { countText } from '../words/wording.js';
import type { Content } from './content.js';
import { Stamp } from './labels.js';
import { strategyRow, Table } from './table.js';

/** The oracle's judgement on each strategy in each workload. A failure links to its counterexample. */
export function OracleMatrix({ results, cells }: Content) {
  const findings = placedFindings(results, cells);
  return (
    <Table
      caption="Oracle verdicts: ok, or kinds of findings with their counts. Each leads to its history below."
      columns={[
        { label: 'Strategy' },
        ...cells.map(({ workload }) => ({ label: workload.id, workload: workload.id })),
      ]}
      rows={results.strategies.map(({ id }) =>
        strategyRow(
          results,
          id,
          cells.map(({ workload, checks }) => (
            <Judgement
              check={checks.get(id)}
              findings={findings.filter((one) => one.strategy === id && one.workload === workload.id)}
            />
          )),
        ),
      )}
    />
  );
}

function Judgement({ check, findings }: { check: Check | undefined; findings: readonly PlacedFinding[] }) {
  if (check === undefined) return <span class="note">not checked</span>;
  const { matchesOracle, lostToOverflow } = check;
  const withoutFinding = matchesOracle ? 'ok' : <Stamp kind="bad">UNEXPECTED: final IRTEs differ</Stamp>;
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
      {findings.length === 0 ? withoutFinding : null}
      {lostToOverflow > 0 ? <div class="note">{countText(lostToOverflow)} lost to overflow</div> : null}
    </>
  );
}
