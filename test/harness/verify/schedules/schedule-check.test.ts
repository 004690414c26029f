// The built-in strategies on concurrent operations: the sound ones are right, and the others fail within declared
// limits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE, RANDOM_SCHEDULES_PER_CASE } from '../../../../harness/method.js';
import { CheckedMemory } from '../../../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../../../harness/oracle/memory/observed-memory.js';
import { importStrategy } from '../../../../harness/process/child-main.js';
import { ENUMERATED_CASES } from '../../../../harness/verify/schedules/enumerated-cases.js';
import { randomCase } from '../../../../harness/verify/schedules/random-cases.js';
import { caseStream } from '../../../../harness/verify/schedules/schedule-case.js';
import { judgeCase } from '../../../../harness/verify/schedules/schedule-check.js';
import { randomFrom } from '../../../../machine/random.js';
import floor from '../../../../strategies/floor.js';
import { BUILT_IN, builtInUrl } from '../../../../strategies/index.js';
import { DECLARED, judgeWithOnePreemption } from './one-preemption.js';

const memory = new CheckedMemory(new ObservedMemory(1 << 26));

for (const id of BUILT_IN) {
  const expected = DECLARED[id] ?? [];
  test(`${id} on concurrent operations: ${expected.join() || 'no failure'}`, async () => {
    const strategy = await importStrategy(builtInUrl(id));
    const { schedules, isExhaustive, findings } = judgeWithOnePreemption(strategy, memory);
    const declared = new Set(findings.map(({ declaredBy }) => declaredBy));
    assert.deepEqual([...declared].sort(), expected, JSON.stringify(findings[0], null, 1));
    assert.ok(isExhaustive);
    assert.ok(schedules >= 5000, String(schedules));
  });
}

test('a failure is reported with its setup, the turns of the CPUs, and the outcome', () => {
  const { findings } = judgeWithOnePreemption(floor, memory);
  const what = '"load vm 1 vcpu 0 on CPU 2" at once with "route irq 3 to vm 1 vcpu 0';
  const { counterexample } = findings.find(({ first }) => first.what.startsWith(what)) ?? {};
  const turns = counterexample?.steps.filter((step) => step.startsWith('CPU '));
  // The load notes where the vCPU runs in 9 steps, and reads the count and the array's address, so it knows the array's end. The
  // route then moves the two entries to a larger array, whose start the load reads next. It lies behind that end.
  assert.deepEqual(turns, [
    'CPU A runs "load vm 1 vcpu 0 on CPU 2" until before its 12th step, ' +
      'a load of word 12 of the vcpu_svm of vm 1 vcpu 0',
    'CPU B runs "route irq 3 to vm 1 vcpu 0, vector 0x33" to its end',
    'CPU A goes on to its end',
  ]);
  assert.match(
    counterexample?.outcome ?? '',
    /the IRTE of irq 0: is_run 0 should be 1, destination 0 should be 2$/,
  );
});

test('the same seed gives the same random cases and schedules', () => {
  const cases = (seed: number) => {
    const random = randomFrom(seed);
    return Array.from({ length: 20 }, () => randomCase(random));
  };
  assert.deepEqual(cases(3), cases(3));
  assert.notDeepEqual(cases(3), cases(4));
  const judged = () =>
    judgeCase(
      { seed: 7, tries: RANDOM_SCHEDULES_PER_CASE },
      { strategy: floor, memory, patience: PATIENCE.second },
    );
  assert.deepEqual(judged(), judged());
});

test('no case has operations that a kernel never runs concurrently', () => {
  const random = randomFrom(5);
  const all = [...ENUMERATED_CASES, ...Array.from({ length: 500 }, () => randomCase(random))];
  for (const each of all) {
    // Throws if no host can run the case.
    const { concurrent } = caseStream(each);
    const irqs = concurrent.filter(({ name }) => ['route', 'unroute', 'allocIrq', 'freeIrq'].includes(name));
    assert.equal(new Set(irqs.map(({ operand }) => operand)).size, irqs.length);
    const moved = concurrent.filter(({ name }) => name === 'load' || name === 'put');
    assert.equal(new Set(moved.map(({ operand }) => operand)).size, moved.length);
    const logs = concurrent.filter(({ name }) => name === 'drainGaLog');
    assert.equal(new Set(logs.map(({ operand }) => operand)).size, logs.length);
    const allocated = concurrent.filter(({ name }) => name === 'allocIrq').map(({ argument }) => argument);
    assert.equal(new Set(allocated).size, allocated.length);
    const freed = concurrent.filter(({ name }) => name === 'freeIrq').map(({ operand }) => operand);
    assert.ok(!concurrent.some(({ name, operand }) => name === 'interrupt' && freed.includes(operand)));
    assert.ok(concurrent.length >= 2 && concurrent.length <= 3);
  }
});
