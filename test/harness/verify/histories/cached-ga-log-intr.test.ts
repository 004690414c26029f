import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SILENT } from '../../../../harness/plan/run-plan.js';
import { loadStrategies } from '../../../../harness/plan/strategy-module.js';
import { judgeWithGaLogIntrCached } from '../../../../harness/verify/histories/cached-ga-log-intr.js';

async function judged(cachedHistories: number) {
  const strategies = await loadStrategies(['ir-data-pointer', 'merged-6.17', 'merged-7.3']);
  return judgeWithGaLogIntrCached({ strategies, seed: 1, cachedHistories }, SILENT);
}

test('a cached ga_log_intr loses wakeups of the strategies that set it on blocking, and nothing else fails', async () => {
  const { cachedGaLogIntr, undone } = await judged(100);
  assert.deepEqual(undone, []);
  assert.deepEqual(
    cachedGaLogIntr.map(({ strategy, histories, failures }) => ({
      strategy,
      histories,
      kinds: failures.map(({ finding }) => finding.kind),
    })),
    ['merged-6.17', 'merged-7.3'].map((strategy) => ({ strategy, histories: 100, kinds: ['lost-wakeup'] })),
  );
  for (const { failures } of cachedGaLogIntr) {
    const { counterexample } = failures[0]?.finding ?? {};
    assert.equal(counterexample?.host, 'iommus=1 cachedFields=ga-log-intr');
    assert.deepEqual(counterexample?.steps.slice(-3), [
      'interrupt irq 0',
      'put vm 1 vcpu 0, blocking',
      'interrupt irq 0',
    ]);
  }
});

test('without histories nothing is judged', async () => {
  assert.deepEqual(await judged(0), { cachedGaLogIntr: [], undone: [] });
});
