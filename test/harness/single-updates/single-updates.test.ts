import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { SINGLE_UPDATES } from '../../../harness/method.js';
import { nativeCompiler } from '../../../harness/native/compile.js';
import { openLane } from '../../../harness/native/lane.js';
import { type BenchPlan, type Progress, SILENT } from '../../../harness/plan/run-plan.js';
import { type LoadedStrategy, loadStrategies } from '../../../harness/plan/strategy-module.js';
import type { SinglePoint, SingleProcess } from '../../../harness/results/results.js';
import {
  singleUpdateSeconds,
  type TimedSingleUpdates,
  timeSingleUpdates,
} from '../../../harness/single-updates/single-updates.js';
import { HOST_PRESETS } from '../../../machine/host.js';
import { temporaryFolder } from '../../project.js';

const STRATEGIES = ['floor', 'ir-data-pointer', 'list-in-ir-data'];
/** Times single updates with these programs in the place of the strategies' own. @returns Also all notes. */
async function timed(
  t: TestContext,
  changed: Readonly<Record<string, string>> = {},
  processes = 1,
  ofAble: Partial<LoadedStrategy> = {},
): Promise<TimedSingleUpdates & { notes: string[]; seconds: number; plan: BenchPlan }> {
  const host = HOST_PRESETS['v6.8'];
  const strategies = await loadStrategies(STRATEGIES);
  const { programs } = await openLane(strategies, host.pointerBytes);
  const plan: BenchPlan = {
    strategies,
    workloads: [],
    points: [],
    decomposition: null,
    singleUpdates: processes,
    cachedHistories: 0,
    host,
    seed: 3,
    memory: 'checked',
    suite: 'default',
    processes: { c: processes, v8: processes, alone: processes },
    crossChecked: [],
    rounds: 1,
    threads: null,
    sweeps: false,
  };
  const notes: string[] = [];
  let seconds = 0;
  const progress: Progress = {
    ...SILENT,
    note: (line) => notes.push(line),
    advance: (_label, weight = 1) => {
      seconds += weight;
    },
  };
  const lane = { programs: new Map([...programs, ...Object.entries(changed)]), reason: null };
  const able = strategies.map((loaded) => ({ ...loaded, ...ofAble }));
  const result = await timeSingleUpdates({ plan, directory: temporaryFolder(t), progress }, lane, able);
  return { ...result, notes, seconds, plan };
}

function processesOf({ strategies }: SinglePoint, strategy: string, role = 'strategy'): SingleProcess[] {
  return strategies.find((one) => one.strategy === strategy && one.role === role)?.processes ?? [];
}

