import type { Results } from '../../harness/results/results.js';
import { COUNTED_LOAD_NAME } from '../charts/counted-load.js';
import { lookUpSentences } from '../debate/lookup-answers.js';
import {
  COST_MODEL,
  firstCountedCell,
  PARTS_OF_A_LOAD,
  partsTables,
  SHARE_OF_CPU,
  unitCostFacts,
} from '../figures/cost-answers.js';
import {
  ALL_COUNT_COLUMNS,
  type CountTable,
  countColumnsOf,
  countTablesOf,
  heldTable,
  quantilesOf,
} from '../figures/counted-work.js';
import { mergedStepsTable } from '../figures/merged-steps.js';
import { modelSentences, modelTables } from '../figures/model-and-c.js';
import { codeTable } from '../figures/own-code.js';
import { wakeupSentence, wakeupTable } from '../figures/wakeups.js';
import { countText } from '../words/wording.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { Facts } from './facts.js';
import { Figure } from './figure.js';
import { NumberTables } from './number-tables.js';
import { Sentences } from './sentences.js';
import { strategyRow, Table } from './table.js';

/** The cost of the look-up: counted work times the unit costs of hardware. */
export function Cost({ results, cells }: Content) {
  const cell = firstCountedCell(cells);
  if (cell === null) return <p>Nothing was counted.</p>;
  return (
    <>
      <Sentences sentences={lookUpSentences(results, cells)} />
      <Facts facts={PARTS_OF_A_LOAD} />
      <p>{`${COST_MODEL} ${SHARE_OF_CPU}`}</p>
      <Facts facts={unitCostFacts()} />
      <NumberTables results={results} tables={partsTables(results, cell)} />
      <Article id="cost-and-c" name="the cost model beside C" heading="The cost model beside C">
        <Sentences sentences={modelSentences(results, cells)} />
        <NumberTables results={results} tables={modelTables(results, cells)} />
      </Article>
    </>
  );
}

/** The counted work of each operation in each workload, and the memory and the code of each strategy. */
export function CountedWork({ results, cells, charts }: Content) {
  // The chart shows this workload only.
  const drawnCell = firstCountedCell(cells);
  return (
    <>
      <Facts facts={ALL_COUNT_COLUMNS.map(({ label, meaning }) => [label, meaning] as const)} />
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
          {countTablesOf(cell).map((table) => (
            <Counts key={table.verb} results={results} workload={cell.workload.id} table={table} />
          ))}
        </Article>
      ))}
      <Article id="held" name="bytes held" heading="Bytes held">
        <NumberTables results={results} tables={[heldTable(results)]} />
      </Article>
      <Article id="wakeups" name="wakeups" heading="Wakeups">
        <p>{wakeupSentence(results, cells)}</p>
        <NumberTables results={results} tables={[wakeupTable(results, cells)]} />
        <NumberTables results={results} tables={[mergedStepsTable(results) ?? []].flat()} />
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

/** The counts of an operation on a workload. */
function Counts({ results, workload, table }: { results: Results; workload: string; table: CountTable }) {
  const { verb, inWindow, operations, rows } = table;
  const columns = countColumnsOf(table);
  return (
    <Table
      caption={`${workload}: ${verb}, ${countText(operations)} in ${inWindow ? 'the window' : 'setup and teardown'}`}
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
  );
}
