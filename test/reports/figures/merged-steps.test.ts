import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedStepsTable } from '../../../reports/figures/merged-steps.js';
import { syntheticResults } from '../synthetic-results.js';

test('each change of v6.17 has numbers of its own', () => {
  const results = syntheticResults();
  const old = results.strategies.find(({ id }) => id === 'merged-4.9');
  old?.limits.push({ kind: 'max-vcpu-id', value: 255 }, { kind: 'max-vms', value: 16_777_215 });
  for (const { counted, checks } of results.cells) {
    for (const { strategy, verbs } of counted)
      for (const each of verbs) {
        each.verb = 'unroute';
        each.work.lines.worst = strategy === 'merged-4.9' ? 71 : 12;
      }
    for (const { strategy, wakeupsPerWindow } of checks)
      Object.assign(
        wakeupsPerWindow,
        strategy === 'merged-4.9'
          ? { interrupts: 6, gaLogEntries: 4, spurious: 3 }
          : { interrupts: 6, gaLogEntries: 3, spurious: 2 },
      );
  }
  assert.deepEqual(
    mergedStepsTable(results)?.rows.map(({ name, cells }) => [name, ...cells]),
    [
      ['tag: vCPUs of a VM', '256', '512'],
      ['tag: VMs', '16,777,215', '8,388,607'],
      ['list node: cache lines of the worst unroute', '71', '12'],
      ['policy: GA log entries per 1,000 interrupts', '667', '500'],
      ['policy: spurious wakeups per 1,000 interrupts', '500', '333'],
    ],
  );
  assert.equal(mergedStepsTable({ ...results, cells: [] }), null);
});
