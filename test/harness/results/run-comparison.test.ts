import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Results } from '../../../harness/results/results.js';
import { compareRuns, differencesBetween } from '../../../harness/results/run-comparison.js';
import { renderRunComparison } from '../../../reports/text/run-comparison.js';
import { syntheticResults } from '../../reports/synthetic-results.js';

/** Synthetic results with a change. */
function changed(change: (results: Results) => void): Results {
  const results = structuredClone(syntheticResults());
  change(results);
  return results;
}

/** Multiplies the times of a strategy in the first workload. */
function scaled(factor: number, strategy = 'merged-4.9'): Results {
  return changed((results) => {
    for (const series of results.cells[0]?.timing.series ?? []) {
      if (series.strategy === strategy) series.samples = series.samples.map((ns) => ns * factor);
    }
  });
}

const base = syntheticResults();

const ratioRow = (next: Results, strategy = 'merged-4.9') =>
  compareRuns(base, next).tables[0]?.rows.find(
    (row) => row.strategy === strategy && row.workload === base.workloads[0]?.id,
  );

test('a run against itself has no change and no regression', () => {
  const { tables, counts, onlyInBase, onlyInNext, regressions } = compareRuns(base, base);
  for (const { rows, geomean } of tables) {
    assert.ok(rows.length > 20);
    for (const { ratio, verdict } of rows) {
      assert.ok(Math.abs(ratio.estimate - 1) < 1e-12);
      assert.ok(verdict === 'equivalent' || verdict === 'not separated');
    }
    assert.equal(geomean?.base, geomean?.next);
  }
  assert.deepEqual([counts, onlyInBase, onlyInNext, regressions], [[], [], [], []]);
});

test('what got slower is a regression, with its ratio; what got faster is none', () => {
  const slower = ratioRow(scaled(1.25));
  assert.ok(Math.abs((slower?.ratio.estimate ?? 0) - 1.25) < 1e-9);
  assert.equal(slower?.verdict, 'slower');
  assert.deepEqual(compareRuns(base, scaled(1.25)).regressions, [
    `merged-4.9 on ${base.workloads[0]?.id} is slower`,
  ]);
  assert.equal(ratioRow(scaled(0.8))?.verdict, 'faster');
  assert.deepEqual(compareRuns(base, scaled(0.8)).regressions, []);
});

test('a workload on another host forbids a comparison', () => {
  const other = changed(({ workloads }) => {
    for (const { host } of workloads.slice(0, 1)) host.firstVmId = 5;
  });
  assert.deepEqual(differencesBetween(base, other), [
    { field: `host of ${base.workloads[0]?.id}`, base: {}, next: { firstVmId: 5 } },
  ]);
});

test('a machine that became slower changes ns and no ratio', () => {
  const slow = changed((results) => {
    for (const { timing } of results.cells) {
      for (const series of timing.series) series.samples = series.samples.map((ns) => ns * 1.3);
    }
  });
  const { tables, regressions } = compareRuns(base, slow);
  const [ratios, times] = tables;
  assert.ok(ratios?.rows.every(({ ratio }) => Math.abs(ratio.estimate - 1) < 1e-9));
  assert.ok(times?.rows.every(({ ratio }) => Math.abs(ratio.estimate - 1.3) < 1e-9));
  assert.deepEqual(regressions, []);
});

test('more unexpected failures and a timing that is void now are regressions; bytes are a change', () => {
  const worse = changed(({ cells }) => {
    const [check] = cells[0]?.checks.filter(({ strategy }) => strategy === 'floor') ?? [];
    const [finding] = cells.flatMap(({ checks }) => checks).flatMap(({ findings }) => findings);
    if (check !== undefined && finding !== undefined) {
      check.findings = [{ ...finding, declaredBy: null, count: 2 }];
      check.memoryBytes += 64;
    }
    const series = cells[0]?.timing.series.find(
      ({ strategy, lane }) => strategy === 'merged-4.9' && lane === 'c',
    );
    if (series !== undefined) series.error = 'it died';
  });
  const { counts, regressions } = compareRuns(base, worse);
  assert.deepEqual(
    counts.map(({ what, next }) => [what, next]),
    [
      ['unexpected failures', 2],
      ['bytes held after the setup', 262_208],
    ],
  );
  assert.deepEqual(regressions, [
    'floor on pinned has more unexpected failures',
    'merged-4.9 on pinned is void in C',
  ]);
});

