import type { Results } from '../../harness/results/results.js';
import { TWIN, WRONG_MARK } from '../figures/c-and-v8.js';
import type { NumberTable } from '../words/number-table.js';
import { strategyRow, Table } from './table.js';

/** Tables of figures by strategy or by another name. */
export function NumberTables({ results, tables }: { results: Results; tables: readonly NumberTable[] }) {
  return (
    <>
      {tables.map(({ caption, head: [first = '', ...others], rows, workload }) => (
        <Table
          key={caption}
          caption={caption}
          workload={workload}
          columns={[{ label: first }, ...others.map((label) => ({ label, isNumber: true }))]}
          rows={rows.map(([name = '', ...figures]) => {
            const owner = ownerOf(results, name);
            const row =
              owner === null
                ? { header: name, cells: figures }
                : strategyRow(results, owner.strategy, figures, owner.note);
            return { ...row, key: name };
          })}
        />
      ))}
    </>
  );
}

/** The strategy that a row's name stands for, and the note behind it; null if the name is not a strategy's. */
function ownerOf(
  { run, strategies }: Results,
  name: string,
): { strategy: string; note: string | undefined } | null {
  if (name === TWIN) return { strategy: run.baseline, note: TWIN };
  const strategy = name.endsWith(WRONG_MARK) ? name.slice(0, -WRONG_MARK.length) : name;
  if (!strategies.some(({ id }) => id === strategy)) return null;
  return { strategy, note: strategy === name ? undefined : WRONG_MARK.trim() };
}
