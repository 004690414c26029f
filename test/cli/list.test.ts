import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { StrategyInfo } from '../../harness/results/results.js';
import { BUILT_IN } from '../../strategies/index.js';
import { gatagBench, ROOT, temporaryFolder } from '../project.js';

test('list strategies names the nine, with what each stands for', async () => {
  const { status, stdout } = await gatagBench(['list', 'strategies', '--json']);
  assert.equal(status, 0);
  const strategies = JSON.parse(stdout) as StrategyInfo[];
  assert.deepEqual(
    strategies.map(({ id }) => id),
    [...BUILT_IN],
  );
  assert.deepEqual(
    strategies.filter(({ sound }) => !sound).map(({ id }) => id),
    ['posted-v4'],
  );
  // A lower bound is not for a kernel, and names no places there.
  assert.deepEqual(
    strategies.filter(({ touches }) => touches.length === 0).map(({ id }) => id),
    ['floor'],
  );
  for (const { id, touches } of strategies) {
    for (const line of touches) assert.match(line, /^(struct \w+|\w+\(\)(, \w+\(\))?|[\w/]+\.c): [a-z]/, id);
  }
});

test('list workloads names every parameter with its default', async () => {
  const { stdout } = await gatagBench(['list', 'workloads', '--json']);
  const workloads = JSON.parse(stdout) as {
    id: string;
    parameters: { name: string; default: unknown; description: string }[];
  }[];
  assert.equal(workloads.length, 8);
  assert.ok(workloads.some(({ parameters }) => parameters.some(({ name }) => name === 'firstVmId')));
  for (const { id, parameters } of workloads) {
    for (const { name, default: value, description } of parameters) {
      assert.notEqual(value, undefined, `${id} ${name}`);
      assert.ok(description, `${id} ${name}`);
    }
  }
});

test('list workloads --trace counts a recording as grep does', async (t) => {
  const sample = readFileSync(join(ROOT, 'test/workloads/trace/samples/A.small.tgid.trace.txt.gz'));
  const file = join(temporaryFolder(t), 'plain.txt');
  writeFileSync(file, gunzipSync(sample));
  const { status, stdout } = await gatagBench(['list', 'workloads', '--trace', file, '--json']);
  assert.equal(status, 0);
  const { counts, machines } = JSON.parse(stdout);
  const { vcpuThreads, loads, puts, putsR, putsRPlus, putsS, putsOther, migrations } = counts;
  assert.deepEqual(
    { vcpuThreads, loads, puts, putsR, putsRPlus, putsS, putsOther, migrations },
    {
      vcpuThreads: 11,
      loads: 138,
      puts: 139,
      putsR: 94,
      putsRPlus: 0,
      putsS: 45,
      putsOther: 0,
      migrations: 4,
    },
  );
  assert.equal(machines.length, 4);
});

test('the lists have a text form', async () => {
  for (const words of [['strategies'], ['workloads']]) {
    const { status, stdout, stderr } = await gatagBench(['list', ...words]);
    assert.equal(status, 0);
    assert.equal(stderr, '');
    assert.ok(stdout.split('\n').length > 20);
  }
});
