import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanWork, recordHost } from '../../../harness/contention/recorded-host.js';
import { RecordingMemory } from '../../../harness/contention/recording-memory.js';
import { countWork } from '../../../harness/counting/counted-work.js';
import { CountingMemory } from '../../../harness/counting/counting-memory.js';
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { contention } from '../../../workloads/contention.js';

const HOST = HOST_PRESETS['v6.8'];
const SPACE = 1 << 27;
const recording = new RecordingMemory(SPACE);
const counting = new CountingMemory(SPACE);
const parameters = contention.schema.parse({ threads: 2, rounds: 2 });

async function strategyOf(id: string): Promise<Strategy> {
  return (await import(builtInUrl(id))).default;
}

async function record(id: string, host: HostParameters = HOST) {
  const { stream } = await contention.generate(parameters, 1, host);
  return { stream, recorded: recordHost(stream, await strategyOf(id), host, recording) };
}

for (const id of BUILT_IN) {
  test(`what is recorded of ${id} is what is counted of it: accesses, locks and live entries`, async () => {
    const { stream, recorded } = await record(id);
    const { accesses, locks, entries } = meanWork(recorded);
    const counts = countWork({ stream, strategy: await strategyOf(id), host: HOST, memory: counting });
    const sumOf = (metric: 'loads' | 'stores' | 'locks' | 'entries'): number =>
      counts
        .filter(({ verb }) => verb === 'load' || verb === 'put')
        .reduce((sum, { work }) => sum + work[metric].mean / 2, 0);
    assert.equal(locks, sumOf('locks'));
    assert.equal(entries, sumOf('entries'));
    // A lock is counted as a word read and written when it is taken, and written when it is released.
    assert.equal(accesses + 3 * locks, sumOf('loads') + sumOf('stores'));
  });
}

test('locks have the names of what they are in', async () => {
  const namesOf = async (id: string, host?: HostParameters) => [
    ...new Set((await record(id, host)).recorded.lockNames),
  ];
  assert.deepEqual(await namesOf('opaque-tag-hash'), ['gatag_hash', 'irq_remap_table']);
  assert.deepEqual(await namesOf('ir-data-pointer'), ['vcpu_svm', 'irq_remap_table']);
  assert.deepEqual(await namesOf('floor'), ['irq_remap_table']);
  assert.deepEqual(await namesOf('ir-data-pointer', HOST_PRESETS['2016']), [
    'vcpu_svm',
    'iommu_table_lock',
    'irq_remap_table',
    'amd_iommu',
  ]);
  // floor keeps each entry's table, so its updates do not look it up.
  assert.deepEqual(await namesOf('floor', HOST_PRESETS['2016']), ['irq_remap_table', 'amd_iommu']);
});

test('there is a lock for each IOMMU, for each vCPU, and for each device', async () => {
  const { stream, recorded } = await record('opaque-tag-hash');
  const countOf = (names: readonly string[], name: string) => names.filter((one) => one === name).length;
  assert.equal(countOf(recorded.lockNames, 'gatag_hash'), HOST.iommus);
  assert.equal(countOf(recorded.lockNames, 'irq_remap_table'), stream.devices);
  const list = await record('ir-data-pointer');
  assert.equal(countOf(list.recorded.lockNames, 'vcpu_svm'), stream.vcpus);
});
