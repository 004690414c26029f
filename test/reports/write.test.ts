import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { allCharts } from '../../reports/charts/all-charts.js';
import { writeReport } from '../../reports/write.js';
import { syntheticResults } from './synthetic-results.js';

const directory = await mkdtemp(join(tmpdir(), 'gatag-report-'));
after(() => rm(directory, { recursive: true }));

const CHARTS = allCharts(syntheticResults())
  .map(({ name }) => `${name}.png`)
  .sort();
const FILES = [...CHARTS.map((chart) => `charts/${chart}`), 'report.html', 'report.txt', 'results.csv'];

test('a report is written completely, and no other file is left', async () => {
  const target = join(directory, 'deep', 'whole');
  const paths = await writeReport(syntheticResults(), target);
  assert.deepEqual(paths.map((path) => relative(target, path)).sort(), FILES);
  assert.deepEqual((await readdir(target)).sort(), ['charts', 'report.html', 'report.txt', 'results.csv']);
  assert.deepEqual((await readdir(join(target, 'charts'))).sort(), CHARTS);
});

test('the same results give the same bytes', async () => {
  const [first, second] = [join(directory, 'first'), join(directory, 'second')];
  await writeReport(syntheticResults(), first);
  await writeReport(syntheticResults(), second);
  for (const file of FILES) {
    assert.deepEqual(await readFile(join(first, file)), await readFile(join(second, file)), file);
  }
});

const full = '/dev/full';
const skip = existsSync(full) ? false : `no ${full}, a device that is always full, on this system`;

test('a disk that fills up leaves the previous report unchanged', { skip }, async () => {
  const target = join(directory, 'kept');
  await mkdir(target);
  await writeFile(join(target, 'report.html'), 'a good report');
  await symlink(full, join(target, 'results.csv.partial'));
  await assert.rejects(writeReport(syntheticResults(), target), { code: 'ENOSPC' });
  assert.equal(await readFile(join(target, 'report.html'), 'utf8'), 'a good report');
  assert.deepEqual(await readdir(target), ['charts', 'report.html']);
  assert.deepEqual(await readdir(join(target, 'charts')), []);
});
