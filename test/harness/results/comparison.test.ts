import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changesAfterWarmUp,
  compareCell,
  medianHalfWidth,
  nanosecondsPerOperation,
} from '../../../harness/results/comparison.js';
import { type Cell, LANES, type Lane, type Results, type Series } from '../../../harness/results/results.js';
import { syntheticResults } from '../../reports/synthetic-results.js';

/** Synthetic results with their first cell changed. */
function changed(change: (cell: Cell) => void): { results: Results; cell: Cell } {
  const results = structuredClone(syntheticResults());
  const cell = results.cells[0] as Cell;
  change(cell);
  return { results, cell };
}

const seriesOf = (cell: Cell, strategy: string, role = 'strategy') =>
  cell.timing.series.filter(
    (series) => series.strategy === strategy && series.role === role && series.lane === 'v8',
  );

/** The reason for which a strategy is void after a change of its series or of the cell. */
function reasonFor(strategy: string, change: (cell: Cell) => void): string | undefined {
  const { results, cell } = changed(change);
  return compareCell(results, cell).void.find((row) => row.strategy === strategy)?.reason;
}

test('a cell in which nothing failed has a row for every strategy but the baseline, and a control', () => {
  const { results, cell } = changed(() => {});
  const { rows, control, void: voids } = compareCell(results, cell);
  assert.equal(rows.length + voids.length, results.strategies.length - 1);
  assert.equal(control?.role, 'twin');
});

test('a ratio is the geometric mean over processes of the median over rounds', () => {
  const { results, cell } = changed((one) => {
    for (const series of one.timing.series) {
      const factor = series.strategy === 'floor' ? 0.5 : 1;
      series.samples = series.samples.map((_, round) => factor * (1 + round));
    }
  });
  const row = compareCell(results, cell).rows.find(({ strategy }) => strategy === 'floor');
  assert.ok(Math.abs((row?.ratio.estimate ?? 0) - 0.5) < 1e-12);
  assert.equal(row?.verdict, 'faster');
});

