// GA log entries and wakeups against a count by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournaledMemory } from '../../../harness/oracle/memory/journaled-memory.js';
import { check } from '../../../harness/oracle/oracle.js';
import { HOST_PRESETS } from '../../../machine/host.js';
import always from '../../../strategies/ir-data-pointer.js';
import blocking from '../../../strategies/merged-7.3.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { haltWake } from '../../../workloads/halt-wake.js';
import { operationsOf } from '../../../workloads/stream/history.js';
import { StreamBuilder } from '../../../workloads/stream/stream-builder.js';

const host = { ...HOST_PRESETS['v6.8'], iommus: 1 };

/** Two vCPUs with an irq each, and twenty operations; in brackets what the policies `always` and `blocking` cost. */
function stream() {
  const builder = new StreamBuilder(host);
  const device = builder.addDevice();
  const { firstVcpu: one } = builder.createVm(2);
  const other = one + 1;
  const [irq, otherIrq] = [builder.allocIrq(device), builder.allocIrq(device)];
  builder.route(irq, one, 0x30);
  builder.route(otherIrq, other, 0x31);
  builder.load(one, 1);
  builder.put(one, false);
  builder.load(other, 3);
  builder.put(other, false);
  builder.beginWindow();
  builder.load(one, 1);
  builder.interrupt(irq); // the doorbell
  builder.put(one, false);
  builder.interrupt(irq); // preempted: an entry, or none
  builder.drainGaLog(0); // a spurious wakeup, as the vCPU does not block; or none
  builder.load(one, 1);
  builder.put(one, true);
  builder.interrupt(irq); // an entry
  builder.interrupt(irq); // an entry
  builder.drainGaLog(0); // a wakeup, and a spurious one of the vCPU that is awake
  builder.load(one, 2);
  builder.put(one, true);
  builder.interrupt(irq); // an entry
  builder.load(one, 1);
  builder.drainGaLog(0); // a spurious wakeup, as the vCPU runs
  builder.put(one, false);
  builder.load(other, 3);
  builder.interrupt(otherIrq); // the doorbell
  builder.put(other, false);
  builder.drainGaLog(0); // nothing
  return builder.finish();
}

function wakeupsOf(strategy: Strategy, judged = stream()) {
  const { findings, wakeupsPerWindow } = check({
    stream: judged,
    strategy,
    host,
    memory: new JournaledMemory(),
  });
  assert.deepEqual(findings, []);
  return wakeupsPerWindow;
}

test('GA log entries, wakeups and spurious wakeups equal a count by hand, for both policies', () => {
  const all = stream();
  assert.equal(operationsOf(all, all.windowStart, all.windowEnd).length, 20);
  assert.deepEqual(wakeupsOf(always), { interrupts: 6, gaLogEntries: 4, wakes: 4, spurious: 3 });
  assert.deepEqual(wakeupsOf(blocking), { interrupts: 6, gaLogEntries: 3, wakes: 3, spurious: 2 });
});

test('on halt-wake a policy that always logs wakes preempted vCPUs for nothing, and one that logs for blocked ones does not', async () => {
  const parameters = haltWake.schema.parse({ vms: 4, operations: 800 });
  const { stream: halting } = await haltWake.generate(parameters, 1, host);
  const [wasteful, frugal] = [wakeupsOf(always, halting), wakeupsOf(blocking, halting)];
  assert.equal(wasteful.interrupts, frugal.interrupts);
  assert.ok(wasteful.spurious > 0);
  assert.equal(frugal.spurious, 0);
  // Each vCPU that blocks is woken under either.
  assert.equal(wasteful.wakes - wasteful.spurious, frugal.wakes);
});
