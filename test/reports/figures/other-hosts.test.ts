import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasFailure } from '../../../cli/outcome.js';
import { compareRuns } from '../../../harness/results/run-comparison.js';
import { renderCsv } from '../../../reports/csv.js';
import { everyStrategy, otherHostTables } from '../../../reports/figures/other-hosts.js';
import { renderHtml } from '../../../reports/html/render-html.js';
import { renderText } from '../../../reports/text/text.js';
import { onOtherHost, syntheticResults } from '../synthetic-results.js';

const results = onOtherHost(syntheticResults(), 'pointer-as-tag');

test('each workload has a table on the other host in each lane, with the baseline of that host', () => {
  const tables = otherHostTables(results);
  assert.deepEqual(
    tables.map(({ caption }) => caption.split(':')[0]),
    [
      'pinned, pointerBytes=4, V8 model',
      'pinned, pointerBytes=4, C on the model',
      'beyond-255-vms, pointerBytes=4, V8 model',
      'beyond-255-vms, pointerBytes=4, C on the model',
      'recorded, pointerBytes=4, V8 model',
    ],
  );
  const [pinned] = tables;
  assert.match(pinned?.rows[0]?.join(' ') ?? '', /^ir-data-pointer 21\.\d+ 1 {3}right$/);
  assert.match(
    pinned?.rows[1]?.join(' ') ?? '',
    /^pointer-as-tag 21\.\d+ 0\.99\d \[0\.98\d, 1\.00\d\] equivalent right$/,
  );
  assert.match(tables.at(-1)?.caption ?? '', /A\/A UNRELIABLE/);
  assert.equal(tables.at(-1)?.rows[1]?.[1], 'void');
});

test('the reports name the strategy, and no other table has it', () => {
  assert.ok(!results.strategies.some(({ id }) => id === 'pointer-as-tag'));
  assert.equal(everyStrategy(results).length, syntheticResults().strategies.length);
  const text = renderText(results);
  assert.match(text, /^Strategies that need another host$/m);
  assert.match(text, /^pointer-as-tag: The address of the vCPU as the tag/m);
  assert.doesNotMatch(renderText(syntheticResults()), /Strategies that need another host/);
  const html = renderHtml(results, new Map());
  assert.ok(html.includes('id="strategy-pointer-as-tag"'));
  const rows = renderCsv(results)
    .split('\n')
    .filter((line) => line.includes(',pointer-as-tag,'));
  assert.ok(rows.length > 0 && rows.every((line) => line.endsWith(',4')));
});

test('a failure on the other host is told with its last step, and fails the run', () => {
  const broken = structuredClone(results);
  for (const run of [broken, ...broken.otherHosts]) {
    for (const check of run.cells.flatMap(({ checks }) => checks))
      Object.assign(check, { findings: [], matchesOracle: true });
    for (const series of run.cells.flatMap(({ timing }) => timing.series)) {
      Object.assign(series, { samples: Array(10).fill(20), digestMatches: true, error: null });
    }
  }
  assert.equal(hasFailure(broken), false);
  const check = broken.otherHosts[0]?.cells[0]?.checks.find(({ strategy }) => strategy === 'pointer-as-tag');
  const stale = syntheticResults()
    .cells[1]?.checks.flatMap(({ findings }) => findings)
    .find(({ kind }) => kind === 'stale-pointer');
  assert.ok(check && stale);
  check.findings = [stale];
  assert.equal(hasFailure(broken), true);
  const line = renderText(broken).replace(/\s+/g, ' ');
  assert.match(
    line,
    /pointer-as-tag on pinned, pointerBytes=4: stale-pointer 2 \(UNEXPECTED\): load vm 1 vcpu 0 on CPU 2 -> read word 4/,
  );
});

test('two runs are compared on other hosts too', () => {
  const next = structuredClone(results);
  for (const series of next.otherHosts.flatMap(({ cells }) => cells).flatMap(({ timing }) => timing.series)) {
    if (series.strategy === 'pointer-as-tag') series.samples = series.samples.map((ns) => 2 * ns);
  }
  assert.deepEqual(compareRuns(results, next).regressions, [
    'pointer-as-tag on pinned, pointerBytes=4 is slower',
    'pointer-as-tag on beyond-255-vms, pointerBytes=4 is slower',
  ]);
});
