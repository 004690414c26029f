import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean, median } from 'simple-statistics';
import { SIMULATED_CPUS } from '../../../harness/method.js';
import { type Contention, type Results, resultsSchema } from '../../../harness/results/results.js';
import {
  agreements,
  ceilingByHand,
  furthestApart,
  sharedLock,
  simulatedPoints,
} from '../../../reports/figures/contention-simulation.js';
import { type ThreadedLane, threadedLanes } from '../../../reports/figures/contention-throughput.js';
import { renderFullText } from '../../../reports/text/full-text.js';
import { syntheticResults } from '../synthetic-results.js';

type Contended = Results & { contention: Contention };

function contended(change: (contention: Contention) => void = () => undefined): Contended {
  const results = syntheticResults();
  assert.ok(results.contention);
  change(results.contention);
  return resultsSchema.parse(results) as Contended;
}

function laneOf(results: Results, lane: 'v8' | 'c'): ThreadedLane {
  const found = threadedLanes(results).find((one) => one.lane === lane);
  assert.ok(found);
  return found;
}

function pointOf(lane: ThreadedLane, strategy: string, threads: number) {
  const point = lane.strategies
    .find((one) => one.strategy === strategy)
    ?.points.find((one) => one.threads === threads);
  assert.ok(point, `${strategy}, ${threads}`);
  return point;
}

const near = (one: number | undefined, other: number, what: string) =>
  assert.ok(Math.abs((one ?? Number.NaN) / other - 1) < 1e-9, `${what}: ${one}, not ${other}`);

test('throughput is the sum over threads, the median over runs, the geometric mean over processes', () => {
  const results = contended();
  const own = results.contention.series.filter(
    ({ strategy, lane }) => strategy === 'merged-4.9' && lane === 'c',
  );
  const logs = (threads: number) =>
    own.map(({ runs }) =>
      Math.log(
        median(
          runs.filter((run) => run.threads === threads).map(({ rates }) => rates.reduce((a, b) => a + b, 0)),
        ),
      ),
    );
  const lane = laneOf(results, 'c');
  for (const threads of [1, 2]) {
    near(
      pointOf(lane, 'merged-4.9', threads).perSecond.estimate,
      Math.exp(mean(logs(threads))),
      `${threads} threads`,
    );
  }
  const [one, two] = [logs(1), logs(2)];
  near(
    pointOf(lane, 'merged-4.9', 2).scaling?.estimate,
    Math.exp(mean(two.map((log, processNumber) => log - (one[processNumber] as number)))),
    'scaling',
  );
  assert.equal(pointOf(lane, 'merged-4.9', 1).scaling, null);
});

test("an interval is Student's t of the logarithms over processes", () => {
  // Five processes at 1, 2, 4, 8 and 16 M/s: mean ln 4 M, deviation sqrt(2.5) ln 2, t(0.975, 4) = 2.776445.
  const results = contended(({ series }) => {
    for (const one of series.filter(({ strategy }) => strategy === 'floor')) {
      one.runs = [
        { threads: 1, rates: [1e6 * 2 ** one.processNumber] },
        { threads: 2, rates: [1e6, 1e6] },
      ];
    }
  });
  const { perSecond, scaling } = pointOf(laneOf(results, 'c'), 'floor', 1);
  const half = (2.776445 * Math.sqrt(2.5) * Math.log(2)) / Math.sqrt(5);
  near(perSecond.estimate, 4e6, 'estimate');
  assert.ok(Math.abs(Math.log(perSecond.high / 4e6) - half) < 1e-5);
  assert.ok(Math.abs(Math.log(perSecond.low / 4e6) + half) < 1e-5);
  assert.equal(scaling, null);
  // Of each process 2 over 1, 2, 4, 8 and 16.
  near(pointOf(laneOf(results, 'c'), 'floor', 2).scaling?.estimate, 0.5, 'scaling');
});

test('the ratio to the baseline is paired by process, and the baseline has none', () => {
  const results = contended(({ series }) => {
    // Processes of one process are alike: unpaired they would scatter by a factor of ten.
    for (const one of series) {
      const total = 1e6 * 10 ** one.processNumber * (one.strategy === 'floor' ? 3 : 1);
      one.runs = [
        { threads: 1, rates: [total] },
        { threads: 2, rates: [total, total] },
      ];
    }
  });
  const ratio = pointOf(laneOf(results, 'c'), 'floor', 2).toBaseline;
  for (const value of [ratio?.low, ratio?.estimate, ratio?.high]) near(value, 3, 'ratio');
  assert.equal(pointOf(laneOf(results, 'c'), 'ir-data-pointer', 2).toBaseline, null);
});