test('a digest that differs from the reference makes the strategy void', () => {
  const reason = reasonFor('floor', (cell) => {
    (seriesOf(cell, 'floor')[1] as { digestMatches: boolean }).digestMatches = false;
  });
  assert.match(reason ?? '', /process 1 ended with IRTEs other than the untimed run's/);
});

test('a missing round or process makes the strategy void', () => {
  const round = reasonFor('floor', (cell) => seriesOf(cell, 'floor')[0]?.samples.pop());
  assert.match(round ?? '', /process 0 has \d+ of \d+ rounds/);
  const processNumber = reasonFor('floor', (cell) => {
    const [first] = seriesOf(cell, 'floor');
    cell.timing.series = cell.timing.series.filter((series) => series !== first);
  });
  assert.match(processNumber ?? '', /timed in \d+ of \d+ processes/);
});

test('a reference run that ends otherwise than the oracle makes a right strategy void', () => {
  const reason = reasonFor('floor', (cell) => {
    const reference = cell.timing.references.find(({ strategy }) => strategy === 'floor');
    if (reference) reference.maskedDigest = '0000000000000000';
  });
  assert.match(reason ?? '', /other than the oracle's/);
});

test('a strategy with a known failure may end otherwise than the oracle, though one replay of it did not', () => {
  const reason = reasonFor('floor', (cell) => {
    const check = cell.checks.find(({ strategy }) => strategy === 'floor');
    const [failure] = syntheticResults().cells.flatMap(({ checks }) =>
      checks.flatMap(({ findings }) => findings),
    );
    assert.ok(check?.matchesOracle && failure !== undefined);
    check.findings.push(failure);
    const reference = cell.timing.references.find(({ strategy }) => strategy === 'floor');
    if (reference) reference.maskedDigest = '0000000000000000';
  });
  assert.equal(reason, undefined);
});

test('a reference run that failed is told as what it is, in C too', () => {
  const failed = changed((cell) => {
    for (const reference of cell.timing.references) {
      if (reference.strategy !== 'floor') continue;
      Object.assign(reference, { maskedDigest: null, digests: [], error: 'the process ended: Killed' });
    }
    for (const series of cell.timing.series) if (series.strategy === 'floor') series.digestMatches = false;
  });
  for (const lane of LANES) {
    const { rows, void: voids } = compareCell(failed.results, failed.cell, undefined, lane);
    assert.deepEqual(voids, [
      { strategy: 'floor', reason: 'its untimed run failed: the process ended: Killed' },
    ]);
    assert.ok(rows.length > 0);
  }
});

test('a process in C is void on its own account, not on that of the one in V8 with its heap', () => {
  const reasonInC = (lane: Series['lane'], change: Partial<Series>) => {
    const { results, cell } = changed((one) => {
      for (const series of one.timing.series) {
        const isChanged = series.strategy === 'floor' && series.processNumber === 3 && series.lane === lane;
        if (isChanged) Object.assign(series, change);
      }
    });
    return compareCell(results, cell, undefined, 'c').void.map(({ reason }) => reason);
  };
  assert.deepEqual(reasonInC('v8', { error: 'it died', digest: null }), []);
  assert.deepEqual(reasonInC('v8', { digestMatches: false }), []);
  assert.deepEqual(reasonInC('c', { digestMatches: false }), [
    "process 3 ended with IRTEs other than the untimed run's",
  ]);
});

test('a process in C without one in V8 is valid if its untimed run has its digest', () => {
  const onlyC = (change: (cell: Cell) => void = () => {}) => {
    const { results, cell } = changed((one) => {
      one.timing.series = one.timing.series.filter(
        ({ lane, processNumber }) => lane === 'c' || processNumber < 5,
      );
      change(one);
    });
    return { results, cell };
  };
  const valid = onlyC();
  for (const [lane, processes] of [
    ['c', 10],
    ['v8', 5],
  ] as const) {
    const { rows, void: voids } = compareCell(valid.results, valid.cell, undefined, lane);
    assert.deepEqual(voids, []);
    assert.ok(rows.length > 0 && rows.every(({ logRatios }) => logRatios.length === processes), lane);
  }
  const spoil = (error: string | null) =>
    onlyC((cell) => {
      for (const series of cell.timing.series) {
        if (series.strategy === 'floor' && series.processNumber === 7) series.digestMatches = false;
      }
      for (const reference of cell.timing.references) {
        if (reference.strategy === 'floor') Object.assign(reference, { error });
      }
    });
  for (const [error, reason] of [
    [null, "process 7 ended with IRTEs other than the untimed run's"],
    ['Killed', 'its untimed run failed: Killed'],
  ] as const) {
    const { results, cell } = spoil(error);
    assert.deepEqual(compareCell(results, cell, undefined, 'c').void, [{ strategy: 'floor', reason }]);
  }
});

test('a batch that was taken again is in no figure', () => {
  const { results, cell } = changed(() => {});
  const figures = JSON.stringify([compareCell(results, cell), nanosecondsPerOperation(results, cell)]);
  for (const series of cell.timing.series) {
    const clocks = { round: 2, roundNs: 20_000_000, cpuNs: 5_000_000, clockMs: 0 };
    series.disturbed = [{ ...clocks, ns: 1e6, collections: 0, isOwn: true }];
    series.standing = [clocks];
  }
  assert.equal(JSON.stringify([compareCell(results, cell), nanosecondsPerOperation(results, cell)]), figures);
});

test('without the twin there is no control, and the reason is said', () => {
  const { results, cell } = changed((one) => {
    for (const series of seriesOf(one, 'ir-data-pointer', 'twin')) series.error = 'it died';
  });
  const { control, controlVoid, rows } = compareCell(results, cell);
  assert.equal(control, null);
  assert.equal(controlVoid, 'the twin is void: it died');
  assert.ok(rows.length > 0);
});

test('without the baseline there are no ratios, but times', () => {
  const { results, cell } = changed((one) => {
    for (const series of seriesOf(one, 'ir-data-pointer')) series.error = 'it died';
  });
  assert.deepEqual(compareCell(results, cell).rows, []);
  assert.ok(nanosecondsPerOperation(results, cell).length > 0);
});

test('the order in which strategies are registered changes no verdict', () => {
  const results = syntheticResults();
  const reversed = structuredClone(results);
  reversed.strategies.reverse();
  for (const { checks, timing } of reversed.cells) {
    checks.reverse();
    timing.series.reverse();
    timing.references.reverse();
  }
  const verdictsOf = (run: Results) =>
    run.cells.map((cell) =>
      compareCell(run, cell)
        .rows.map(({ strategy, verdict, adjustedP }) => `${strategy} ${verdict} ${adjustedP}`)
        .sort(),
    );
  assert.deepEqual(verdictsOf(reversed), verdictsOf(results));
});

test('a cell that was cut counts the processes that it has, and one that was not timed is not void', () => {
  const { results, cell } = changed(({ timing }) => {
    timing.processes = 4;
    timing.series = timing.series.filter(({ processNumber }) => processNumber < 4);
  });
  const { rows, void: voids } = compareCell(results, cell);
  assert.ok(rows.length > 0 && rows.every(({ logRatios }) => logRatios.length === 4));
  assert.deepEqual(voids, []);
  const none = changed(({ timing }) => Object.assign(timing, { processes: 0, series: [], references: [] }));
  const untimed = compareCell(none.results, none.cell);
  assert.deepEqual([untimed.rows, untimed.void, untimed.control], [[], [], null]);
  assert.equal(untimed.controlVoid, 'it was not timed');
});

test('who is still getting faster in the rounds is named, and noise is not', () => {
  const steady = changed(() => {});
  assert.deepEqual(changesAfterWarmUp(steady.results, steady.cell), []);
  const { results, cell } = changed((one) => {
    for (const series of seriesOf(one, 'floor')) {
      series.samples = series.samples.map((ns, round) => (round < 5 ? 1.2 * ns : ns));
    }
  });
  const [change, ...others] = changesAfterWarmUp(results, cell);
  assert.equal(change?.strategy, 'floor');
  assert.ok(Math.abs((change?.ratio.estimate ?? 0) - 1 / 1.2) < 0.03);
  assert.deepEqual(others, []);
});

test('who still changes is not named of four processes', () => {
  const { results, cell } = changed((one) => {
    one.timing.processes = 4;
    one.timing.series = one.timing.series.filter(({ processNumber }) => processNumber < 4);
    for (const series of seriesOf(one, 'floor')) {
      series.samples = series.samples.map((ns, round) => (round < 5 ? 1.2 * ns : ns));
    }
  });
  assert.deepEqual(changesAfterWarmUp(results, cell), []);
});

test('each lane has verdicts by its own processes', () => {
  const results = syntheticResults({ nativeProcesses: 4 });
  const cell = results.cells[0] as Cell;
  const verdictsIn = (lane: Lane) =>
    compareCell(results, cell, undefined, lane).rows.map(({ verdict }) => verdict);
  assert.ok(verdictsIn('v8').every((verdict) => verdict !== null));
  assert.equal(verdictsIn('c').length, 8);
  assert.ok(verdictsIn('c').every((verdict) => verdict === null));
});

test('the median half-width is that of the ratios’ intervals', () => {
  const { results } = changed(() => {});
  const comparisons = results.cells.map((cell) => compareCell(results, cell));
  const width = medianHalfWidth(comparisons);
  assert.ok(width !== null && width > 0.005 && width < 0.05, String(width));
  assert.equal(medianHalfWidth([]), null);
});
