// A sound design whose irqs move between locks has no failure.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HISTORIES } from '../../harness/method.js';
import { CheckedMemory } from '../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { importInstances } from '../../harness/process/child-main.js';
import { checkHistories } from '../../harness/verify/histories/history-check.js';
import { boundsOf, historiesWithin } from '../../harness/verify/histories/history-generator.js';
import { judgeWithOnePreemption } from '../harness/verify/schedules/one-preemption.js';

const memory = new CheckedMemory(new ObservedMemory(1 << 26));
const instances = await importInstances(new URL('./bucket-locks.js', import.meta.url).href);

test('a design with a lock in each bucket has no failure on histories', () => {
  const { limits } = instances.strategy;
  const within = historiesWithin(boundsOf(limits), { count: HISTORIES, seed: 1, fixed: {} });
  const { findings, histories } = checkHistories(
    { within, beyond: [] },
    { ...instances, memory, judgeAgain: () => assert.fail('it does not end') },
  );
  assert.deepEqual(findings, []);
  assert.equal(histories, HISTORIES);
});

test('a design with a lock in each bucket has no failure on schedules', () => {
  const { findings, isExhaustive } = judgeWithOnePreemption(instances.strategy, memory);
  assert.deepEqual(findings, []);
  assert.ok(isExhaustive);
});
