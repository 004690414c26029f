import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeNative } from '../../../harness/native/by-hand.js';
import { nativeCompiler } from '../../../harness/native/compile.js';
import type { RunPlan } from '../../../harness/plan/run-plan.js';
import { memoryDigest } from '../../../harness/replay/digest.js';
import { createReplay, plainHost } from '../../../harness/replay/replay.js';
import { Memory } from '../../../machine/memory.js';
import floor from '../../../strategies/floor.js';
import merged from '../../../strategies/merged-6.17.js';
import { rebalance } from '../../../workloads/rebalance.js';
import { gatagBench, temporaryFolder } from '../../project.js';
import { smallHost } from './streams.js';

const noMake = spawnSync('make', ['--version']).status === 0 ? false : 'make is not on PATH';

test('the folder for work by hand has what it needs, and make builds programs that end as TypeScript', {
  skip: (await nativeCompiler()).reason ?? noMake,
}, async (t) => {
  const folder = temporaryFolder(t);
  const host = { ...smallHost('2016'), pointerBytes: 4 as const };
  const parameters = rebalance.schema.parse({ vms: 4, operations: 400 });
  const strategies = [floor, merged];
  const plan: RunPlan = {
    strategies: strategies.map((strategy) => ({ strategy, url: '', file: null, failure: null })),
    workloads: [{ workload: rebalance, parameters, host: {} }],
    host,
    seed: 1,
    memory: 'checked',
  };
  const commands = await writeNative(plan, folder);
  assert.deepEqual(readdirSync(folder).sort(), ['Makefile', 'README', 'host', 'rebalance.stream', 'sources']);
  const sources = readdirSync(join(folder, 'sources/strategies')).filter((name) => name.endsWith('.c'));
  assert.deepEqual(sources.sort(), ['floor.c', 'merged-6.17.c']);
  assert.deepEqual(readdirSync(join(folder, 'sources/harness/native')).sort(), [
    'layouts.h',
    'program.c',
    'replay.h',
    'single.h',
    'threads.h',
  ]);
  const { status, stderr } = spawnSync('make', ['-C', folder], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);

  const { stream } = await rebalance.generate(parameters, 1, host);
  const memory = new Memory(1 << 26);
  for (const [index, strategy] of strategies.entries()) {
    const { program, host: hostFile, stream: streamFile } = commands[index] as (typeof commands)[number];
    const words = readFileSync(hostFile, 'utf8').trim().split('\n');
    const run = spawnSync(program, [...words, streamFile], { encoding: 'utf8', input: 'replay 3\nmemory\n' });
    const answers = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    memory.clear();
    const replay = createReplay(stream, strategy, plainHost(memory, host));
    replay.setUp();
    for (let window = 0; window < 3; window++) replay.runWindow();
    assert.deepEqual(answers.slice(0, 2), [{ ready: true }, { replayed: 3 }]);
    assert.equal(
      answers[2].memoryDigest,
      memoryDigest([memory.words.subarray(0, memory.top), new Int32Array(2)]),
    );
  }
});

test('a folder that cannot be written is one line and status 2', async (t) => {
  const out = temporaryFolder(t);
  writeFileSync(join(out, 'sources'), 'a file');
  const { status, stdout, stderr } = await gatagBench(['native', '--strategy', 'floor', '--out', out]);
  assert.deepEqual([status, stdout], [2, '']);
  assert.equal(stderr.trim().split('\n').at(-1), `gatag-bench: ${out}: cannot be written: EEXIST`);
});
