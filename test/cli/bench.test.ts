import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { COMPLETION_WAITS_NS, WARM_UP_WINDOWS } from '../../harness/method.js';
import { nativeCompiler } from '../../harness/native/compile.js';
import { type Results, resultsSchema } from '../../harness/results/results.js';
import { BUILT_IN } from '../../strategies/index.js';
import { gatagBench, ROOT, RUN_ENTRIES, temporaryFolder } from '../project.js';

/** Words of a bench small enough for a test. */
const SMALL = 'bench --set vms=4 operations=400 --processes 1 --rounds 2'.split(' ');
const PINNED = [...SMALL, '--workload', 'pinned'];

const readResults = (folder: string): Results =>
  resultsSchema.parse(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')));

/** Runs a bench into a folder of its own. */
async function benched(
  t: TestContext,
  words: readonly string[],
): Promise<{ folder: string; results: Results }> {
  const folder = join(temporaryFolder(t), 'out');
  const { status, stderr } = await gatagBench([...words, '--out', folder]);
  assert.equal(status, 0, stderr);
  return { folder, results: readResults(folder) };
}

// Two runs have one seed and name their strategies in opposite order; the third has another seed and no C compiler.
describe('of three small runs', () => {
  const STRATEGIES = ['floor', 'merged-4.9'];
  const cwd = mkdtempSync(join(tmpdir(), 'gatag-bench-test-'));
  const results = join(cwd, 'bench-results');
  const ofOtherSeed = join(cwd, 'other');
  let stderr: string;

  before(async () => {
    const seeded = [...PINNED, '--processes', '2', '--seed', '5', '--strategy'];
    const other = [...PINNED, '--seed', '6', '--strategy', 'floor', '--out', ofOtherSeed];
    const runs = await Promise.all([
      gatagBench([...seeded, ...STRATEGIES], cwd),
      gatagBench([...seeded, ...STRATEGIES.toReversed()], cwd),
      gatagBench(other, cwd, { ...process.env, PATH: cwd }),
    ]);
    for (const { status, stderr: told } of runs) assert.equal(status, 0, told);
    stderr = runs[2].stderr;
  });
  after(() => rmSync(cwd, { recursive: true, force: true }));

  const seeded = (): [Results, Results] => {
    const folders = readdirSync(results).filter((name) => name !== 'latest');
    return folders.map((name) => readResults(join(results, name))) as [Results, Results];
  };
  const byStrategy = <T extends { readonly strategy: string }>(list: readonly T[]): T[] =>
    [...list].sort((a, b) => (a.strategy < b.strategy ? -1 : 1));

  test('output goes to bench-results/<UTC time>, and latest points at it', () => {
    const names = readdirSync(results).sort();
    assert.equal(names.length, 3, names.join());
    assert.match(names[0] ?? '', /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/);
    const latest = readlinkSync(join(results, 'latest'));
    assert.ok(existsSync(join(results, latest, 'report.html')));
  });

  test('the baseline takes part even if it is not named', () => {
    const [forward, backward] = seeded()
      .map((run) => run.strategies.map(({ id }) => id))
      .sort();
    assert.deepEqual(forward, ['ir-data-pointer', ...STRATEGIES]);
    assert.deepEqual(backward, ['ir-data-pointer', ...STRATEGIES.toReversed()]);
  });

  test('work is counted, and counted alike in two runs', () => {
    const countedOf = ({ cells, held, code }: Results) =>
      byStrategy([...(cells[0]?.counted ?? []), ...held, ...code]);
    const [one, other] = seeded();
    assert.equal(countedOf(one).length, 3 * 3);
    assert.deepEqual(countedOf(one), countedOf(other));
  });

  test('two with one seed have the same streams, verdicts and digests; another seed gives another stream', () => {
    const fixed = ({ workloads, cells }: Results) => ({
      workloads,
      // How long judging took is no part of the verdict.
      checks: cells.map(({ checks }) => byStrategy(checks.map((check) => ({ ...check, seconds: 0 })))),
    });
    const [one, same] = seeded();
    assert.deepEqual(fixed(one), fixed(same));
    assert.notEqual(one.workloads[0]?.stream, readResults(ofOtherSeed).workloads[0]?.stream);
  });

  test('each process has a heap of its own, drawn alike in whatever order the strategies are named', () => {
    const seeds = ({ cells }: Results) =>
      new Map(
        cells[0]?.timing.series.map(({ strategy, role, processNumber, heapSeed }) => [
          `${strategy} ${role} ${processNumber}`,
          heapSeed,
        ]),
      );
    const [drawn, redrawn] = seeded().map(seeds) as [Map<string, number>, Map<string, number>];
    assert.equal(drawn.size, 2 * 4);
    assert.equal(new Set(drawn.values()).size, 2 * 4);
    for (const [process, seed] of drawn) assert.equal(redrawn.get(process), seed, process);
  });

  test('a folder that holds results is not written over', async () => {
    const before = readFileSync(join(ofOtherSeed, 'results.json'));
    const { status, stderr } = await gatagBench(['bench', '--workload', 'pinned', '--out', ofOtherSeed]);
    assert.equal(status, 2);
    assert.match(stderr, /holds results already/);
    assert.ok(readFileSync(join(ofOtherSeed, 'results.json')).equals(before));
  });

  test('report writes the same report again from results.json', async () => {
    const again = join(cwd, 'again');
    const words = ['report', join(ofOtherSeed, 'results.json'), '--out', again];
    const { status, stdout } = await gatagBench(words);
    assert.equal(status, 0);
    assert.match(stdout, /report\.html/);
    for (const file of ['report.html', 'report.txt', 'report-full.txt', 'results.csv']) {
      assert.ok(readFileSync(join(again, file)).equals(readFileSync(join(ofOtherSeed, file))), file);
    }
  });

  test('without a C compiler one line says that the lane is absent, and the run goes on', () => {
    assert.match(stderr, /^nothing was timed in C: no C compiler: cc is not on PATH$/m);
    const [cell] = readResults(ofOtherSeed).cells;
    assert.ok(cell?.timing.series.every(({ lane }) => lane === 'v8'));
  });
});

test('bench times all strategies and the A/A twin, and every process ends with the reference digest', async (t) => {
  const { folder, results } = await benched(t, PINNED);
  const [cell] = results.cells;
  assert.ok(cell);
  // One needs another host, where it runs beside the baseline.
  const here = BUILT_IN.filter((id) => id !== 'pointer-as-tag');
  assert.deepEqual(
    results.strategies.map(({ id }) => id),
    here,
  );
  assert.equal(cell.timing.series.filter(({ lane }) => lane === 'v8').length, here.length + 1);
  assert.equal(results.code.length, BUILT_IN.length);
  const [other] = results.otherHosts;
  assert.equal(other?.host.pointerBytes, 4);
  assert.deepEqual(
    other?.strategies.map(({ id }) => id),
    ['ir-data-pointer', 'pointer-as-tag'],
  );
  assert.deepEqual(
    other?.held.map(({ strategy }) => strategy),
    ['ir-data-pointer', 'pointer-as-tag'],
  );
  const [otherCell] = other?.cells ?? [];
  assert.ok(otherCell?.checks.every(({ matchesOracle }) => matchesOracle));
  assert.equal(otherCell?.timing.series.filter(({ lane }) => lane === 'v8').length, 3);
  for (const series of otherCell?.timing.series ?? []) assert.ok(series.digestMatches, series.strategy);
  for (const series of cell.timing.series) {
    assert.equal(series.error, null);
    assert.ok(series.digestMatches, series.strategy);
    assert.equal(series.samples.length, 2);
    assert.ok(series.warmUp.length >= WARM_UP_WINDOWS[series.lane]);
    assert.ok(series.peakBytes < 1e9);
  }
  const twins = cell.timing.series.filter(({ role, lane }) => role === 'twin' && lane === 'v8');
  assert.equal(twins.length, 1);
  for (const { strategy, matchesOracle, maskedDigest } of cell.checks) {
    assert.ok(matchesOracle, strategy);
    const untimed: Record<string, string | null> = Object.fromEntries(
      cell.timing.references.map((reference) => [reference.strategy, reference.maskedDigest]),
    );
    assert.equal(untimed[strategy], maskedDigest, strategy);
  }
  const files = readdirSync(folder).sort();
  assert.deepEqual(files, RUN_ENTRIES);
});

test('bench runs threads on one host, judges what they leave, and simulates up to 256 CPUs', async (t) => {
  const words = [...PINNED, '--processes', '2', '--threads', '2', '--strategy', 'opaque-tag-hash'];
  const { results } = await benched(t, words);
  const { contention } = results;
  assert.ok(contention);
  assert.deepEqual([contention.threads, contention.processes], [2, 2]);
  const ids = results.strategies.map(({ id }) => id);
  const lanes = results.run.noNative === null ? ['v8', 'c'] : ['v8'];
  const names = contention.series
    .map(({ strategy, lane, processNumber }) => `${strategy} ${lane} ${processNumber}`)
    .sort();
  assert.deepEqual(
    names,
    ids
      .flatMap((id) =>
        lanes.flatMap((lane) => [0, 1].map((processNumber) => `${id} ${lane} ${processNumber}`)),
      )
      .sort(),
  );
  for (const { strategy, error, isQuiescent } of contention.series) {
    assert.equal(error, null);
    assert.ok(isQuiescent, strategy);
  }
  assert.deepEqual(
    contention.checks.flatMap(({ findings }) => findings),
    [],
  );
  assert.deepEqual(
    contention.prices.map(({ lane }) => lane),
    lanes,
  );
  const main = lanes.at(-1);
  for (const { strategy, lane, points } of contention.simulated) {
    const cpus = points.map((point) => point.cpus);
    assert.deepEqual(cpus, lane === main ? [1, 2, 4, 8, 16, 32, 64, 128, 256] : [1, 2], strategy);
  }
  const lockOf = (id: string) => contention.busiest.find(({ strategy }) => strategy === id)?.lock;
  assert.deepEqual([lockOf('opaque-tag-hash')?.name, lockOf('opaque-tag-hash')?.count], ['gatag_hash', 8]);
  assert.ok((lockOf('ir-data-pointer')?.count ?? 0) > 1000);
  const { waits } = contention;
  assert.ok(waits);
  assert.deepEqual(
    [waits.host.flush, waits.host.tableLookup, waits.lane],
    ['per-entry', 'global-lock', main],
  );
  assert.deepEqual(
    waits.points.map(({ strategy, waitNs }) => [strategy, waitNs]),
    ids.flatMap((id) => COMPLETION_WAITS_NS.map((waitNs) => [id, waitNs])),
  );
  for (const { strategy, waitNs, entriesPerSecond } of waits.points) {
    assert.ok(entriesPerSecond > 0 && entriesPerSecond < 1e9 / waitNs, strategy);
  }
});

test('bench says that there are more threads than CPUs, and runs them, also on a host that flushes', async (t) => {
  const threads = String(availableParallelism() + 1);
  const words = ['bench', '--workload', 'pinned', '--strategy', 'floor', '--processes', '1', '--rounds', '1'];
  const out = join(temporaryFolder(t), 'out');
  const small = ['--set', 'vms=4', 'operations=400', 'preset=2016', 'tableLookup=lockless'];
  words.push('--threads', threads, '--out', out);
  const { status, stderr } = await gatagBench([...words, ...small]);
  assert.equal(status, 0, stderr);
  assert.match(stderr, new RegExp(`warning: ${threads} threads on \\d+ CPUs`));
  const { contention, host } = readResults(out);
  assert.equal(contention?.threads, Number(threads));
  // It flushes each entry, so the wait is swept on this very host.
  assert.deepEqual(contention.waits?.host, host);
});

test('each built-in design runs in C too, beside V8 in the same rounds, and ends with its memory', {
  skip: (await nativeCompiler()).reason ?? false,
}, async (t) => {
  const file = join(temporaryFolder(t), 'mine.mjs');
  const base = new URL('../../strategies/merged-6.17.js', import.meta.url);
  writeFileSync(file, `import base from ${JSON.stringify(base)}; export default { ...base, id: 'mine' };`);
  const workloads = ['halt-wake', 'rebalance'];
  const words = [...SMALL, '--strategy', 'floor', file, '--workload', ...workloads];
  const { folder, results } = await benched(t, words);
  assert.deepEqual(
    results.cells.map(({ workload }) => workload),
    workloads,
  );
  for (const { workload, timing } of results.cells) {
    const native = timing.series.filter(({ lane }) => lane === 'c');
    const names = native.map(({ strategy, role }) => `${strategy} ${role}`).sort();
    // A user's own module is in TypeScript alone.
    assert.deepEqual(names, ['floor strategy', 'ir-data-pointer strategy', 'ir-data-pointer twin'], workload);
    for (const { digestMatches, samples, error } of native) {
      assert.deepEqual([digestMatches, samples.length, error], [true, 2, null], workload);
    }
  }
  const text = readFileSync(join(folder, 'report-full.txt'), 'utf8');
  assert.match(text, /^C and V8( agree on \d+ of \d+ rankings)?$/m);
  assert.match(text, /V8 takes \S+ the time of C in the median/);
});

test('a design in C that ends with other memory than V8 is void in C, and the run fails', {
  skip: (await nativeCompiler()).reason ?? false,
}, async (t) => {
  const folder = temporaryFolder(t);
  const { stdout: compiler } = spawnSync('sh', ['-c', 'command -v cc'], { encoding: 'utf8' });
  // A compiler whose program of the floor does not say the digest that it should.
  const broken = [
    '#!/bin/sh',
    `[ "$1" = --version ] && exec ${compiler.trim()} --version`,
    `${compiler.trim()} "$@" || exit 1`,
    'for word; do program=$last; last=$word; done',
    'case "$*" in *floor.c*) ;; *) exit 0 ;; esac',
    'mv "$program" "$program.right"',
    'cat > "$program" <<END',
    '#!/bin/sh',
    '[ "\\$#" = 0 ] && exit 2',
    `"$program.right" "\\$@" | sed -u 's/"digest":"[0-9a-f]*/"digest":"0123456789abcdef/'`,
    'END',
    'chmod +x "$program"',
  ];
  writeFileSync(join(folder, 'cc'), `${broken.join('\n')}\n`, { mode: 0o755 });
  const out = join(folder, 'out');
  const words = [...PINNED, '--strategy', 'floor', '--out', out];
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    XDG_CACHE_HOME: join(folder, 'cache'),
  };
  const { status } = await gatagBench(words, undefined, env);
  assert.equal(status, 1);
  const text = readFileSync(join(out, 'report-full.txt'), 'utf8').replace(/\s+/g, ' ');
  assert.match(text, /floor is void: process 0 ended with IRTEs other than the untimed run's\./);
  assert.match(
    readFileSync(join(out, 'report.txt'), 'utf8'),
    /^Void: floor in C on pinned: process 0 ended/m,
  );
  const voids = readResults(out).cells[0]?.timing.series.filter(({ digestMatches }) => !digestMatches);
  assert.deepEqual(
    voids?.map(({ strategy, lane, error }) => [strategy, lane, error]),
    [['floor', 'c', null]],
  );
});

test('bench --sweep times the hosts of an axis, and tells slopes and curves', async (t) => {
  const folder = join(temporaryFolder(t), 'out');
  const words = ['bench', '--sweep', 'iommus', '--strategy', 'floor', '--processes', '1', '--rounds', '1'];
  const { status, stderr } = await gatagBench([...words, '--out', folder]);
  assert.equal(status, 0, stderr);
  const { cells, sweeps, run } = readResults(folder);
  assert.equal(cells.length, 0);
  const lane = run.noNative === null ? 'c' : 'v8';
  const timed = sweeps.filter(({ cell }) => cell !== null);
  assert.deepEqual(
    timed.map(({ axis, value, host }) => [axis, value, host.iommus]),
    [1, 2, 4, 8].map((value) => ['iommus', value, value]),
  );
  for (const { cell } of timed) {
    assert.deepEqual(
      cell?.timing.series.map(({ lane }) => lane),
      [lane, lane, lane],
    );
    assert.ok(cell?.timing.series.every(({ digestMatches }) => digestMatches));
    assert.ok(cell?.checks.every(({ findings, matchesOracle }) => findings.length === 0 && matchesOracle));
  }
  // The other axes are counted.
  assert.ok(sweeps.some(({ axis, counted }) => axis === 'entriesPerVcpu' && counted.length === 2));
  const text = readFileSync(join(folder, 'report-full.txt'), 'utf8').replace(/\s+/g, ' ');
  const model = lane === 'c' ? 'C' : 'V8';
  assert.ok(text.includes(`iommus, ${model}: ns per operation, and the exponent b of ns = a x^b`));
  assert.match(text, /exponent ir-data-pointer( [\d.]+){4} -?[\d.]+ floor/);
  const html = readFileSync(join(folder, 'report.html'), 'utf8');
  assert.ok(html.includes(`id="sweep-${lane}-iommus"`));
});

test('--set chooses parameters, one process has no verdict, and a host that flushes per device has no threads', async (t) => {
  const words =
    '--workload halt-wake --strategy floor --set vms=2 operations=300 flush=per-device --threads 2';
  const { folder, results } = await benched(t, [...SMALL, ...words.split(' ')]);
  const { run, workloads, contention } = results;
  assert.equal(run.processes, 1);
  const text = readFileSync(join(folder, 'report.txt'), 'utf8');
  assert.match(text, /^This run names no winner: strategies ran in 1 process, and a verdict needs$/m);
  assert.equal(workloads[0]?.id, 'halt-wake');
  assert.deepEqual([workloads[0]?.vms, workloads[0]?.parameters.operations], [2, 300]);
  assert.equal(contention, null);
});

test('a strategy that is killed by its own error makes its timing void and leaves the others', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'fragile.mjs');
  const base = new URL('../../strategies/floor.js', import.meta.url);
  // Sound while it is judged, and out of order in a timed process.
  writeFileSync(
    file,
    `import base from ${JSON.stringify(base)};
    export default { ...base, id: 'fragile', create(machine) {
      const verbs = base.create(machine);
      if (!process.argv[1].endsWith('timed-child.js')) return verbs;
      console.log('this is no protocol');
      return { ...verbs, load() { throw new Error('out of order'); } };
    } };`,
  );
  const out = join(folder, 'out');
  const words = [...PINNED, '--strategy', 'floor', file, '--out', out];
  const { status } = await gatagBench(words);
  assert.equal(status, 1);
  assert.match(readFileSync(join(out, 'report-full.txt'), 'utf8'), /^(- )?fragile is void: /m);
  const series = readResults(out).cells[0]?.timing.series ?? [];
  const errors = (id: string) =>
    series.filter(({ strategy, lane }) => strategy === id && lane === 'v8').map(({ error }) => error);
  assert.match(errors('fragile')[0] ?? '', /out of order/);
  assert.deepEqual(errors('floor'), [null]);
});

test('an interrupted run leaves no file behind', async (t) => {
  const folder = temporaryFolder(t);
  const scratch = join(folder, 'tmp');
  mkdirSync(scratch);
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/cli.js'), 'bench', '--suite', 'quick'], {
    cwd: folder,
    env: { ...process.env, TMPDIR: scratch },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => {
      if (/ \d+% /.test(String(chunk)) && readdirSync(scratch).length > 0) resolve();
    });
  });
  child.kill('SIGINT');
  const status = await new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  assert.equal(status, 130);
  assert.deepEqual(readdirSync(scratch), []);
  assert.deepEqual(readdirSync(folder), ['tmp']);
});
