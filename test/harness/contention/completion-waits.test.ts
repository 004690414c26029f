// Simulated hosts whose updates wait for their invalidation commands. Where nothing but the wait takes time, the ceiling
// is known by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RecordedHost, recordHost } from '../../../harness/contention/recorded-host.js';
import { RecordingMemory, STEP } from '../../../harness/contention/recording-memory.js';
import { type Prices, simulate } from '../../../harness/contention/simulation.js';
import { COMPLETION_WAITS_NS, WAITING_CPUS } from '../../../harness/method.js';
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import { contention } from '../../../workloads/contention.js';

const FREE: Prices = {
  accessNs: 0,
  lockNs: 0,
  entryNs: 0,
  lockTransferNs: 0,
  lineTransferNs: 0,
  waitNs: 0,
};
/** As fitted on a virtual machine with two CPUs. */
const FITTED: Prices = {
  accessNs: 0.4,
  lockNs: 10,
  entryNs: 10,
  lockTransferNs: 58,
  lineTransferNs: 20,
  waitNs: 0,
};
const memory = new RecordingMemory(1 << 27);

async function record(id: string, threads: number, changes: Partial<HostParameters> = {}) {
  const host = { ...HOST_PRESETS['2016'], ...changes };
  const { stream } = await contention.generate(contention.schema.parse({ threads, rounds: 1 }), 1, host);
  return recordHost(stream, (await import(builtInUrl(id))).default, host, memory);
}

/** Entries per second and IOMMU, and the busiest lock, where a wait takes so long. */
async function ceilingOf(id: string, iommus: number, waitNs: number, prices: Prices) {
  const host = await record(id, WAITING_CPUS, { iommus });
  const setting = { threads: WAITING_CPUS, cpus: WAITING_CPUS, prices: { ...prices, waitNs } };
  const { entriesPerSecond, busiest } = simulate(host, setting, 1);
  return { entriesPerSecond: entriesPerSecond / iommus, lock: busiest?.name };
}

function isNear(found: number, expected: number, part: number): void {
  assert.ok(Math.abs(found / expected - 1) < part, `${found} is not within ${part} of ${expected}`);
}

test('each entry has one wait on the host of 2016, and none since v6.8', async () => {
  const countOf = ({ loads, puts }: RecordedHost, step: number) =>
    [...loads, ...puts].flat().filter(({ kind }) => kind === step).length;
  const waiting = await record('ir-data-pointer', 2);
  assert.equal(countOf(waiting, STEP.wait), countOf(waiting, STEP.entry));
  const current = await record('ir-data-pointer', 2, { flush: 'none' });
  assert.equal(countOf(current, STEP.wait), 0);
});

for (const id of BUILT_IN) {
  test(`with one IOMMU ${id} writes one entry for each wait, however many CPUs there are`, async () => {
    for (const waitNs of COMPLETION_WAITS_NS) {
      const { entriesPerSecond } = await ceilingOf(id, 1, waitNs, FREE);
      isNear(entriesPerSecond, 1e9 / waitNs, 0.01);
    }
  });
}

test('a host-wide lock that is held through the waits lets one IOMMU work at a time', async () => {
  const { entriesPerSecond, lock } = await ceilingOf('shared-hash', 8, 1000, FREE);
  isNear(entriesPerSecond, 1e6 / 8, 0.01);
  assert.equal(lock, 'gatag_hash');
});

test('a hash with a lock in each bucket has the ceiling of a list, that of the command lock', async () => {
  for (const waitNs of COMPLETION_WAITS_NS.slice(1)) {
    const hash = await ceilingOf('bucket-lock-hash', 8, waitNs, FITTED);
    const list = await ceilingOf('ir-data-pointer', 8, waitNs, FITTED);
    assert.deepEqual([hash.lock, list.lock], ['amd_iommu', 'amd_iommu']);
    isNear(hash.entriesPerSecond, list.entriesPerSecond, 0.01);
    // The lock is taken twice for each entry, and each time it comes from another CPU.
    const held = waitNs + 2 * (FITTED.lockNs + FITTED.lockTransferNs);
    isNear(list.entriesPerSecond, 1e9 / held, 0.02);
  }
});

test('a hash with a lock in each IOMMU holds it through the wait, and all CPUs want it', async () => {
  const hash = await ceilingOf('opaque-tag-hash', 8, 1000, FITTED);
  const list = await ceilingOf('ir-data-pointer', 8, 1000, FITTED);
  assert.equal(hash.lock, 'gatag_hash');
  assert.ok(hash.entriesPerSecond < 0.9 * list.entriesPerSecond);
  assert.ok(list.entriesPerSecond < 1e6);
});
