// A sound design of a user's own, whose irqs move between locks: nothing is found on it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importInstances } from '../../src/harness/child-main.js';
import { checkHistories } from '../../src/harness/history-check.js';
import { boundsOf, historiesWithin } from '../../src/harness/history-generator.js';
import { HISTORIES } from '../../src/harness/method.js';
import { checkSchedules } from '../../src/harness/schedules/schedule-check.js';
import { CheckedMemory } from '../../src/machine/checked-memory.js';
import { ObservedMemory } from '../../src/machine/observed-memory.js';

const memory = new CheckedMemory(new ObservedMemory(1 << 26));
const instances = await importInstances(new URL('./bucket-locks.js', import.meta.url).href);

test('a design with a lock in each bucket has no finding on histories', () => {
  const { limits } = instances.strategy;
  const within = historiesWithin(boundsOf(limits), { count: HISTORIES, seed: 1, fixed: {} });
  const { findings, histories } = checkHistories(instances, { within, beyond: [] }, memory, {
    judgeAgain: () => assert.fail('it does not end'),
  });
  assert.deepEqual(findings, []);
  assert.equal(histories, HISTORIES);
});

test('a design with a lock in each bucket has no finding on schedules', () => {
  const draw = { count: 2000, seed: 1 };
  const { findings, isExhaustive } = checkSchedules(instances.strategy, draw, memory, {
    judgeAgain: () => assert.fail('it does not end'),
  });
  assert.deepEqual(findings, []);
  assert.ok(isExhaustive);
});
