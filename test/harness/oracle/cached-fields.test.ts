// What a strategy must flush depends on the fields that the IOMMU caches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournaledMemory } from '../../../harness/oracle/memory/journaled-memory.js';
import { check } from '../../../harness/oracle/oracle.js';
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import sound from '../../../strategies/ir-data-pointer.js';
import merged from '../../../strategies/merged-6.17.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { StreamBuilder } from '../../../workloads/stream/stream-builder.js';

/** An irq of a vCPU that is interrupted in every state: new, running, moved, preempted, blocked. */
function judged(strategy: Strategy, parameters: Partial<HostParameters>): string[] {
  const host = { ...HOST_PRESETS['v6.8'], iommus: 1, heap: 'packed' as const, ...parameters };
  const builder = new StreamBuilder(host);
  const { firstVcpu } = builder.createVm(1);
  const irq = builder.allocIrq(builder.addDevice());
  builder.route(irq, firstVcpu, 0x30);
  builder.interrupt(irq);
  for (const blocking of [false, true]) {
    builder.load(firstVcpu, 3);
    builder.interrupt(irq);
    builder.put(firstVcpu, blocking);
    builder.interrupt(irq);
  }
  builder.drainGaLog(0);
  const stream = builder.finishHistory();
  const { findings } = check({ stream, strategy, host, memory: new JournaledMemory(1 << 24) });
  return findings.map(({ kind, first }) => `${kind}: ${first.what}: ${first.outcome}`);
}

for (const strategy of [sound, merged]) {
  test(`${strategy.id} needs no flush on load and put where the manual is right`, () => {
    assert.deepEqual(judged(strategy, {}), []);
  });

  test(`${strategy.id} without a flush on load and put is wrong where is_run is cached, and right with one`, () => {
    const [first = ''] = judged(strategy, { cachedFields: 'run-state' });
    assert.match(
      first,
      /^misdelivered: interrupt irq 0: .* by its old copy: is_run 0 should be 1, destination 0 should be 3$/,
    );
    for (const flush of ['per-entry', 'per-device'] as const) {
      assert.deepEqual(judged(strategy, { cachedFields: 'run-state', flush }), []);
    }
  });
}

test('merged-6.17 loses a wakeup where ga_log_intr is cached, and a design that always logs does not', () => {
  assert.deepEqual(judged(sound, { cachedFields: 'ga-log-intr' }), []);
  const [first = ''] = judged(merged, { cachedFields: 'ga-log-intr' });
  assert.match(first, /^lost-wakeup: interrupt irq 0: .* must be logged, and it came to: pending$/);
});
