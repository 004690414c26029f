// The two ways in which merged kernels wake a freed vCPU, told apart: the VM leaves the GA log table last (N1), and the table's lock
// is dropped before the wakeup (N22). Only concurrent operations show them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HISTORIES, PATIENCE } from '../../harness/method.js';
import { CheckedMemory } from '../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { checkHistories } from '../../harness/verify/histories/history-check.js';
import { boundsOf, historiesWithin } from '../../harness/verify/histories/history-generator.js';
import { ENUMERATED_CASES } from '../../harness/verify/schedules/enumerated-cases.js';
import { judgeCase } from '../../harness/verify/schedules/schedule-check.js';
import { type Address, NULL } from '../../machine/memory.js';
import merged617 from '../../strategies/merged-6.17.js';
import merged73 from '../../strategies/merged-7.3.js';
import type { Strategy } from '../../strategies/strategy.js';
import { relockable } from '../mutants/parts/relocked.js';

const memory = new CheckedMemory(new ObservedMemory(1 << 26));

/** The strategy with the wakeup under the lock of the VM table. */
const underLock = (strategy: Strategy): Strategy => ({
  ...strategy,
  create(machine) {
    const { sound, relocked } = relockable(strategy, machine);
    let held: Address = NULL;
    const { wake } = relocked({
      lock(lock) {
        held = lock;
        machine.memory.lock(lock);
      },
      unlock() {},
    });
    return {
      ...sound,
      wake(tag, iommu) {
        wake(tag, iommu);
        machine.memory.unlock(held);
      },
    };
  },
});

/** The failures of all schedules in which a drain meets the end of a VM, with the limits that declare them. */
function failuresOf(strategy: Strategy): string[] {
  const failures = ENUMERATED_CASES.flatMap(({ concurrent }, enumerated) => {
    const names = concurrent.map(({ name }) => name);
    if (!names.includes('drainGaLog') || !names.includes('destroyVm')) return [];
    const { isComplete, findings } = judgeCase(
      { enumerated },
      { strategy, memory, patience: PATIENCE.first },
    );
    assert.ok(isComplete);
    return findings.map(({ finding: { kind, declaredBy } }) => `${kind}/${declaredBy}`);
  });
  return [...new Set(failures)].sort();
}

const N1 = 'found-freed/leaves-table-last';
const N22 = 'freed-before-wakeup/wakes-unlocked';

test('schedules show both in merged-6.17, and only the dropped lock in merged-7.3', () => {
  assert.deepEqual(failuresOf(merged617), [N1, N22].sort());
  assert.deepEqual(failuresOf(merged73), [N22]);
});

test('with the wakeup under the lock merged-6.17 still finds freed vCPUs, and merged-7.3 has no failure', () => {
  assert.deepEqual(failuresOf(underLock(merged617)), [N1]);
  assert.deepEqual(failuresOf(underLock(merged73)), []);
});

for (const strategy of [merged617, merged73]) {
  test(`no sequential history shows either in ${strategy.id}`, () => {
    const draw = { count: HISTORIES, seed: 22, fixed: {} };
    const { findings, histories } = checkHistories(
      { within: historiesWithin(boundsOf(strategy.limits), draw), beyond: [] },
      { strategy, second: strategy, memory, judgeAgain: () => assert.fail('it does not end') },
    );
    assert.deepEqual(findings, []);
    assert.equal(histories, HISTORIES);
  });
}
