import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ScheduleCheck } from '../../harness/verify/schedules/schedule-check.js';
import { gatagBench, ROOT } from '../project.js';

const mutant = (name: string): string => join(ROOT, 'dist', 'test', 'mutants', `${name}.js`);
const ALONE = ['verify', '--workload', 'none', '--histories', '0'];

test('verify says how many schedules differ, and tells what came of them turn by turn', async () => {
  const strategies = ['--strategy', 'floor', mutant('both-lists-locked')];
  const { status, stdout } = await gatagBench([...ALONE, '--schedules', '500', ...strategies]);
  assert.equal(status, 1, stdout);
  assert.match(stdout, /^floor: [\d,]+ schedules of \d+ cases in \d+\.\d s,$/m);
  assert.match(stdout, /^ {2}all with few preemptions \([\d,]+\) and random ones$/m);
  assert.match(stdout, /not-serial in [\d,]+ \(expected: no-locks\), found by schedules/);
  assert.match(stdout, /deadlock in \d+ \(UNEXPECTED\), found by schedules/);
  assert.match(
    stdout,
    /CPU A runs "route irq 0 .*until before\s+its 3rd step, taking the lock in word \d+ of/,
  );
  assert.match(stdout, /-> each CPU that is not done waits for a lock that another holds/);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 90, line);
});

test('--schedules 0 leaves them out, and JSON has them', async () => {
  const words = ['--strategy', 'floor', '--json'];
  const without = ['verify', '--workload', 'none', '--histories', '1', '--schedules', '0', ...words];
  assert.equal(JSON.parse((await gatagBench(without)).stdout).schedules, null);
  const { schedules, expected } = JSON.parse(
    (await gatagBench([...ALONE, '--schedules', '9', ...words])).stdout,
  );
  const [check] = schedules.checks as [ScheduleCheck];
  assert.equal(expected, true);
  assert.equal(check.schedules, check.enumerated + 9);
});

test('a strategy that throws or does not end is a finding there too', async () => {
  const bad = ['throws-on-unknown-tag', 'list-cycle', 'loops-without-memory', 'double-free'];
  const words = [...ALONE, '--schedules', '100', '--json', '--strategy', ...bad.map(mutant)];
  const { status, stdout, stderr } = await gatagBench(words);
  assert.equal(status, 1, stderr);
  const checks: ScheduleCheck[] = JSON.parse(stdout).schedules.checks;
  const kinds = checks.map(({ findings }) => findings.map(({ finding }) => finding.kind));
  assert.ok(kinds[0]?.includes('threw'), String(kinds[0]));
  assert.ok(kinds[1]?.includes('endless'), String(kinds[1]));
  assert.ok(kinds[2]?.includes('endless'), String(kinds[2]));
  assert.ok(kinds[3]?.includes('bad-free'), String(kinds[3]));
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
