// A report as data: tabs of sections of blocks. html/ and text/ write the same blocks, so what they say cannot drift apart.
import type { Counterexample } from '../harness/results/results.js';
import type { Chart } from './charts/chart.js';

/** The look of a text: a failure, a doubt, all is well, or the answer. */
export type Tone = 'bad' | 'doubt' | 'good' | 'lead';

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  /** The id of its element, to which evidence links. */
  readonly id?: string;
  readonly tone?: Tone | undefined;
  /** An id that it links to. */
  readonly to?: string | undefined;
  /** The time whose ratio it shows, "language workload strategy". The page can write it to another baseline. */
  readonly time?: string;
}

/** A row: its name, and a cell for each further column. */
export interface Row {
  readonly name: string;
  readonly cells: readonly (string | Cell)[];
  /** The strategy that it belongs to; the page hides the rows of strategies that are not chosen. */
  readonly strategy?: string | undefined;
  /** Strategies that share the row, with what differs. */
  readonly alike?: readonly string[];
}

export interface Table {
  /** The id of its element. */
  readonly id: string;
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly Row[];
  /** Columns of text, which are left-aligned, by index in `head`. The first is one of them. */
  readonly texts?: readonly number[];
  /** JSON pointer to the rows of results.json that it is computed from. */
  readonly source?: string;
}

/** A figure that supports a sentence. */
export interface Evidence {
  readonly text: string;
  /** The id of the cell that shows it; null if it does not depend on the run. */
  readonly to: string;
  /** JSON pointers (RFC 6901) to the rows of results.json that it is computed from. */
  readonly rows: readonly string[];
}

/** A figure in large letters, with the sentence that it belongs to. */
export interface Card {
  readonly value: string;
  readonly text: string;
  readonly to: string;
  readonly tone?: Tone;
}

/** Blocks of which the reader sees those of one choice. */
export interface Choice {
  readonly kind: 'choice';
  readonly id: string;
  /** The names of the selectors. A name that is a part of the page's address is chosen on all tabs alike. */
  readonly names: readonly string[];
  readonly options: readonly { readonly values: readonly string[]; readonly blocks: readonly Block[] }[];
}

export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone | undefined }
  | { readonly kind: 'cards'; readonly cards: readonly Card[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'chart'; readonly chart: Chart }
  | {
      readonly kind: 'answer';
      readonly id: string;
      readonly question: string;
      readonly sentences: readonly string[];
      readonly evidence: readonly Evidence[];
    }
  | { readonly kind: 'history'; readonly counterexample: Counterexample }
  | { readonly kind: 'columns'; readonly columns: readonly (readonly Block[])[] }
  | {
      readonly kind: 'fold';
      readonly id?: string;
      readonly summary: string;
      readonly blocks: readonly Block[];
      readonly isOpen?: boolean;
    }
  | Choice
  /** A part of the page that needs its script; the text report leaves it out. */
  | { readonly kind: 'widget'; readonly name: 'conditions' | 'what-if' | 'trailer'; readonly data: unknown };

/** A name with its value or meaning. */
export type Fact = readonly [string, string];

export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export interface Tab {
  readonly id: string;
  readonly name: string;
  readonly sections: readonly Section[];
}

/** A column: its head, its cell for an item, and whether it is of text. */
export type Column<Item> = readonly [head: string, cell: (item: Item) => string | Cell, kind?: 'text'];

/** A column of a table that is made from a list. */
export const column = <Item>(head: string, cell: (item: Item) => string | Cell): Column<Item> => [head, cell];

/** A table with a row for each item, which is named by its strategy. */
export function tableOf<Item extends { readonly strategy: string; readonly alike?: readonly string[] }>(
  parts: Pick<Table, 'id' | 'caption' | 'source'>,
  items: readonly Item[],
  columns: readonly Column<Item>[],
): Table {
  return {
    ...parts,
    head: ['strategy', ...columns.map(([head]) => head)],
    texts: columns.flatMap(([, , kind], index) => (kind === 'text' ? [index + 1] : [])),
    rows: items.map((item) => ({
      name: item.strategy,
      strategy: item.strategy,
      alike: item.alike ?? [],
      cells: columns.map(([, cell]) => cell(item)),
    })),
  };
}

/** A paragraph. */
export const text = (words: string, tone?: Tone): Block => ({ kind: 'text', text: words, tone });

/** Names with their values or meanings. */
export const facts = (all: readonly Fact[]): Block => ({ kind: 'facts', facts: all });

/** Paragraphs; none for empty texts. */
export const texts = (all: readonly string[]): Block[] =>
  all.filter((one) => one !== '').map((one) => text(one));

/** Blocks for tables, without those that have no rows. */
export const tables = (all: readonly Table[]): Block[] =>
  all.flatMap((table) => (table.rows.length === 0 ? [] : [{ kind: 'table', table }]));

/** Blocks for charts. */
export const charts = (all: readonly (Chart | null)[]): Block[] =>
  all.flatMap((chart) => (chart === null ? [] : [{ kind: 'chart', chart } as const]));

/** A fold; none without blocks. */
export const fold = (summary: string, blocks: readonly Block[], id?: string): Block[] =>
  blocks.length === 0 ? [] : [{ kind: 'fold', summary, blocks, ...(id === undefined ? {} : { id }) }];

/** A choice; none without options. */
export const choice = (id: string, names: readonly string[], options: Choice['options']): Block[] =>
  options.length === 0 ? [] : [{ kind: 'choice', id, names, options }];

/** A section; none without blocks. */
export const section = (id: string, heading: string, blocks: readonly Block[]): Section[] =>
  blocks.length === 0 ? [] : [{ id, heading, blocks }];
