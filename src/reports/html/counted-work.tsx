import type { Results } from '../../harness/results.js';
import { COUNTED_LOAD_NAME } from '../charts/counted-load.js';
import { COST_MODEL, costSentences, costTables, pricedCell, priceFacts } from '../cost-answers.js';
import { countColumnsOf, countTablesOf, quantilesOf } from '../counted-work.js';
import type { SurveyedCell } from '../survey.js';
import { bytesText, countText } from '../wording.js';
import { Facts } from './facts.js';
import { type DrawnChart, Figure } from './figure.js';
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
      {costSentences(cell).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>{COST_MODEL}</p>
      <Facts facts={priceFacts()} />
      <NumberTables results={results} tables={costTables(results, cell)} />
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
        <article key={cell.workload.id} id={`counted-${cell.workload.id}`}>
          <h3>{cell.workload.id}</h3>
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
        <h3>Bytes held</h3>
        <Table
          caption="Bytes of modelled memory that one more of each takes, and of a host without any"
          columns={[
            { label: 'Strategy' },
            { label: 'per entry', isNumber: true },
            { label: 'per vCPU', isNumber: true },
            { label: 'per VM', isNumber: true },
            { label: 'fixed', isNumber: true },
          ]}
          rows={results.held.map(({ strategy, perEntry, perVcpu, perVm, fixed }) => ({
            key: strategy,
            header: <StrategyName results={results} id={strategy} />,
            cells: [...[perEntry, perVcpu, perVm].map((bytes) => countText(bytes)), bytesText(fixed)],
          }))}
        />
      </article>
    </>
  );
}
