import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type ScheduleVerification, schedulesText } from '../../cli/verify-report.js';
import { HISTORY_MEMORY_BYTES } from '../../harness/method.js';
import { CheckedMemory } from '../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { importStrategy } from '../../harness/process/child-main.js';
import type { ScheduleCheck } from '../../harness/verify/schedules/schedule-check.js';
import { judgeWithOnePreemption } from '../harness/verify/schedules/one-preemption.js';
import { gatagBench, ROOT } from '../project.js';

const mutant = (name: string): string => join(ROOT, 'dist', 'test', 'mutants', `${name}.js`);
const ALONE = ['verify', '--workload', 'none', '--histories', '0'];

describe('verify on schedules', () => {
  const RANDOM = 9;
  let status: number | null;
  let verified: { readonly expected: boolean; readonly schedules: ScheduleVerification };

  before(async () => {
    const words = ['--schedules', String(RANDOM), '--strategy', 'floor', '--json'];
    const run = await gatagBench([...ALONE, ...words]);
    ({ status } = run);
    verified = JSON.parse(run.stdout);
  });

  test('has its verdicts in JSON, and status 0 for failures within limits', () => {
    assert.deepEqual([status, verified.expected], [0, true]);
    const [floor] = verified.schedules.checks as [ScheduleCheck];
    assert.ok(floor.isExhaustive && floor.findings.length > 0);
    assert.equal(floor.schedules, floor.enumerated + RANDOM);
  });

  test('says in a text how many schedules differ, and tells what came of them turn by turn', async () => {
    const strategy = await importStrategy(mutant('both-lists-locked'));
    const memory = new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES));
    const { findings } = judgeWithOnePreemption(strategy, memory);
    const deadlocks = findings
      .filter(({ kind }) => kind === 'deadlock')
      .map((finding) => ({ finding, schedules: 1 }));
    const [floor] = verified.schedules.checks as [ScheduleCheck];
    const checks = [floor, { ...floor, strategy: strategy.id, findings: deadlocks }];
    const text = schedulesText({ ...verified.schedules, checks });
    assert.match(text, /^floor: [\d,]+ schedules of \d+ cases in \d+\.\d s,$/m);
    assert.match(text, /^ {2}all with few preemptions \([\d,]+\) and random ones$/m);
    assert.match(text, /not-serial in [\d,]+ \(expected: no-locks\), found by schedules/);
    assert.match(text, /deadlock in \d+ \(UNEXPECTED\), found by schedules/);
    assert.match(
      text,
      /CPU A runs "route irq 0 .*until before\s+its 3rd step, taking the lock in word \d+ of/,
    );
    assert.match(text, /-> each CPU that is not done waits for a lock that another holds/);
    for (const line of text.split('\n')) assert.ok(line.length <= 90, line);
  });

  test('prints that text, in which a loop is a failure, and --schedules 0 leaves it out', async () => {
    const loops = ['--strategy', mutant('list-cycle')];
    const { status: failed, stdout } = await gatagBench([...ALONE, '--schedules', '1', ...loops]);
    assert.equal(failed, 1);
    assert.match(stdout, /endless in \d+ \(UNEXPECTED\)/);
    const without = ['verify', '--workload', 'none', '--histories', '1', '--schedules', '0', '--json'];
    const { schedules } = JSON.parse((await gatagBench([...without, '--strategy', 'floor'])).stdout);
    assert.equal(schedules, null);
  });
});

test('told to end, verify ends with its processes', async () => {
  const words = [
    join(ROOT, 'dist/cli/cli.js'),
    ...ALONE,
    '--schedules',
    '10000000',
    '--strategy',
    'merged-4.9',
  ];
  const child = spawn(process.execPath, words, { stdio: 'pipe' });
  // The first line of progress; by then the strategy's process is being started.
  await once(child.stderr, 'data');
  setTimeout(() => child.kill('SIGINT'), 1500);
  // Its pipes close when no process holds them.
  const [code] = await once(child, 'close');
  assert.equal(code, 130);
});