const VOIDS: readonly (readonly [string, RegExp, (contention: Contention, index: number) => void])[] = [
  [
    'an error',
    /the child died/,
    ({ series }, index) => Object.assign(series[index] ?? {}, { error: 'the child died' }),
  ],
  [
    'a state that is not at rest',
    /process 0 ended with a wrong IRTE/,
    ({ series }, index) => Object.assign(series[index] ?? {}, { isQuiescent: false }),
  ],
  [
    'a missing process',
    /it was run in 4 of 5 processes/,
    ({ series }, index) => void series.splice(index, 1),
  ],
  [
    'a missing run',
    /process 0 has no run of 2 threads/,
    ({ series }, index) => {
      const found = series[index];
      if (found) found.runs = found.runs.filter(({ threads }) => threads === 1);
    },
  ],
  [
    'a run without the rates of all threads',
    /process 0 has 1 rate of 2 threads/,
    ({ series }, index) => void series[index]?.runs.find(({ threads }) => threads === 2)?.rates.pop(),
  ],
];

for (const [what, reason, spoil] of VOIDS) {
  test(`${what} makes a strategy void in its lane, and that is said everywhere`, () => {
    const results = contended((contention) => {
      const index = contention.series.findIndex(
        ({ strategy, lane }) => strategy === 'opaque-tag-hash' && lane === 'c',
      );
      spoil(contention, index);
    });
    const lane = laneOf(results, 'c');
    assert.deepEqual(
      lane.void.map(({ strategy }) => strategy),
      ['opaque-tag-hash'],
    );
    assert.match(lane.void[0]?.reason ?? '', reason);
    assert.equal(lane.strategies.length, 8);
    assert.deepEqual(laneOf(results, 'v8').void, []);
    assert.match(renderFullText(results).replace(/\s+/g, ' '), /opaque-tag-hash is void with threads in C: /);
    assert.match(renderFullText(results).replace(/\s+/g, ' '), reason);
  });
}

test('a void baseline leaves no ratio to it', () => {
  const results = contended(({ series }) => {
    for (const one of series) if (one.strategy === 'ir-data-pointer') one.error = 'it died';
  });
  assert.ok(
    laneOf(results, 'c').strategies.every(({ points }) => points.every((point) => point.toBaseline === null)),
  );
  assert.doesNotMatch(renderFullText(results), /NaN|undefined|Infinity/);
});

test('simulated points are taken by their CPUs', () => {
  const { contention } = contended(({ simulated }) => {
    for (const { points } of simulated) points.reverse();
  });
  const cpus = simulatedPoints(contention, 'floor', 'c').map((point) => point.cpus);
  assert.deepEqual(cpus, [...SIMULATED_CPUS, 512, 1024]);
});

test('the largest disagreement of simulation and measurement is named', () => {
  const results = contended(({ simulated }) => {
    const one = simulated.find(({ strategy, lane }) => strategy === 'merged-4.9' && lane === 'c');
    for (const point of one?.points ?? []) if (point.cpus === 2) point.perSecond *= 2;
  });
  const furthest = furthestApart(agreements(results, threadedLanes(results)));
  assert.deepEqual([furthest?.strategy, furthest?.threads, furthest?.lane], ['merged-4.9', 2, 'c']);
  assert.match(
    renderFullText(results).replace(/\s+/g, ' '),
    /\(merged-4\.9, 2 threads, C\), MORE than the accepted 25%/,
  );
});

test('a lock that all CPUs take is told by what is counted, and its ceiling can be checked by hand', () => {
  const { contention } = contended();
  assert.equal(sharedLock(contention, 'opaque-tag-hash')?.name, 'gatag_hash');
  assert.equal(sharedLock(contention, 'ir-data-pointer'), null);
  assert.equal(sharedLock(contention, 'unknown'), undefined);
  assert.equal(ceilingByHand({ perUpdate: 1 }, 80), 12.5e6);
  assert.equal(ceilingByHand({ perUpdate: 2 }, 200), 2.5e6);
});

test('a run with one thread, or without threads, says what it does not have', () => {
  const one = contended((contention) => {
    contention.threads = 1;
    for (const series of contention.series) series.runs = series.runs.filter(({ threads }) => threads === 1);
  });
  const text = renderFullText(one).replace(/\s+/g, ' ');
  assert.match(text, /strategy geomean 1 thread global locks/);
  assert.doesNotMatch(text, /2 threads/);
  const none = renderFullText({ ...syntheticResults(), contention: null }).replace(/\s+/g, ' ');
  assert.match(none, /Nothing was run with several threads/);
});
