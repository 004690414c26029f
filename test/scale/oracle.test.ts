// The oracle at scale: its work is proportional to the work of an operation, not to the host.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckedMemory } from '../../harness/oracle/memory/checked-memory.js';
import { JournaledMemory } from '../../harness/oracle/memory/journaled-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { check } from '../../harness/oracle/oracle.js';
import { HOST_PRESETS } from '../../machine/host.js';
import strategy from '../../strategies/ir-data-pointer.js';
import { pinned } from '../../workloads/pinned.js';
import type { OperationStream } from '../../workloads/stream/stream.js';

const host = { ...HOST_PRESETS['v6.8'], iommus: 1 };

/** Loads and puts on a host of 100,000 entries, one for each vCPU. */
async function loadsAndPuts(operations: number): Promise<OperationStream> {
  const parameters = pinned.schema.parse({ vms: 1000, vcpusPerVm: 100, irqsPerVcpu: 1, operations });
  return (await pinned.generate(parameters, 1, host)).stream;
}

const few = await loadsAndPuts(1 << 10);
const many = await loadsAndPuts(1 << 19);

for (const mode of ['journaled', 'checked'] as const) {
  test(`a host of 100,000 entries is judged in ${mode} memory; the rate is printed`, () => {
    const judged = [few, many].map((stream) => {
      const memory = mode === 'checked' ? new CheckedMemory(new ObservedMemory()) : new JournaledMemory();
      let slices = 0;
      const result = check({ stream, strategy, host, memory, onProgress: () => slices++ });
      assert.deepEqual(result.findings, []);
      assert.ok(result.matchesOracle);
      assert.ok(slices > 0);
      return result;
    });
    // The difference leaves out the setup, which both have.
    const [operations = 0, seconds = 0] = (['operations', 'seconds'] as const).map(
      (key) => (judged[1]?.[key] ?? 0) - (judged[0]?.[key] ?? 0),
    );
    console.log(
      `${mode} memory: ${Math.round(operations / seconds / 1000)} thousand loads and puts a second`,
    );
  });
}
