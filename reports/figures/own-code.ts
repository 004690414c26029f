// The size of each strategy's code, as a table.
import type { Results } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import { countText } from '../words/wording.js';

/** What is counted of a strategy's code, with its name in sentences and tables. */
export const CODE_MEASURES = [
  ['statements', 'statements'],
  ['branches', 'branches'],
  ['locks', 'places that lock'],
] as const;

/** Modules, statements, branches and places that lock of each strategy. */
export function codeTable({ code }: Pick<Results, 'code'>): NumberTable {
  return {
    caption:
      'Statements, branches and places that take a lock, in the modules under strategies/ that each strategy imports, ' +
      'its own module among them. A shared module counts whole, though a strategy may use only a part of it. The ' +
      'modelled host under machine/ does not count',
    head: ['strategy', 'modules', ...CODE_MEASURES.map(([, label]) => label)],
    rows: code.map((counts) => [
      counts.strategy,
      countText(counts.modules),
      ...CODE_MEASURES.map(([name]) => countText(counts[name])),
    ]),
  };
}
