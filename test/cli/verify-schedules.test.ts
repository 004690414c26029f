import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type ScheduleVerification, schedulesText } from '../../cli/verify-report.js';
import type { ScheduleCheck } from '../../harness/verify/schedules/schedule-check.js';
import { gatagBench, ROOT } from '../project.js';

const mutant = (name: string): string => join(ROOT, 'dist', 'test', 'mutants', `${name}.js`);
const ALONE = ['verify', '--workload', 'none', '--histories', '0'];

describe('verify judges a lower bound without locks and mutants on schedules', () => {
  const RANDOM = 100;
  const IDS = [
    'both-lists-locked',
    'throws-on-unknown-tag',
    'list-cycle',
    'loops-without-memory',
    'double-free',
  ];
  let status: number | null;
  let verified: { readonly expected: boolean; readonly schedules: ScheduleVerification };

  before(async () => {
    const words = ['--schedules', String(RANDOM), '--json', '--strategy', 'floor', ...IDS.map(mutant)];
    const run = await gatagBench([...ALONE, ...words]);
    ({ status } = run);
    verified = JSON.parse(run.stdout);
  });

  test('with status 1, and the verdicts in JSON', () => {
    assert.equal(status, 1);
    assert.equal(verified.expected, false);
    const [floor] = verified.schedules.checks as [ScheduleCheck];
    assert.ok(floor.isExhaustive && floor.findings.length > 0);
    assert.ok(floor.findings.every(({ finding }) => finding.declaredBy === 'no-locks'));
    assert.equal(floor.schedules, floor.enumerated + RANDOM);
  });

  test('with a text that says how many schedules differ, and what came of them turn by turn', () => {
    const text = schedulesText(verified.schedules);
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

  test('where a strategy that throws or does not end is a finding too', () => {
    const kinds = verified.schedules.checks.map(({ findings }) =>
      findings.map(({ finding }) => finding.kind),
    );
    for (const [index, kind] of (['threw', 'endless', 'endless', 'bad-free'] as const).entries()) {
      assert.ok(kinds[2 + index]?.includes(kind), `${IDS[1 + index]}: ${kinds[2 + index]}`);
    }
  });
});

test('--schedules 0 leaves them out, and without --json they are text', async () => {
  const without = ['verify', '--workload', 'none', '--histories', '1', '--schedules', '0', '--json'];
  assert.equal(JSON.parse((await gatagBench([...without, '--strategy', 'floor'])).stdout).schedules, null);
  const words = [...ALONE, '--schedules', '1', '--strategy', mutant('throws-on-unknown-tag')];
  const { status, stdout } = await gatagBench(words);
  assert.equal(status, 1);
  assert.match(stdout, /threw in \d+ \(UNEXPECTED\)/);
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
