import type { ComponentChildren } from 'preact';

/** A column of a table; numbers stand right-aligned. */
interface Column {
  readonly label: string;
  readonly isNumber?: boolean;
}

/** A row: its header and a cell for each further column. */
export interface Row {
  readonly key: string;
  readonly header: ComponentChildren;
  readonly cells: readonly ComponentChildren[];
}

/** A table that scrolls in a box of its own where it is wider than the page. */
export function Table({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: readonly Column[];
  rows: readonly Row[];
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section class="scroll" aria-label={caption} tabIndex={0}>
      <table>
        <caption>
          <span>{caption}</span>
        </caption>
        <thead>
          <tr>
            {columns.map(({ label, isNumber }) => (
              <th key={label} scope="col" class={alignment(isNumber)}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, header, cells }) => (
            <tr key={key}>
              <th scope="row">{header}</th>
              {cells.map((cell, index) => (
                <td key={columns[index + 1]?.label} class={alignment(columns[index + 1]?.isNumber)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function alignment(isNumber: boolean | undefined): string | undefined {
  return isNumber ? 'number' : undefined;
}
