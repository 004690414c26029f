// The size of each design's own code, as a table.
import type { Results } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import { countText } from '../words/wording.js';

/** What of a code is counted. */
export const MEASURES = ['statements', 'branches', 'locks'] as const;

/** Statements, branches and places that lock, of load and put and of all verbs. */
export function codeTable({ code }: Pick<Results, 'code'>): NumberTable {
  return {
    caption:
      "Statements, branches and places that take a lock in the source of a design's own functions: those that load and " +
      'put (update) call, and those that any verb calls. The modelled host is not among them',
    head: [
      'strategy',
      ...MEASURES.map((measure) => `update: ${measure}`),
      ...MEASURES.map((measure) => `all: ${measure}`),
    ],
    rows: code.map(({ strategy, update, all }) => [
      strategy,
      ...[update, all].flatMap((size) => MEASURES.map((measure) => countText(size[measure]))),
    ]),
  };
}
