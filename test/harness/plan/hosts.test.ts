import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plansByHost } from '../../../harness/plan/hosts.js';
import type { RunPlan } from '../../../harness/plan/run-plan.js';
import { loadStrategies } from '../../../harness/plan/strategy-module.js';
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';

const NAMES = ['opaque-tag-hash', 'pointer-as-tag', 'ir-data-pointer'];

async function hostsOf(host: HostParameters, names: readonly string[] = NAMES) {
  const strategies = await loadStrategies(names);
  const plan: RunPlan = { strategies, workloads: [], host, seed: 1, memory: 'checked' };
  return plansByHost(plan).map((own) => ({
    pointerBytes: own.host.pointerBytes,
    ids: own.strategies.map(({ strategy }) => strategy.id),
  }));
}

test('a strategy that needs 4-byte pointers runs on a host of its own, with all else as in the run', async () => {
  const host = HOST_PRESETS['v6.8'];
  assert.equal(host.pointerBytes, 8);
  assert.deepEqual(await hostsOf(host), [
    { pointerBytes: 8, ids: ['opaque-tag-hash', 'ir-data-pointer'] },
    { pointerBytes: 4, ids: ['pointer-as-tag'] },
  ]);
});

test('where the run has such pointers, all strategies run together', async () => {
  assert.deepEqual(await hostsOf({ ...HOST_PRESETS['v6.8'], pointerBytes: 4 }), [
    { pointerBytes: 4, ids: NAMES },
  ]);
});

test("the run's own host comes first, also without a strategy", async () => {
  assert.deepEqual(await hostsOf(HOST_PRESETS['v6.8'], ['pointer-as-tag']), [
    { pointerBytes: 8, ids: [] },
    { pointerBytes: 4, ids: ['pointer-as-tag'] },
  ]);
});
