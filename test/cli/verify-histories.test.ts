import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Check } from '../../harness/results/results.js';
import type { HistoryCheck } from '../../harness/verify/histories/history-check.js';
import { BUILT_IN } from '../../strategies/index.js';
import { gatagBench, ROOT, temporaryFolder } from '../project.js';

const mutant = (name: string): string => join(ROOT, 'dist', 'test', 'mutants', `${name}.js`);

const STORY = `host iommus=1
  1 create VMs 1-3 with vCPU 0 each
  2 create VM 4 with vCPUs 0-15
  3 create VMs 5-116 with vCPU 0 each
  4 allocate irqs 0-1 of device 0
  5 route irq 0 to vm 4 vcpu 15, vector 0x30
  6 route irq 1 to vm 116 vcpu 0, vector 0x30
  7 load vm 4 vcpu 15 on CPU 2
    -> the IRTE of irq 1, owned by vm 116 vcpu 0, was set running on CPU 2
`;

test('verify judges generated histories, and shows what each limit comes to as a numbered story', async () => {
  const ids = ['posted-v4', 'split-id-hash', 'pointer-as-tag', 'floor'];
  const words = ['--schedules', '0', '--workload', 'none', '--histories', '60', '--strategy', ...ids];
  const { status, stdout } = await gatagBench(['verify', ...words]);
  assert.equal(status, 0, stdout);
  for (const id of ids) assert.match(stdout, new RegExp(`^${id}: 60 histories, no finding$`, 'm'));
  const [, posted = ''] = /^posted-v4: (.*?)^split-id-hash/ms.exec(stdout) ?? [];
  for (const limit of ['no-tag-compare', 'ga-log-first-match', 'max-vm-id 255', 'max-vcpu-id 255']) {
    assert.match(
      posted,
      new RegExp(`^ {2}beyond ${limit}: [a-z-]+ in \\d+ of \\d+\n {4}host .*\n( {4,6}\\d+ .*\n)+ +->`, 'm'),
    );
  }
  assert.match(posted, /create VMs 1-257 with vCPU 0 each/);
  assert.doesNotMatch(stdout, /DID NOT SHOW ITSELF/);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 90, line);
});

test('the same seed gives the same histories, another seed others', async () => {
  const operations = async (seed: string) => {
    const words = [
      'verify',
      '--schedules',
      '0',
      '--workload',
      'none',
      '--histories',
      '20',
      '--strategy',
      'floor',
      '--json',
    ];
    const { stdout } = await gatagBench([...words, '--seed', seed]);
    return JSON.parse(stdout).histories.checks[0].operations;
  };
  const [one, same, other] = await Promise.all([operations('3'), operations('3'), operations('4')]);
  assert.equal(one, same);
  assert.notEqual(one, other);
});

test('a parameter of the host that is set is the same in all histories', async () => {
  const words = [
    'verify',
    '--schedules',
    '0',
    '--workload',
    'none',
    '--histories',
    '40',
    '--strategy',
    'posted-v4',
    '--json',
  ];
  const { stdout } = await gatagBench([...words, '--set', 'hashBits=2', 'iommus=1']);
  const [{ limits }] = JSON.parse(stdout).histories.checks;
  const [first] = limits as HistoryCheck['limits'];
  assert.match(first?.shown?.finding.counterexample?.host ?? '', /hashBits=2/);
});

test('a declared limit that does not show itself is reported, and is no failure', async (t) => {
  const file = join(temporaryFolder(t), 'modest.mjs');
  const base = new URL('../../strategies/ir-data-pointer.js', import.meta.url);
  writeFileSync(
    file,
    `import base from ${JSON.stringify(base)};
    export default { ...base, id: 'modest', limits: [...base.limits, { kind: 'ga-log-first-match' }] };`,
  );
  const words = ['verify', '--schedules', '0', '--workload', 'none', '--histories', '20', '--strategy', file];
  const { status, stdout } = await gatagBench(words);
  assert.equal(status, 0, stdout);
  assert.match(
    stdout,
    /beyond ga-log-first-match: a declared limit that DID NOT SHOW ITSELF in 40 histories/,
  );
});

