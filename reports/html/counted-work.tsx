import type { Results } from '../../harness/results/results.js';
import { COUNTED_LOAD_NAME } from '../charts/counted-load.js';
import { lookUpSentence } from '../debate/lookup-answers.js';
import { COST_MODEL, costTables, pricedCell, priceFacts, sweptCostTables } from '../figures/cost-answers.js';
import { countColumnsOf, countTablesOf, heldTable, quantilesOf } from '../figures/counted-work.js';
import { codeTable } from '../figures/own-code.js';
import type { SurveyedCell } from '../figures/survey.js';
import { countText } from '../words/wording.js';
import { Facts } from './facts.js';
import { type DrawnChart, Figure } from './figure.js';
import { LinkedHeading } from './headings.js';
import { StrategyName } from './marks.js';
import { NumberTables } from './number-tables.js';
import { type Row, Table } from './table.js';

interface CountedWorkProps {
  readonly results: Results;
  readonly cells: readonly SurveyedCell[];
}

/** Whether the look-up is slow enough, by the counted work and the prices of hardware. */
export function Cost({ results, cells }: CountedWorkProps) {
  const cell = pricedCell(cells);
  if (cell === null) return <p>Nothing was counted.</p>;
  return (
    <>
      <p>{lookUpSentence(cells)}</p>
      <p>{COST_MODEL}</p>
      <Facts facts={priceFacts()} />
      <NumberTables results={results} tables={[...costTables(results, cell), ...sweptCostTables(results)]} />
    </>
  );
}

/** What each operation did, workload by workload and verb by verb, and what a design holds. */
export function CountedWork({
  results,
  cells,
  charts,
}: CountedWorkProps & { readonly charts: ReadonlyMap<string, DrawnChart> }) {
  const columns = countColumnsOf(cells);
  // The one workload that the chart is of.
  const drawn = charts.get(COUNTED_LOAD_NAME);
  const drawnCell = pricedCell(cells);
  return (
    <>
      <Facts facts={columns.map(({ label, meaning }) => [label, meaning] as const)} />
      {cells.map((cell) => (
        <article key={cell.workload.id} id={`counted-${cell.workload.id}`} data-workload={cell.workload.id}>
          <LinkedHeading id={`counted-${cell.workload.id}`} name={`counted work, ${cell.workload.id}`}>
            {cell.workload.id}
          </LinkedHeading>
          {cell === drawnCell ? <Figure drawn={drawn} /> : null}
          {cell.cell.counted.length === 0 ? <p>Nothing was counted.</p> : null}
          {countTablesOf(cell).map(({ verb, inWindow, operations, rows }) => (
            <Table
              key={verb}
              caption={`${cell.workload.id}: ${verb}, ${countText(operations)} in ${inWindow ? 'the window' : 'setup and teardown'}`}
              columns={[
                { label: 'Strategy' },
                { label: 'Quantile' },
                ...columns.map(({ label }) => ({ label, isNumber: true })),
              ]}
              rows={rows.flatMap(({ strategy, work }): Row[] => {
                const quantiles = quantilesOf(work);
                return quantiles.map((quantile) => ({
                  key: `${strategy} ${quantile}`,
                  strategy,
                  header: <StrategyName results={results} id={strategy} />,
                  cells: [
                    quantiles.length === 1 ? 'all' : quantile,
                    ...columns.map(({ metric }) => countText(work[metric][quantile])),
                  ],
                }));
              })}
            />
          ))}
        </article>
      ))}
      <article id="held">
        <LinkedHeading id="held" name="bytes held">
          Bytes held
        </LinkedHeading>
        <NumberTables results={results} tables={[heldTable(results)]} />
      </article>
      <article id="own-code">
        <LinkedHeading id="own-code" name="own code">
          Own code
        </LinkedHeading>
        {results.code.length === 0 ? (
          <p>No code was counted.</p>
        ) : (
          <NumberTables results={results} tables={[codeTable(results)]} />
        )}
      </article>
    </>
  );
}
