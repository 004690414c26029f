import type { ComponentChildren } from 'preact';

/** A column of a table; numbers stand right-aligned. */
interface Column {
  readonly label: string;
  readonly isNumber?: boolean;
  /** Whose figures all of it is, if of one workload. */
  readonly workload?: string;
}

/** A row: its header and a cell for each further column. */
export interface Row {
  readonly key: string;
  readonly header: ComponentChildren;
  /** Whose it is; of a row that is of two, both, with a space between. */
  readonly strategy?: string | undefined;
  readonly cells: readonly ComponentChildren[];
}

/** A table that scrolls in a box of its own where it is wider than the page. */
export function Table({
  caption,
  columns,
  rows,
  workload,
}: {
  caption: string;
  columns: readonly Column[];
  rows: readonly Row[];
  /** Of all of it, if of one. */
  workload?: string | undefined;
}) {
  return (
    <div class="table" data-workload={workload}>
      {/* biome-ignore lint/a11y/useSemanticElements: no set of fields; and as many regions would lead nowhere */}
      <div
        class="scroll"
        role="group"
        aria-label={caption}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
      >
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
      </div>
    </div>
  );
}

function alignment(isNumber: boolean | undefined): string | undefined {
  return isNumber ? undefined : 'text';
}
