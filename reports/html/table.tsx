import type { ComponentChildren } from 'preact';
import type { Results } from '../../harness/results/results.js';
import { StrategyName } from './labels.js';
import { ScrollBox } from './scroll-box.js';

/** A column of a table. Numbers are right-aligned. */
interface Column {
  readonly label: string;
  readonly isNumber?: boolean;
  /** Set if the whole column belongs to one workload. */
  readonly workload?: string;
}

/** A row: its header, and a cell for each further column. */
export interface Row {
  readonly key: string;
  readonly header: ComponentChildren;
  /** The strategy that the row belongs to; two strategies are separated by a space. */
  readonly strategy?: string | undefined;
  readonly cells: readonly ComponentChildren[];
}

/**
 * The row of a strategy.
 *
 * @param note - Follows the name of the strategy.
 */
export function strategyRow(results: Results, id: string, cells: Row['cells'], note?: string): Row {
  return {
    key: id,
    strategy: id,
    header: <StrategyName results={results} id={id} note={note} />,
    cells,
  };
}

/**
 * A table in a box that scrolls.
 *
 * @param workload - Set if the whole table belongs to one workload.
 */
export function Table({
  caption,
  columns,
  rows,
  workload,
}: {
  caption: string;
  columns: readonly Column[];
  rows: readonly Row[];
  workload?: string | undefined;
}) {
  return (
    <div class="table" data-workload={workload}>
      <ScrollBox label={caption}>
        <table>
          <caption>
            <span>{caption}</span>
          </caption>
          <thead>
            <tr>
              {columns.map(({ label, isNumber, workload }) => (
                <th key={label} scope="col" class={alignment(isNumber)} data-workload={workload}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, header, strategy, cells }) => (
              <tr key={key} data-strategy={strategy}>
                <th scope="row">{header}</th>
                {cells.map((cell, index) => (
                  <td
                    key={columns[index + 1]?.label}
                    class={alignment(columns[index + 1]?.isNumber)}
                    data-workload={columns[index + 1]?.workload}
                  >
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </div>
  );
}

function alignment(isNumber: boolean | undefined): string | undefined {
  return isNumber ? undefined : 'text';
}
