// Workloads of two million operations.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_PRESETS } from '../../machine/host.js';
import { WORKLOADS } from '../../workloads/index.js';
import { sweep } from '../../workloads/sweep.js';
import type { Workload } from '../../workloads/workload.js';

const RATED: readonly Workload[] = [
  ...WORKLOADS.filter(({ id }) => id !== 'recorded'),
  sweep as unknown as Workload,
];

for (const { id, schema, generate } of RATED) {
  test(`${id} generates its operations; the rate is printed`, async () => {
    const many = id === 'sweep' ? { vms: 4096, vcpusPerVm: 8, rounds: 32 } : { operations: 1 << 21 };
    const start = performance.now();
    const { stream } = await generate(schema.parse(many), 1, HOST_PRESETS['v6.8']);
    const seconds = (performance.now() - start) / 1000;
    assert.ok(stream.windowOperations >= 1 << 21);
    console.log(`${id}: ${(stream.windowOperations / seconds / 1e6).toFixed(1)} million operations a second`);
  });
}
