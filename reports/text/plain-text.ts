// Plain ASCII for a mail: at most 75 columns.
import wrapAnsi from 'wrap-ansi';

export const COLUMNS = 75;

/** Width of a table's first column; longer names get a line of their own. */
export const NAME_COLUMNS = 18;

/** Between two columns of a table. */
export const GAP = '  ';

/** A heading with a rule below it. */
export function title(text: string, rule: string): string[] {
  const lines = paragraph(text);
  return [...lines, rule.repeat(Math.max(...lines.map(({ length }) => length)))];
}

/** Text in lines of at most {@link COLUMNS}. */
export function paragraph(text: string, indent = ''): string[] {
  return wrapAnsi(text, COLUMNS - indent.length, { hard: true })
    .split('\n')
    .map((line) => `${indent}${line}`);
}

/** A paragraph whose second and further lines stand to the right of its first. */
export function hanging(text: string): string[] {
  return paragraph(text, '  ').map((line, index) => (index === 0 ? line.slice(2) : line));
}

/** Names with values, one below the other. */
export function facts(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.flatMap(([name, value]) => hanging(`${name}: ${value}`));
}

/** Widths of a table's columns: as wide as the widest cell; the first at most {@link NAME_COLUMNS}. */
function widthsOf(head: readonly string[], rows: readonly (readonly string[])[]): number[] {
  return head.map((label, column) => {
    const lengths = rows.map((row) => row[column]?.length ?? 0);
    return column === 0
      ? Math.max(label.length, ...lengths.filter((length) => length <= NAME_COLUMNS))
      : Math.max(label.length, ...lengths);
  });
}

/** A table of numbers by name, in as many blocks as its columns take. */
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
    const alignments = ['left', ...columns.map(() => 'right')] as ('left' | 'right')[];
    return [...(index === 0 ? [] : ['']), ...table(pick(head), rows.map(pick), alignments)];
  });
}

/** A table. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly ('left' | 'right')[],
): string[] {
  const widths = widthsOf(head, rows);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] as number;
        return alignments[column] === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  return [head, ...rows].flatMap((cells) => {
    const [name, ...rest] = cells as [string, ...string[]];
    return name.length > NAME_COLUMNS ? [name, line(['', ...rest])] : [line(cells)];
  });
}
