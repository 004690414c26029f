import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gatagBench, temporaryFolder } from '../project.js';
import { syntheticResults } from '../reports/synthetic-results.js';

/** Files with synthetic results, each with fields replaced. */
function written(t: TestContext, ...changes: object[]): string[] {
  const folder = temporaryFolder(t);
  return changes.map((change, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify({ ...syntheticResults(), ...change }));
    return file;
  });
}

const OTHER_MACHINE = { environment: { ...syntheticResults().environment, cpuModel: 'another CPU' } };

test('compare of a run with itself finds no regression, and --json prints JSON alone', async (t) => {
  const [base, same] = written(t, {}, {}) as [string, string];
  const { status, stdout } = await gatagBench(['compare', base, same]);
  assert.equal(status, 0);
  assert.match(stdout, /No regression\./);
  const json = await gatagBench(['compare', base, same, '--json']);
  assert.deepEqual(JSON.parse(json.stdout).regressions, []);
});

test('compare refuses runs of different machines in one line that names the field', async (t) => {
  const [base, other] = written(t, {}, OTHER_MACHINE) as [string, string];
  const { status, stdout, stderr } = await gatagBench(['compare', base, other]);
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(
    stderr,
    /^gatag-bench: .*environment\.cpuModel: "AMD EPYC.*" and "another CPU"; --force .*\n$/,
  );
  const forced = await gatagBench(['compare', base, other, '--force']);
  assert.equal(forced.status, 0);
  assert.match(forced.stdout, /FORCED[\s\S]*environment\.cpuModel/);
});

test('compare and report refuse a file of another version; compare --force reads it and says so', async (t) => {
  const [base, old] = written(t, {}, { version: 1 }) as [string, string];
  for (const words of [
    ['compare', base, old],
    ['report', old],
  ]) {
    const { status, stderr } = await gatagBench(words);
    assert.equal(status, 2);
    assert.match(stderr, /^gatag-bench: .*1\.json: version: .*version 1 .*\n$/);
  }
  const forced = await gatagBench(['compare', base, old, '--force']);
  assert.equal(forced.status, 0);
  assert.match(forced.stdout, /FORCED[\s\S]*version: 9 and 1/);
});

test('compare exits with 1 if something got slower', async (t) => {
  const cells = structuredClone(syntheticResults().cells);
  for (const series of cells[0]?.timing.series ?? []) {
    if (series.strategy === 'floor') series.samples = series.samples.map((ns) => 1.5 * ns);
  }
  const [base, slower] = written(t, {}, { cells }) as [string, string];
  const { status, stdout } = await gatagBench(['compare', base, slower]);
  assert.equal(status, 1);
  assert.match(stdout, /REGRESSION: floor on pinned is slower\./);
});

test('compare names nothing slower of four processes, and exits with 0', async (t) => {
  const few = syntheticResults({ processes: 4 });
  const cells = structuredClone(few.cells);
  for (const series of cells[0]?.timing.series ?? []) {
    if (series.strategy === 'floor') series.samples = series.samples.map((ns) => 1.5 * ns);
  }
  const [base, slower] = written(t, few, { ...few, cells }) as [string, string];
  const { status, stdout } = await gatagBench(['compare', base, slower]);
  assert.equal(status, 0);
  assert.match(
    stdout,
    /No regression is named: times have no verdict where a run has fewer than 5\s+processes\./,
  );
  assert.match(stdout, /^floor .* \+50\.\d% \? .* -$/m);
});

test('compare says which file is no file of results', async (t) => {
  const [base] = written(t, {}) as [string];
  const empty = join(temporaryFolder(t), 'empty.json');
  writeFileSync(empty, '');
  const { status, stderr } = await gatagBench(['compare', base, empty]);
  assert.equal(status, 2);
  assert.match(stderr, /empty\.json: line 1, column 1: expected JSON/);
});
