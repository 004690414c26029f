import type { Results } from '../../harness/results.js';
import type { NumberTable } from '../number-table.js';
import { StrategyName } from './marks.js';
import { Table } from './table.js';

/** Tables of figures by strategy, or by another name. */
export function NumberTables({ results, tables }: { results: Results; tables: readonly NumberTable[] }) {
  return (
    <>
      {tables.map(({ caption, head: [first = '', ...others], rows }) => (
        <Table
          key={caption}
          caption={caption}
          columns={[{ label: first }, ...others.map((label) => ({ label, isNumber: true }))]}
          rows={rows.map(([name = '', ...figures]) => ({
            key: name,
            header: results.strategies.some(({ id }) => id === name) ? (
              <StrategyName results={results} id={name} />
            ) : (
              name
            ),
            cells: figures,
          }))}
        />
      ))}
    </>
  );
}
