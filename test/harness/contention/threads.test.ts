// Processes with several threads, in V8 and, where there is a compiler, in C.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  calibrateThreads,
  runThreadedSet,
  type ThreadedPlan,
  threadCounts,
} from '../../../harness/contention/threaded-runner.js';
import { nativeCompiler } from '../../../harness/native/compile.js';
import { openLane } from '../../../harness/native/lane.js';
import { JournaledMemory } from '../../../harness/oracle/memory/journaled-memory.js';
import { check } from '../../../harness/oracle/oracle.js';
import { loadStrategies } from '../../../harness/plan/strategy-module.js';
import type { ThreadedSeries } from '../../../harness/results/results.js';
import { HOST_PRESETS } from '../../../machine/host.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import irDataPointer from '../../../strategies/ir-data-pointer.js';
import { contention, partOfThread } from '../../../workloads/contention.js';
import { temporaryFolder } from '../../project.js';

const HOST = HOST_PRESETS['v6.8'];
const THREADS = 2;
const { stream } = await contention.generate(
  contention.schema.parse({ threads: THREADS, rounds: 8 }),
  1,
  HOST,
);
const { maskedDigest } = check({
  stream,
  strategy: irDataPointer,
  host: HOST,
  memory: new JournaledMemory(1 << 26),
});

/** The programs in C. */
const { programs } = await openLane(await loadStrategies(BUILT_IN), HOST.pointerBytes);

/** A plan for built-in strategies, and for modules by their URL. */
function planFor(t: TestContext, strategies: readonly string[], isNative: boolean): ThreadedPlan {
  const folder = temporaryFolder(t);
  const write = (name: string, content: string | Int32Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const parts = Array.from({ length: THREADS }, (_, thread) => partOfThread(stream, thread, THREADS));
  const files = parts.map(({ words }, thread) => write(`part.${thread}`, words));
  const whole = write('whole', stream.words);
  return {
    strategies: strategies.map((name) => {
      const isUrl = name.startsWith('file:');
      const id = isUrl ? 'a-module' : name;
      const job = { strategy: isUrl ? name : builtInUrl(name), stream: whole, parts: files, host: HOST };
      return {
        id,
        jobFile: write(`${id}.json`, JSON.stringify(job)),
        program: isNative && !isUrl ? (programs.get(name) ?? null) : null,
        maskedDigest,
      };
    }),
    parts: files,
    host: HOST,
    operationsPerWindow: parts[0]?.windowOperations ?? 0,
    seed: 1,
  };
}

/** A module that is ir-data-pointer with other loads. */
function moduleWith(t: TestContext, load: string): string {
  const path = join(temporaryFolder(t), 'mine.mjs');
  writeFileSync(
    path,
    `import base from '${builtInUrl('ir-data-pointer')}';
    export default { ...base, id: 'a-module', create(machine) {
      const { memory } = machine;
      const scratch = machine.bootAlloc(128);
      const verbs = base.create(machine);
      return { ...verbs, load(vcpu, cpu) { ${load} } };
    } };`,
  );
  return pathToFileURL(path).href;
}

const summary = ({ strategy, lane, error, isQuiescent }: ThreadedSeries) => ({
  strategy,
  lane,
  error,
  isQuiescent,
});

test('threads are counted in powers of two up to the most, and these', () => {
  assert.deepEqual([1, 2, 3, 8, 12].map(threadCounts), [
    [1],
    [1, 2],
    [1, 2, 3],
    [1, 2, 4, 8],
    [1, 2, 4, 8, 12],
  ]);
});

test('after two threads all entries of every strategy are as the oracle left them', async (t) => {
  const isNative = (await nativeCompiler()).reason === null;
  const series = await runThreadedSet(planFor(t, BUILT_IN, isNative), 3, 0);
  const lanes = isNative ? (['v8', 'c'] as const) : (['v8'] as const);
  assert.deepEqual(
    series.map(summary),
    [...BUILT_IN]
      .sort()
      .flatMap((strategy) => lanes.map((lane) => ({ strategy, lane, error: null, isQuiescent: true }))),
  );
  for (const { runs } of series) {
    assert.deepEqual(
      [...new Set(runs.map(({ threads, rates }) => `${threads} ${rates.length}`))],
      ['1 1', '2 2'],
    );
    assert.ok(runs.every(({ rates }) => rates.every((rate) => Number.isFinite(rate) && rate > 0)));
  }
});

test('a design that leaves wrong entries behind when two threads meet is not at rest as it must be', async (t) => {
  // A word that both threads use; once one finds there what the other wrote, every load goes to the next CPU.
  const racy = moduleWith(
    t,
    `memory.store(scratch, cpu);
    // Long enough for the other thread to come in between, also where they share a CPU.
    for (let wait = 0; wait < 300; wait++) {
      memory.lock(scratch + 16);
      memory.unlock(scratch + 16);
    }
    if (memory.load(scratch) !== cpu) memory.store(scratch + 1, 1);
    verbs.load(vcpu, cpu + memory.load(scratch + 1));`,
  );
  const [series] = await runThreadedSet(planFor(t, [racy], false), 10, 0);
  assert.equal(series?.error, null);
  assert.equal(series?.isQuiescent, false);
});

test('a thread that throws makes its own process void, with what it threw', async (t) => {
  const throwing = moduleWith(
    t,
    `if (cpu % 2 === 1) throw new Error('not on this CPU'); verbs.load(vcpu, cpu);`,
  );
  const series = await runThreadedSet(planFor(t, ['floor', throwing], false), 3, 0);
  const [failed, good] = series.sort((one, other) => (one.strategy < other.strategy ? -1 : 1));
  assert.match(failed?.error ?? '', /not on this CPU/);
  assert.equal(failed?.isQuiescent, false);
  assert.deepEqual(good && summary(good), { strategy: 'floor', lane: 'v8', error: null, isQuiescent: true });
});

test('a run is sized in whole replays, without a second try', async (t) => {
  const notes: string[] = [];
  const plan = planFor(t, ['floor', 'opaque-tag-hash'], false);
  const windows = await calibrateThreads(plan, (line) => notes.push(line));
  assert.ok(Number.isInteger(windows) && windows >= 1, String(windows));
  assert.deepEqual(notes, []);
});
