import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WARM_UP_WINDOWS } from '../../../harness/method.js';
import { compileNative, nativeCompiler } from '../../../harness/native/compile.js';
import { SILENT } from '../../../harness/plan/run-plan.js';
import type { ChildJob } from '../../../harness/process/child-job.js';
import { type CellPlan, type EndedSeries, runSet } from '../../../harness/timing/cell-runner.js';
import { judgedSeries, runReferences } from '../../../harness/timing/references.js';
import { countOperations, HEADER_WORDS } from '../../../workloads/stream/stream.js';
import { temporaryFolder } from '../../project.js';
import { smallHost, smallStream } from '../native/streams.js';

const ID = 'ir-data-pointer';
const WINDOWS = 3;
const ROUNDS = 4;

/**
 * A cell of the baseline and its A/A control, also in C where there is a compiler.
 *
 * @param load - Code that each load runs first. `made` counts earlier loads; load number `inFirstRound` is in round 0.
 */
async function cellWith(t: TestContext, load: string): Promise<CellPlan> {
  const folder = temporaryFolder(t);
  const host = smallHost('v6.8');
  const stream = await smallStream('halt-wake', { vms: 4, operations: 200 }, host);
  const { words, windowStart, windowEnd } = stream;
  const loadsOf = (start: number, end: number) => countOperations(words, start, end).load ?? 0;
  const inFirstRound =
    loadsOf(HEADER_WORDS, windowStart) + (WARM_UP_WINDOWS.v8 + 2) * loadsOf(windowStart, windowEnd);
  const base = new URL(`../../../strategies/${ID}.js`, import.meta.url);
  const file = join(folder, 'strategy.mjs');
  writeFileSync(
    file,
    `import { existsSync, writeFileSync } from 'node:fs';
    import base from ${JSON.stringify(base)};
    const marker = ${JSON.stringify(join(folder, 'marker'))};
    /** Timed processes have a heap seed, untimed ones have none. */
    const isTimed = process.argv.length > 3;
    const inFirstRound = ${inFirstRound};
    let made = 0;
    export default { ...base, create(machine) {
      const verbs = base.create(machine);
      return { ...verbs, load(vcpu, cpu) {
        ${load}
        made++;
        verbs.load(vcpu, cpu);
      } };
    } };`,
  );
  const streamFile = join(folder, 'stream');
  writeFileSync(streamFile, stream.words);
  const job: ChildJob = { strategy: `file://${file}`, stream: streamFile, host, memory: 'checked' };
  const jobFile = join(folder, 'job.json');
  writeFileSync(jobFile, JSON.stringify(job));
  return {
    where: 'small',
    strategies: [{ id: ID, jobFile, program: await compileNative(ID, host.pointerBytes) }],
    baseline: ID,
    processes: { v8: 1, c: 1 },
    rounds: ROUNDS,
    operationsPerWindow: stream.windowOperations,
    stream: streamFile,
    host,
    seed: 1,
  };
}

async function runCell(t: TestContext, load: string): Promise<{ plan: CellPlan; ended: EndedSeries[] }> {
  const plan = await cellWith(t, load);
  const protocol = { windowsPerBatch: WINDOWS };
  return { plan, ended: await runSet(plan, protocol, 0, SILENT.note) };
}

test('if a process sleeps in a round, all take it once more, and all end as an untimed one does', async (t) => {
  // Sleeping is no work, so that no speed of the machine explains it.
  const load = `if (isTimed && made === inFirstRound)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);`;
  const { plan, ended } = await runCell(t, load);
  const lanes = (await nativeCompiler()).version === null ? 1 : 2;
  assert.equal(ended.length, 2 * lanes);
  const [first] = ended as [EndedSeries];
  const again = first.disturbed.map(({ round }) => round);
  assert.ok(again.includes(0) && new Set(again).size === again.length, again.join());
  for (const { lane, disturbed, samples, collections, replays, error } of ended) {
    assert.equal(error, null);
    // The machine may have disturbed other rounds too. Those were taken again as well.
    assert.deepEqual(
      disturbed.map(({ round }) => round),
      again,
    );
    assert.ok(disturbed.every(({ roundNs, cpuNs }) => Number.isInteger(roundNs) && Number.isInteger(cpuNs)));
    assert.deepEqual([samples.length, collections.length], [ROUNDS, ROUNDS]);
    assert.equal(replays, WARM_UP_WINDOWS[lane] + (ROUNDS + again.length) * (1 + WINDOWS));
  }
  const slept = ended.filter(({ lane, disturbed }) => {
    return lane === 'v8' && disturbed.some(({ isOwn, roundNs, cpuNs }) => isOwn && roundNs - cpuNs > 150e6);
  });
  assert.equal(slept.length, 2);
  const references = await runReferences(plan, ended, SILENT);
  assert.deepEqual(
    references.map(({ digests, error }) => [digests.length, error]),
    [[lanes, null]],
  );
  for (const { lane, role, digestMatches } of judgedSeries(ended, references)) {
    assert.ok(digestMatches, `${role} in ${lane}`);
  }
});

test('a process in C must end as an untimed process in V8 does', async (t) => {
  const { plan, ended } = await runCell(t, '');
  const inC = ended.filter(({ lane }) => lane === 'c');
  if (inC.length === 0) return t.skip((await nativeCompiler()).reason ?? 'no series in C');
  const references = await runReferences(plan, inC, SILENT);
  assert.deepEqual(
    references[0]?.digests.map(({ replays }) => replays),
    inC.slice(0, 1).map(({ replays }) => replays),
  );
  assert.ok(judgedSeries(inC, references).every(({ digestMatches }) => digestMatches));
  const fewer = inC.map((one) => ({ ...one, replays: one.replays - 1 }));
  assert.ok(judgedSeries(fewer, references).every(({ digestMatches }) => !digestMatches));
  const others = await runReferences(plan, fewer, SILENT);
  assert.ok(judgedSeries(fewer, others).every(({ digestMatches }) => !digestMatches));
});

test('an untimed process gives its digest after each number of replays, and the digests differ', async (t) => {
  const { plan, ended } = await runCell(t, '');
  // Each process as it would be with one replay less.
  const inV8 = ended.filter(({ lane }) => lane === 'v8');
  const series = inV8.flatMap((one) => [{ ...one, replays: one.replays - 1 }, one]);
  const references = await runReferences(plan, series, SILENT);
  const { replays } = ended[0] as EndedSeries;
  assert.deepEqual(
    references[0]?.digests.map((one) => one.replays),
    [replays - 1, replays],
  );
  assert.deepEqual(
    judgedSeries(series, references).map(({ digestMatches }) => digestMatches),
    [false, true, false, true],
  );
});

test('an untimed process that is killed is tried again, and the second kill is reported', async (t) => {
  const kill = `process.kill(process.pid, 'SIGKILL');`;
  const always = await runCell(t, `if (!isTimed) ${kill}`);
  const [failed, ...others] = await runReferences(always.plan, always.ended, SILENT);
  assert.deepEqual(others, []);
  assert.deepEqual([failed?.maskedDigest, failed?.digests], [null, []]);
  assert.equal(failed?.error, 'it was killed by SIGKILL');

  const once = await runCell(
    t,
    `if (!isTimed && !existsSync(marker)) { writeFileSync(marker, ''); ${kill} }`,
  );
  const references = await runReferences(once.plan, once.ended, SILENT);
  assert.equal(references[0]?.error, null);
  assert.ok(judgedSeries(once.ended, references).every(({ digestMatches }) => digestMatches));
});
