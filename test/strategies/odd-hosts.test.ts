// All strategies on workloads with parameters that no default has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckedMemory } from '../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { check } from '../../harness/oracle/oracle.js';
import { importInstances } from '../../harness/process/child-main.js';
import { HOST_PRESET_NAMES, HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import { BUILT_IN, builtInUrl } from '../../strategies/index.js';
import { WORKLOADS } from '../../workloads/index.js';
import { SMALL } from '../harness/native/cases.js';

const all = await Promise.all(BUILT_IN.map((id) => importInstances(builtInUrl(id))));
const memory = new CheckedMemory(new ObservedMemory(1 << 28));

/** Judges every strategy on a workload, and asserts that its limits cover each failure. */
async function assertExpected(
  id: string,
  parameters: Readonly<Record<string, number>>,
  host: HostParameters,
): Promise<void> {
  const workload = WORKLOADS.find((candidate) => candidate.id === id);
  assert.ok(workload);
  const own = { ...host, ...workload.host };
  const { stream } = await workload.generate(workload.schema.parse(parameters), 1, own);
  for (const instances of all) {
    const judged = check({
      stream,
      ...instances,
      host: { ...own, ...instances.strategy.needs },
      memory,
    });
    const unexpected = judged.findings.filter(({ declaredBy }) => declaredBy === null);
    assert.deepEqual(unexpected, [], `${instances.strategy.id} on ${id}`);
    memory.clear();
  }
}

for (const preset of HOST_PRESET_NAMES) {
  test(`an irq that posts to nobody and a vCPU without irqs are no special case on ${preset}`, async () => {
    for (const id of ['pinned', 'rebalance', 'halt-wake']) {
      await assertExpected(id, { irqsPerVcpu: 0, operations: 200 }, HOST_PRESETS[preset]);
    }
  });
}

for (const { id } of WORKLOADS) {
  test(`on a 32-bit hypervisor with any other host parameter the sound designs stay sound on ${id}`, async () => {
    const host: HostParameters = {
      ...HOST_PRESETS['2016'],
      pointerBytes: 4,
      heap: 'packed',
      flush: 'per-device',
      hashBits: 4,
      iommus: 3,
    };
    await assertExpected(id, SMALL[id] ?? {}, host);
  });
}