test('a story that was printed is replayed from a file, on all strategies or on those named', async (t) => {
  const file = join(temporaryFolder(t), 'story.txt');
  writeFileSync(file, STORY);
  const all = await gatagBench(['verify', '--replay', file]);
  assert.equal(all.status, 0, all.stdout);
  assert.match(all.stdout, /^posted-v4: 1 history$/m);
  assert.match(all.stdout, /same-bucket in 1 of 1 \(expected: no-tag-compare\), found by other-entries/);
  assert.match(all.stdout, /-> the IRTE of irq 1, owned by vm 116 vcpu 0, was set running on\s+CPU 2/);
  assert.equal(all.stdout.match(/: 1 history, no finding$/gm)?.length, BUILT_IN.length - 1);
  const bad = await gatagBench(['verify', '--replay', file, '--strategy', mutant('no-tag-compare')]);
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /\(UNEXPECTED\)/);
});

test('a file that is no history is one line that names the line, and status 2', async (t) => {
  const file = join(temporaryFolder(t), 'story.txt');
  for (const [text, message] of [
    ['', /story\.txt: expected an operation such as .*, found none/],
    [STORY.replace('route irq 1', 'reroute irq 1'), /story\.txt: line 7: expected an operation such as/],
    [STORY.replace('VMs 5-116', 'VMs 6-116'), /story\.txt: line 4: expected VM 5, the next in order/],
  ] as const) {
    writeFileSync(file, text);
    const { status, stdout, stderr } = await gatagBench(['verify', '--replay', file]);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr.trim(), message);
    assert.equal(stderr.trim().split('\n').length, 1);
  }
});

test('--replay goes with no other choice of what is judged', async () => {
  const { status, stderr } = await gatagBench(['verify', '--replay', 'story.txt', '--workload', 'pinned']);
  assert.equal(status, 2);
  assert.match(stderr, /'--replay <file>' cannot be used with option '--workload/);
});

test('what throws, does not end, or corrupts the heap is a finding with its history, and the others are judged', async () => {
  const bad = ['throws-on-unknown-tag', 'list-cycle', 'loops-without-memory', 'frees-live-object'];
  const words = ['--workload', 'rebalance', '--set', 'preset=v6.8', 'vms=2', 'operations=400'];
  const strategies = [...bad.map(mutant), 'ir-data-pointer'];
  const run = await gatagBench([
    'verify',
    '--schedules',
    '0',
    '--histories',
    '200',
    ...words,
    '--json',
    '--strategy',
    ...strategies,
  ]);
  assert.equal(run.status, 1, run.stderr);
  const { histories, verifications } = JSON.parse(run.stdout);
  const kinds = ['threw', 'endless', 'endless', 'stale-pointer'];
  for (const [index, kind] of kinds.entries()) {
    const { findings } = histories.checks[index] as HistoryCheck;
    const found = findings.find(({ finding }) => finding.kind === kind);
    assert.ok(found !== undefined, `${bad[index]}: ${findings.map(({ finding }) => finding.kind)}`);
    if (kind === 'endless') {
      // Judged no further than on the workload.
      assert.match(found.finding.first.found, /, as rebalance showed; it is judged no further$/);
    } else assert.ok(found.finding.counterexample);
  }
  const sound = histories.checks.at(-1) as HistoryCheck;
  assert.deepEqual([sound.findings.length, sound.histories], [0, 200]);
  const checks: Check[] = verifications[0].workloads[0].checks;
  const onWorkload = checks.map(({ findings }) => findings.map(({ kind }) => kind).join());
  for (const index of [1, 2]) {
    const endless = checks[index]?.findings.find(({ kind }) => kind === 'endless');
    assert.ok(endless?.counterexample, `${bad[index]}: ${onWorkload[index]}`);
  }
  assert.match(onWorkload[3] as string, /stale-pointer/);
  assert.equal(onWorkload[4], '');
});

test('for scale, workloads are judged by journal', async () => {
  const words = [
    'verify',
    '--schedules',
    '0',
    '--histories',
    '0',
    '--workload',
    'pinned',
    '--set',
    'preset=v6.8',
    'operations=500',
  ];
  const { status, stdout } = await gatagBench([...words, '--memory', 'journaled', '--strategy', 'floor']);
  assert.equal(status, 0);
  assert.match(stdout, /operations judged in journaled memory, \d+ thousand a second/);
  assert.doesNotMatch(stdout, /histories/);
});
