import { COUNTED_LOAD_NAME } from '../charts/counted-load.js';
import { lookUpSentence } from '../debate/lookup-answers.js';
import {
  COST_MODEL,
  costTables,
  firstCountedCell,
  sweptCostTables,
  unitCostFacts,
} from '../figures/cost-answers.js';
import { countColumnsOf, countTablesOf, heldTable, quantilesOf } from '../figures/counted-work.js';
import { codeTable } from '../figures/own-code.js';
import { wakeupSentence, wakeupTable } from '../figures/wakeups.js';
import { countText } from '../words/wording.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { Facts } from './facts.js';
import { Figure } from './figure.js';
import { NumberTables } from './number-tables.js';
import { strategyRow, Table } from './table.js';

/** The cost of the look-up: counted work times the unit costs of hardware. */
export function Cost({ results, cells }: Content) {
  const cell = firstCountedCell(cells);
  if (cell === null) return <p>Nothing was counted.</p>;
  return (
    <>
      <p>{lookUpSentence(cells)}</p>
      <p>{COST_MODEL}</p>
      <Facts facts={unitCostFacts()} />
      <NumberTables results={results} tables={[...costTables(results, cell), ...sweptCostTables(results)]} />
    </>
  );
}

/** The counted work of each operation in each workload, and the memory and the code of each strategy. */
export function CountedWork({ results, cells, charts }: Content) {
  const columns = countColumnsOf(cells);
  // The chart shows this workload only.
  const drawnCell = firstCountedCell(cells);
  return (
    <>
      <Facts facts={columns.map(({ label, meaning }) => [label, meaning] as const)} />
      {cells.map((cell) => (
        <Article
          key={cell.workload.id}
          id={`counted-${cell.workload.id}`}
          name={`counted work, ${cell.workload.id}`}
          heading={cell.workload.id}
          data-workload={cell.workload.id}
        >
          {cell === drawnCell ? <Figure drawn={charts.get(COUNTED_LOAD_NAME)} /> : null}
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
              rows={rows.flatMap(({ strategy, work }) => {
                const quantiles = quantilesOf(work);
                return quantiles.map((quantile) => ({
                  ...strategyRow(results, strategy, [
                    quantiles.length === 1 ? 'all' : quantile,
                    ...columns.map(({ metric }) => countText(work[metric][quantile])),
                  ]),
                  key: `${strategy} ${quantile}`,
                }));
              })}
            />
          ))}
        </Article>
      ))}
      <Article id="held" name="bytes held" heading="Bytes held">
        <NumberTables results={results} tables={[heldTable(results)]} />
      </Article>
      <Article id="wakeups" name="wakeups" heading="Wakeups">
        <p>{wakeupSentence(results, cells)}</p>
        <NumberTables results={results} tables={[wakeupTable(results, cells)]} />
      </Article>
      <Article id="own-code" name="own code" heading="Own code">
        {results.code.length === 0 ? (
          <p>No code was counted.</p>
        ) : (
          <NumberTables results={results} tables={[codeTable(results)]} />
        )}
      </Article>
    </>
  );
}