test('of four processes in either run no time is a regression, but counts that changed still are', () => {
  const few = syntheticResults({ processes: 4 });
  const slow = (results: Results): Results => {
    const copy = structuredClone(results);
    for (const series of copy.cells[0]?.timing.series ?? []) {
      if (series.strategy === 'merged-4.9') series.samples = series.samples.map((ns) => 1.25 * ns);
    }
    return copy;
  };
  for (const [one, other] of [
    [few, slow(few)],
    [base, slow(few)],
    [few, slow(base)],
  ] as const) {
    const { tables, regressions } = compareRuns(one, other);
    assert.ok(tables.every(({ rows }) => rows.length > 20 && rows.every(({ verdict }) => verdict === null)));
    assert.deepEqual(regressions, []);
  }
  const five = syntheticResults({ processes: 5 });
  assert.deepEqual(compareRuns(five, slow(five)).regressions, ['merged-4.9 on pinned is slower']);
  const wrong = structuredClone(few);
  const check = wrong.cells[0]?.checks.find(({ strategy }) => strategy === 'floor');
  const finding = few.cells.flatMap(({ checks }) => checks).flatMap(({ findings }) => findings)[0];
  assert.ok(check && finding);
  check.findings = [{ ...finding, declaredBy: null }];
  assert.deepEqual(compareRuns(few, wrong).regressions, ['floor on pinned has more unexpected failures']);
});

test('every field of the machine, the run, the host and the streams is looked at', () => {
  const fields = (change: (results: Results) => void) =>
    differencesBetween(base, changed(change)).map(({ field }) => field);
  assert.deepEqual(
    fields(() => {}),
    [],
  );
  assert.deepEqual(
    fields(({ environment }) => {
      environment.cpuModel = 'another';
    }),
    ['environment.cpuModel'],
  );
  assert.deepEqual(
    fields(({ run }) => {
      run.suite = 'full';
    }),
    ['run.suite'],
  );
  assert.deepEqual(
    fields((results) => {
      results.host = { ...results.host, hashBits: 8 };
    }),
    ['host.hashBits'],
  );
  assert.deepEqual(
    fields(({ workloads }) => {
      if (workloads[1] !== undefined) workloads[1].stream = 'ffffffffffffffff';
    }),
    ['stream of beyond-255-vms'],
  );
  assert.deepEqual(
    fields((results) => {
      results.workloads.pop();
      results.cells.pop();
    }),
    ['workloads'],
  );
});

test('the text fits a mail, and marks what was not separated and what was forced', () => {
  const other = changed((results) => {
    results.environment.node = 'v24.0.0';
    for (const series of results.cells[0]?.timing.series ?? []) {
      const scatter = series.processNumber % 2 === 0 ? 1.2 : 1 / 1.2;
      const factor = { 'merged-4.9': 1.25, 'posted-v4': scatter }[series.strategy] ?? 1;
      series.samples = series.samples.map((ns) => ns * factor);
    }
  });
  const named = (results: Results) => ({ file: 'a/long/folder/name/for/a/file/of/results.json', results });
  const text = renderRunComparison(
    named(base),
    named(other),
    compareRuns(base, other),
    differencesBetween(base, other),
  );
  for (const line of text.split('\n')) assert.ok(line.length <= 75, line);
  assert.match(text, /FORCED/);
  assert.match(text, /environment\.node: "v20\.20\.2" and "v24\.0\.0"/);
  assert.match(text, /^merged-4\.9 .* \+25\.0% {2}\[\+/m);
  assert.match(text, /^posted-v4 .* ~ {2}\[/m);
  assert.match(text, /^floor .* same {2}\[/m);
  assert.match(text, /^geomean /m);
  assert.match(text, /REGRESSION: merged-4\.9 on pinned is slower\./);
});
