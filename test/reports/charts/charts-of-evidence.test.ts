import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Results } from '../../../harness/results/results.js';
import { allCharts } from '../../../reports/charts/all-charts.js';
import type { Chart } from '../../../reports/charts/chart.js';
import { crossoverCharts } from '../../../reports/charts/crossover-charts.js';
import { DARK_COLOURS, strokeOf } from '../../../reports/charts/palette.js';
import { analyseCells, type CellAnalysis, FLOOR } from '../../../reports/figures/cell-analysis.js';
import { crossoverMaps, crossoverTable } from '../../../reports/figures/crossover.js';
import { batchTimes, distributionTable, processTable } from '../../../reports/figures/distributions.js';
import { memoryAndSpeed, memorySpeedTable } from '../../../reports/figures/memory-speed.js';
import { relativeTimes, relativeTimeTable } from '../../../reports/figures/relative-times.js';
import { crossoverResults, syntheticResults } from '../synthetic-results.js';

const results = crossoverResults();
const charts = new Map(allCharts(results).map((chart) => [chart.name, chart]));
const [pinned, beyond, recorded] = analyseCells(results) as [CellAnalysis, CellAnalysis, CellAnalysis];

function chart(name: string): Chart {
  const found = charts.get(name);
  assert.ok(found, name);
  return found;
}

function annotationsOf(name: string): [string, Record<string, unknown>][] {
  return Object.entries(chart(name).config.options?.plugins?.annotation?.annotations ?? {}).map(
    ([key, annotation]) => [key, { ...annotation }],
  );
}

/** The pairs that a dataset of a strategy has. */
function pairsOf(name: string, strategy: string): [number, number | null][] {
  const dataset = chart(name).config.data.datasets.find(({ label }) => label === strategy);
  return dataset?.data as [number, number | null][];
}

test('the charts of a run, in the order of the page', () => {
  const forWorkloads = (...endings: string[]) =>
    ['pinned', 'beyond-255-vms', 'recorded'].flatMap((id) => endings.map((ending) => `${id}-${ending}`));
  assert.deepEqual(
    [...charts.keys()],
    [
      'counted-load',
      'sweep-entriesPerVcpu-lines',
      'crossover-counted',
      'crossover-v8',
      'crossover-c',
      'contention',
      'contention-threads',
      ...forWorkloads('ratio'),
      'heatmap',
      'memory-speed',
      ...forWorkloads('ns'),
      ...forWorkloads('ecdf', 'series'),
    ],
  );
});

