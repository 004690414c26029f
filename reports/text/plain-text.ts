// Paragraphs and tables for a mail of at most 75 columns.
import { wrapped } from '../words/counterexample.js';

export const COLUMNS = 75;

/** The maximum width of a table's first column. A longer name gets its own line. */
const NAME_COLUMNS = 18;

/** What separates two columns of a table. */
const GAP = '  ';

/** A heading with a line of `rule` below it. */
export function title(text: string, rule: string): string[] {
  const lines = paragraph(text);
  return [...lines, rule.repeat(Math.max(...lines.map(({ length }) => length)))];
}

/** A text in lines of at most {@link COLUMNS}. */
export function paragraph(text: string, indent = ''): string[] {
  return wrapped(text, COLUMNS, indent, indent);
}

/** A paragraph that indents all lines but its first. */
export function hanging(text: string): string[] {
  return paragraph(text, '  ').map((line, index) => (index === 0 ? line.slice(2) : line));
}

/** A line for each name with its value. */
export function facts(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.flatMap(([name, value]) => hanging(`${name}: ${value}`));
}

/** The width of the widest cell of each column; names wider than {@link NAME_COLUMNS} do not count. */
function widthsOf(head: readonly string[], rows: readonly (readonly string[])[]): number[] {
  return head.map((label, column) => {
    const lengths = rows.map((row) => row[column]?.length ?? 0);
    return column === 0
      ? Math.max(label.length, ...lengths.filter((length) => length <= NAME_COLUMNS))
      : Math.max(label.length, ...lengths);
  });
}

/** A table of figures by name. A table that is too wide becomes several blocks. */
export function numberTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = widthsOf(head, rows);
  const blocks: number[][] = [];
  let left = 0;
  for (let column = 1; column < head.length; column++) {
    const width = GAP.length + (widths[column] as number);
    if (width > left) {
      blocks.push([]);
      left = COLUMNS - (widths[0] as number);
    }
    blocks.at(-1)?.push(column);
    left -= width;
  }
  return blocks.flatMap((columns, index) => {
    const pick = (row: readonly string[]) => [0, ...columns].map((column) => row[column] as string);
    const aligned = `l${'r'.repeat(columns.length)}`;
    return [...(index === 0 ? [] : ['']), ...table(pick(head), rows.map(pick), aligned)];
  });
}

/**
 * A table. A row may have fewer cells than the table has columns.
 *
 * @param aligned - For each column an "l" for left or an "r" for right.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  aligned: string,
): string[] {
  const widths = widthsOf(head, rows);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] as number;
        return aligned[column] === 'r' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  return [head, ...rows].flatMap((cells) => {
    const [name, ...rest] = cells as [string, ...string[]];
    return name.length > NAME_COLUMNS ? [name, line(['', ...rest])] : [line(cells)];
  });
}