/** A program in the place of a strategy's. */
function script(t: TestContext, lines: string): string {
  const path = join(temporaryFolder(t), 'program');
  writeFileSync(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return path;
}

/** Whether this machine can time single updates. */
async function whyNot(): Promise<string | false> {
  const { reason } = await nativeCompiler();
  if (reason !== null) return reason;
  if (process.arch !== 'x64') return 'not an x86-64';
  const flags = spawnSync('cat', ['/proc/cpuinfo'], { encoding: 'utf8' }).stdout;
  return /\bclflushopt\b/.test(flags) && /\brdtscp\b/.test(flags) ? false : 'no clflushopt or rdtscp';
}

describe('single updates', { skip: await whyNot() }, () => {
  test('each process gives all samples, and ends with the memory of V8', async (t) => {
    const { singleUpdates, undone, notes, seconds, plan } = await timed(t, {}, 2);
    assert.deepEqual([undone, notes, singleUpdates.reason], [[], [], null]);
    assert.ok(Math.abs(seconds - singleUpdateSeconds(plan)) < 1e-9);
    assert.equal(singleUpdates.chain?.lines, 64);
    assert.deepEqual(
      singleUpdates.points.map(({ entries }) => entries),
      SINGLE_UPDATES.points.map(({ entries }) => entries),
    );
    for (const [index, point] of singleUpdates.points.entries()) {
      assert.deepEqual(
        point.strategies.map(({ strategy, role }) => `${strategy} ${role}`),
        ['floor strategy', 'ir-data-pointer strategy', 'ir-data-pointer twin', 'list-in-ir-data strategy'],
      );
      const { vcpus, rounds } = SINGLE_UPDATES.points[index] as (typeof SINGLE_UPDATES.points)[number];
      const samples = SINGLE_UPDATES.turns * (2 * vcpus * rounds * SINGLE_UPDATES.replays - 2);
      for (const { strategy, processes } of point.strategies) {
        assert.deepEqual(
          processes.map(({ processNumber }) => processNumber),
          [0, 1],
        );
        for (const { hot, cold, digestMatches, error } of processes) {
          assert.deepEqual([digestMatches, error], [true, null], strategy);
          assert.deepEqual([hot?.samples, cold?.samples], [samples, samples]);
          // So the 99th percentile is not the maximum.
          assert.ok(samples > 100);
        }
      }
    }
    // The twin has a heap of its own.
    const [first] = singleUpdates.points as [SinglePoint];
    const seeds = first.strategies.flatMap(({ processes }) => processes.map(({ heapSeed }) => heapSeed));
    assert.equal(new Set(seeds).size, seeds.length);
  });

  test('a process that ends with other memory than V8 is told, and no other one', async (t) => {
    const host = HOST_PRESETS['v6.8'];
    const other = (await openLane(await loadStrategies(['merged-6.17']), host.pointerBytes)).programs;
    const { singleUpdates, undone } = await timed(t, { floor: other.get('merged-6.17') as string });
    assert.deepEqual(undone, []);
    for (const { strategies } of singleUpdates.points) {
      assert.deepEqual(
        strategies.flatMap(({ processes }) => processes.map(({ digestMatches }) => digestMatches)),
        [false, true, true, true],
      );
    }
  });

  test('a process that the machine ends is told as undone, and the others keep their times', async (t) => {
    const { singleUpdates, undone } = await timed(t, { 'list-in-ir-data': script(t, 'kill -9 $$') });
    assert.deepEqual(undone, [
      {
        strategy: 'list-in-ir-data',
        where: 'single-updates',
        what: 'timed',
        reason: 'it was killed by SIGKILL',
      },
    ]);
    const [first] = singleUpdates.points as [SinglePoint];
    const [dead] = processesOf(first, 'list-in-ir-data');
    assert.deepEqual(
      [dead?.hot, dead?.cold, dead?.digest, dead?.digestMatches, dead?.error],
      [null, null, null, false, 'it was killed by SIGKILL'],
    );
    assert.ok(processesOf(first, 'ir-data-pointer', 'twin')[0]?.digestMatches);
  });

  test('strategies without an untimed run are told as undone, and a check that fails leaves the times', async (t) => {
    const { singleUpdates, undone } = await timed(t, {}, 1, { url: 'file:///nowhere.js' });
    assert.deepEqual(
      undone.map(({ strategy, where }) => `${strategy} ${where}`),
      STRATEGIES.map((id) => `${id} single-updates`),
    );
    assert.ok(singleUpdates.points.every(({ strategies }) => strategies.length === 0));
    const broken = script(t, 'exit 7');
    const second = await timed(t, { floor: broken });
    assert.equal(second.singleUpdates.chain, null);
    assert.match(second.notes.join(), /the check of evictions failed: it ended with exit status 7/);
    const [first] = second.singleUpdates.points as [SinglePoint];
    assert.ok(processesOf(first, 'ir-data-pointer')[0]?.digestMatches);
  });
});

describe('without the instructions', { skip: (await nativeCompiler()).reason ?? false }, () => {
  test('single updates are left out with one line', async (t) => {
    const refusing = script(
      t,
      `echo '{"ready":true}'; read line; echo '{"reason":"the CPU has no rdtscp"}'; read line`,
    );
    const changed = Object.fromEntries(STRATEGIES.map((id) => [id, refusing]));
    const { singleUpdates, undone, notes } = await timed(t, changed);
    assert.deepEqual(singleUpdates, { reason: 'the CPU has no rdtscp', chain: null, points: [] });
    assert.deepEqual([undone, notes], [[], ['no times of single updates: the CPU has no rdtscp']]);
  });
});