test('every colour of every chart has a dark counterpart', () => {
  for (const { name, config } of charts.values()) {
    for (const [colour] of JSON.stringify(config).matchAll(/#[0-9a-f]{3,8}/g)) {
      assert.ok(colour in DARK_COLOURS, `${name}: ${colour}`);
    }
  }
});

test('every chart of times says in its title that it is of the V8 model, or of C on the model', () => {
  for (const { name, config } of charts.values()) {
    const title = String(config.options?.plugins?.title?.text);
    if (/^counted|-lines$|-counted$/.test(name)) assert.match(title, /counted/, name);
    else if (name.endsWith('-c') || name === 'contention')
      assert.match(title, /C on the model, not the kernel/, name);
    else if (name === 'contention-threads')
      assert.match(title, /C and V8 on the model, not the kernel/, name);
    else assert.match(title, /V8 model, not the kernel/, name);
  }
});

test('a strategy has the same colour and dash in every chart', () => {
  const lines = [...charts.values()].flatMap(({ config }) => config.data.datasets);
  results.strategies.forEach(({ id }, position) => {
    const stroke = strokeOf(position);
    const own = lines.filter(({ label, borderDash }) => label === id && borderDash !== undefined);
    assert.ok(own.length >= 10, `${id} in ${own.length} charts`);
    for (const { borderColor, borderDash } of own) {
      assert.deepEqual([borderColor, borderDash], [stroke.light, [...stroke.dash]], id);
    }
  });
});

test('the heat map has one baseline, and names no best design', () => {
  for (const cell of [pinned, beyond, recorded]) {
    const times = relativeTimes(results, cell);
    const ratioOf = (id: string) => times.find(({ strategy }) => strategy === id)?.ratio ?? 0;
    assert.equal(ratioOf('ir-data-pointer'), 1);
    assert.ok(ratioOf(FLOOR) < 1);
    assert.ok(ratioOf('opaque-tag-hash') > 3);
  }
  for (const run of [results, syntheticResults({ processes: 4 })]) {
    for (const { name, config, caption } of allCharts(run)) {
      const text = `${caption} ${config.options?.plugins?.title?.text} ${JSON.stringify(config.data.datasets)}`;
      assert.doesNotMatch(
        text,
        run === results ? /the best (of|design)/ : /the best|is better in both/,
        name,
      );
    }
  }
});

test('of four processes only counted maps of the crossover name the design that takes less', () => {
  for (const { name, config, caption } of crossoverCharts(crossoverResults({ processes: 4 }))) {
    const text = `${caption} ${JSON.stringify(config.data.datasets)}`;
    assert.equal(/takes less/.test(text), name === 'crossover-counted', name);
  }
});

test('every chart of times says how few processes it is of', () => {
  const headings = (run: Results) =>
    new Map(allCharts(run).map(({ name, config }) => [name, String(config.options?.plugins?.title?.text)]));
  const isTimed = (name: string) =>
    /-(ratio|ns|ecdf|series|v8|c)$|^(heatmap|memory-speed|contention.*)$/.test(name);
  const few = headings(crossoverResults({ processes: 4 }));
  assert.ok([...few.keys()].filter(isTimed).length > 15);
  for (const [name, heading] of few)
    assert.equal(/4 processes: no verdict/.test(heading), isTimed(name), name);
  const inC = headings(crossoverResults({ nativeProcesses: 4 }));
  const doubtful = [...inC].filter(([, heading]) => /no verdict/.test(heading)).map(([name]) => name);
  assert.deepEqual(doubtful, ['crossover-c']);
});

test('cells of the heat map say what its table says, wrong and void in words', () => {
  const { head, rows } = relativeTimeTable(results, [pinned, beyond, recorded]);
  const cells = new Map(annotationsOf('heatmap'));
  assert.equal(cells.size, 3 * rows.length);
  rows.forEach(([, ...figures], row) => {
    figures.forEach((figure, column) => {
      const label = cells.get(`cell-${column}-${row}`)?.label as { content: string[] } | undefined;
      assert.equal(label?.content.join(' '), figure);
    });
  });
  assert.equal(head[3], 'recorded (A/A unreliable)');
  assert.match(rows.find(([id]) => id === 'posted-v4')?.[2] ?? '', /^\d\.\d\d wrong$/);
  assert.equal(rows.find(([id]) => id === 'pointer-as-tag')?.[3], 'void');
});

test('a deeper colour is a greater ratio', () => {
  const box = (column: number, row: number) =>
    new Map(annotationsOf('heatmap')).get(`cell-${column}-${row}`)?.backgroundColor;
  const heat = chart('heatmap').config.data.datasets.map(({ backgroundColor }) => backgroundColor);
  const rowOf = (id: string) => results.strategies.findIndex((strategy) => strategy.id === id);
  assert.equal(heat.indexOf(box(0, rowOf('ir-data-pointer')) as string), 0);
  assert.equal(heat.indexOf(box(0, rowOf('merged-4.9')) as string), 1);
  assert.equal(heat.indexOf(box(1, rowOf('opaque-tag-hash')) as string), 4);
});

test('a distribution goes from 0 to 1 and never down, with one step for each batch', () => {
  const pairs = pairsOf('pinned-ecdf', 'opaque-tag-hash') as [number, number][];
  assert.equal(pairs.length, 1 + 100);
  assert.deepEqual([pairs[0]?.[1], pairs.at(-1)?.[1]], [0, 1]);
  pairs.slice(1).forEach(([x, y], index) => {
    const [before, below] = pairs[index] as [number, number];
    assert.ok(x >= before && y > below);
  });
});

test('the table of a distribution has its ends and its middle', () => {
  const { head, rows } = distributionTable(pinned, batchTimes(results, pinned));
  assert.deepEqual(head, ['strategy', 'least', 'p10', 'p50', 'p90', 'p99', 'greatest']);
  const pairs = pairsOf('pinned-ecdf', 'opaque-tag-hash');
  const row =
    rows
      .find(([id]) => id === 'opaque-tag-hash')
      ?.slice(1)
      .map(Number) ?? [];
  assert.deepEqual(
    row,
    row.toSorted((a, b) => a - b),
  );
  assert.ok(Math.abs((row[0] as number) - (pairs[0]?.[0] as number)) < 0.01);
  assert.ok(Math.abs((row[5] as number) - (pairs.at(-1)?.[0] as number)) < 0.01);
});

test('a series has the batches in the order measured, broken and marked at each new process', () => {
  const pairs = pairsOf('pinned-series', 'floor');
  const samples = pinned.cell.timing.series
    .filter(({ strategy, lane }) => strategy === 'floor' && lane === 'v8')
    .flatMap((one) => one.samples);
  const measured = pairs.filter(([, y]) => y !== null);
  assert.deepEqual(
    measured.map(([x]) => x),
    samples.map((_, index) => index),
  );
  assert.deepEqual(
    measured.map(([, y]) => y),
    samples.map((ns) => Number(ns.toPrecision(4))),
  );
  assert.equal(pairs.length - measured.length, 10);
  const marks = annotationsOf('pinned-series').filter(([key]) => key.startsWith('process-'));
  assert.deepEqual(
    marks.map(([, { value }]) => value),
    [9.5, 19.5, 29.5, 39.5, 49.5, 59.5, 69.5, 79.5, 89.5],
  );
});

test('a void strategy has no samples to show', () => {
  assert.equal(pairsOf('recorded-ecdf', 'pointer-as-tag'), undefined);
  const { head, rows } = processTable(recorded);
  assert.equal(head.length, 1 + 10);
  assert.deepEqual(
    rows.map(([id]) => id),
    results.strategies.map(({ id }) => id).filter((id) => id !== 'pointer-as-tag'),
  );
});

test('counted lines of a metric are as long as the counts are beside each other, and end with them', () => {
  const bars = new Map(annotationsOf('counted-load'));
  assert.equal(bars.size, 5 * results.strategies.length);
  // Lines of the first and the last strategy: 28 and 12; words: 97 and 41.
  const [most, least] = [bars.get('count-0-0'), bars.get('count-0-8')];
  assert.deepEqual([most?.content, least?.content], ['28', '12']);
  assert.ok(Math.abs((most?.xValue as number) / (least?.xValue as number) - 28 / 12) < 1e-9);
  assert.equal(bars.get('count-4-8')?.content, '41');
});

test('memory against speed: the baseline at 1 without an interval, hollow where answers are wrong', () => {
  const rows = memoryAndSpeed(results, pinned);
  const baseline = rows.find(({ strategy }) => strategy === 'ir-data-pointer');
  assert.equal(baseline?.ratio.estimate, 1);
  const datasets = chart('memory-speed').config.data.datasets;
  assert.equal(datasets.length, results.strategies.length);
  assert.equal(datasets.find(({ label }) => label === 'ir-data-pointer')?.data.length, 1);
  const { rows: written } = memorySpeedTable(results, pinned, rows);
  assert.deepEqual(written.find(([id]) => id === 'ir-data-pointer')?.slice(1), [
    '1',
    '',
    '256.0 KiB',
    '262,144',
    'right',
  ]);
  assert.equal(
    memoryAndSpeed(results, recorded).some(({ strategy }) => strategy === 'pointer-as-tag'),
    false,
  );
  assert.ok(memoryAndSpeed(results, beyond).find(({ strategy }) => strategy === 'posted-v4')?.isWrong);
});

/** Which cells of a map are hatched, and what all of them say. */
function mapOf(name: string) {
  const annotations = annotationsOf(name);
  const hatched = new Set(annotations.flatMap(([key]) => /^hatching-(\d+-\d+)-/.exec(key)?.slice(1) ?? []));
  const cells = annotations.filter(([key]) => key.startsWith('cell-'));
  return {
    hatched: [...hatched],
    figures: Object.fromEntries(
      cells.map(([key, { label }]) => [key.slice(5), (label as { content: string[] }).content[0]]),
    ),
    colours: Object.fromEntries(cells.map(([key, { backgroundColor }]) => [key.slice(5), backgroundColor])),
  };
}

test('the counted map is hatched where the designs differ by less than the band, and nowhere else', () => {
  const { hatched, figures, colours } = mapOf('crossover-counted');
  // Columns 1 and 16 entries of a vCPU; rows 512 above 64 entries of the host.
  assert.deepEqual(hatched, ['1-1']);
  assert.equal(figures['1-1'], '1.000');
  assert.ok(Number(figures['0-0']) < 0.97 && Number(figures['1-0']) > 1.03);
  const [lookUp, pointer] = chart('crossover-counted').config.data.datasets;
  assert.deepEqual([colours['0-0'], colours['1-0']], [pointer?.backgroundColor, lookUp?.backgroundColor]);
  assert.match(pointer?.label ?? '', /^ir-data-pointer takes less/);
});

for (const lane of ['v8', 'c']) {
  test(`the map timed in ${lane} is hatched where the interval has 1 in it, and nowhere else`, () => {
    const { hatched, figures } = mapOf(`crossover-${lane}`);
    assert.deepEqual(hatched, ['0-1']);
    assert.deepEqual(figures['0-1'], '1.000');
    assert.ok(Number(figures['0-0']) < 0.3);
  });
}

test('with four processes no two designs are told apart, and all of a timed map is hatched, each lane by its own', () => {
  const told = (run: Results) =>
    crossoverMaps(run)
      .filter(({ source }) => source !== 'counted')
      .map(({ source, cells }) => [source, cells.filter(({ isSeparated }) => isSeparated).length]);
  assert.deepEqual(told(crossoverResults({ processes: 4 })), [
    ['v8', 0],
    ['c', 0],
  ]);
  assert.deepEqual(told(crossoverResults({ nativeProcesses: 4 })), [
    ['v8', 3],
    ['c', 0],
  ]);
  assert.deepEqual(told(crossoverResults({ suite: 'quick', processes: 5 })), [
    ['v8', 3],
    ['c', 3],
  ]);
});

test('the table of a map has entries by entries of a vCPU, and marks what is not told apart', () => {
  const [counted, v8] = crossoverMaps(results).map((map) => crossoverTable(results, map));
  assert.deepEqual(counted?.head, ['entries', '1 per vCPU', '16 per vCPU']);
  assert.deepEqual(counted?.rows[0]?.slice(0, 1).concat(counted.rows[0]?.[2] ?? ''), ['64', '1.000 *']);
  assert.match(v8?.rows[0]?.[1] ?? '', /^1\.000 \[1\.000, 1\.000\] \*$/);
  assert.match(v8?.rows[1]?.[1] ?? '', /^0\.2\d\d \[0\.2\d\d, 0\.2\d\d\]$/);
});

test('a run without one of the two designs, or without such hosts, has no map', () => {
  const without: Results = {
    ...results,
    sweeps: results.sweeps.map((point) => ({
      ...point,
      cell: null,
      counted: point.counted.filter(({ strategy }) => strategy !== 'opaque-tag-hash'),
    })),
  };
  assert.deepEqual(crossoverMaps(without), []);
  assert.deepEqual(crossoverMaps(syntheticResults()), []);
});

test('timed curves have an interval at each point, and none where it has no bounds', () => {
  const timed = (run: Results): Results => ({
    ...run,
    sweeps: run.sweeps.map((point) => ({
      ...point,
      cell: { ...(run.cells[0] as Results['cells'][number]), workload: `at-${point.value}` },
    })),
  });
  const curvesOf = (run: Results, lane: string) =>
    allCharts(timed(run)).filter(({ name }) => name === `sweep-entriesPerVcpu-ns-${lane}`);
  const intervalsOf = (run: Results) =>
    curvesOf(run, 'v8')
      .flatMap(({ config }) => Object.keys(config.options?.plugins?.annotation?.annotations ?? {}))
      .filter((key) => key.startsWith('interval-'));
  assert.equal(intervalsOf(syntheticResults()).length, 3 * results.strategies.length);
  assert.equal(intervalsOf(syntheticResults({ suite: 'quick', processes: 1, rounds: 3 })).length, 0);
  // Of each lane by its own processes.
  const inC = syntheticResults({ nativeProcesses: 4 });
  const headings = ['v8', 'c'].map((lane) =>
    String(curvesOf(inC, lane)[0]?.config.options?.plugins?.title?.text),
  );
  assert.doesNotMatch(headings[0] ?? '', /no verdict/);
  assert.match(headings[1] ?? '', /4 processes: no verdict/);
});
