import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { allCharts } from '../../reports/charts/all-charts.js';
import { writeReport, writeResults } from '../../reports/write.js';
import { REPORT_ENTRIES } from '../project.js';
import { fullResults } from './full-results.js';
import { syntheticResults } from './synthetic-results.js';

const directory = await mkdtemp(join(tmpdir(), 'gatag-report-'));
after(() => rm(directory, { recursive: true }));

const CHARTS = allCharts(fullResults())
  .map(({ name }) => `${name}.png`)
  .sort();
const TEXTS = REPORT_ENTRIES.filter((name) => name !== 'charts');
const FILES = [...CHARTS.map((chart) => `charts/${chart}`), ...TEXTS];

test('a report is written completely, and no other file is left', async () => {
  const target = join(directory, 'deep', 'whole');
  const paths = await writeReport(fullResults(), target);
  assert.deepEqual(paths.map((path) => relative(target, path)).sort(), FILES);
  assert.deepEqual((await readdir(target)).sort(), REPORT_ENTRIES);
  assert.deepEqual((await readdir(join(target, 'charts'))).sort(), CHARTS);
  assert.deepEqual(CHARTS, [
    'entries-per-vcpu.png',
    'many-cpus.png',
    'steps.png',
    'times-c-pinned.png',
    'where-it-stops.png',
    'why-iommus.png',
  ]);
});

test('the report of a results.json is that of the run, byte for byte', async () => {
  const [first, second] = [join(directory, 'first'), join(directory, 'second')];
  const results = fullResults();
  await writeReport(results, first);
  await writeResults(results, first);
  await writeReport(JSON.parse(await readFile(join(first, 'results.json'), 'utf8')), second);
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
