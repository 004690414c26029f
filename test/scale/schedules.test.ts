// All built-in strategies on as many schedules as `verify` judges by default.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { SCHEDULES } from '../../harness/method.js';
import type { ScheduleCheck } from '../../harness/verify/schedules/schedule-check.js';
import { BUILT_IN } from '../../strategies/index.js';
import { DECLARED } from '../harness/verify/schedules/one-preemption.js';
import { gatagBench } from '../project.js';

let checks: readonly ScheduleCheck[];

before(async () => {
  const words = ['verify', '--workload', 'none', '--histories', '0', '--json', '--strategy', 'built-in'];
  const { stdout } = await gatagBench(words);
  ({ checks } = JSON.parse(stdout).schedules);
});

for (const [index, id] of BUILT_IN.entries()) {
  const expected = DECLARED[id] ?? [];
  test(`${id} on concurrent operations: ${expected.join() || 'no failure'}`, () => {
    const { strategy, schedules, enumerated, isExhaustive, findings } = checks[index] as ScheduleCheck;
    assert.equal(strategy, id);
    const declared = new Set(findings.map(({ finding }) => finding.declaredBy));
    assert.deepEqual([...declared].sort(), expected, JSON.stringify(findings[0]?.finding, null, 1));
    assert.ok(isExhaustive);
    assert.ok(enumerated >= 100_000, String(enumerated));
    assert.ok(schedules >= enumerated + SCHEDULES);
  });
}
