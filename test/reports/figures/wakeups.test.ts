import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseCells } from '../../../reports/figures/analysis.js';
import { wakeupSentence, wakeupTable } from '../../../reports/figures/wakeups.js';
import { syntheticResults } from '../synthetic-results.js';

test('the wakeups of the policies are per 1,000 interrupts, and a strategy that differs has its own row', () => {
  const results = syntheticResults();
  const [cell] = results.cells;
  const check = (id: string) => cell?.checks.find(({ strategy }) => strategy === id) ?? assert.fail(id);
  for (const { strategy, wakeupsPerWindow } of cell?.checks ?? [])
    Object.assign(
      wakeupsPerWindow,
      strategy === 'merged-6.17'
        ? { interrupts: 6, gaLogEntries: 3, wakes: 3, spurious: 2 }
        : { interrupts: 6, gaLogEntries: 4, wakes: 4, spurious: 3 },
    );
  check('posted-v4').wakeupsPerWindow.wakes = 1;
  const only = analyseCells({ ...results, cells: results.cells.slice(0, 1) });
  assert.deepEqual(
    wakeupTable(results, only).rows.map(({ name, cells }) => [name, ...cells]),
    [
      ['pinned', 'always', '667', '667', '500'],
      ['pinned', 'posted-v4', '667', '167', '500'],
      ['pinned', 'blocking', '500', '500', '333'],
    ],
  );
  assert.equal(
    wakeupSentence(results, only),
    'Per 1,000 interrupts of pinned, up to v6.16: 667 GA log entries, 667 wakes, 500 spurious. ' +
      'Since v6.17, which logs only for a blocked vCPU: 500, 500 and 333.',
  );
});
