import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from 'canvas';
import fc from 'fast-check';
import { decode } from 'fast-png';
import type { Results } from '../../../harness/results/results.js';
import { allCharts } from '../../../reports/charts/all-charts.js';
import { logarithmicAxis } from '../../../reports/charts/axis.js';
import type { Chart } from '../../../reports/charts/chart.js';
import { strokeOf } from '../../../reports/charts/palette.js';
import { renderPng } from '../../../reports/charts/png.js';
import { crossoverResults, syntheticResults } from '../synthetic-results.js';

/** Pixels of an image that are not white, and how many colours there are. */
async function inkOf(png: Buffer): Promise<{ inked: number; colours: number; corner: number[] }> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const white = 0xffff_ffff;
  return {
    inked: pixels.filter((pixel) => pixel !== white).length,
    colours: new Set(pixels).size,
    corner: [...new Uint8Array(pixels.buffer, 0, 4)],
  };
}

/** The charts with a row for each strategy: ratios, and ns per operation. */
function rowCharts(results: Results): Chart[] {
  return allCharts(results).filter(({ name }) => /-(ratio|ns)$/.test(name));
}

function labelsOf({ config }: Chart): string[] {
  const y = config.options?.scales?.y as { labels: string[][] };
  return y.labels.map((lines) => lines.join(' '));
}

test('each workload has a chart of ratios and one of ns per operation, named by ids only', () => {
  const names = rowCharts(syntheticResults()).map(({ name }) => name);
  assert.deepEqual(names, [
    'pinned-ratio',
    'beyond-255-vms-ratio',
    'recorded-ratio',
    'pinned-ns',
    'beyond-255-vms-ns',
    'recorded-ns',
  ]);
});

test('a configuration is plain JSON', () => {
  for (const { config } of allCharts(crossoverResults())) {
    assert.deepEqual(JSON.parse(JSON.stringify(config)), config);
  }
});

test('the A/A twin has the first row, and wrong or void strategies say so in their label', () => {
  const [, wrong, unreliable] = rowCharts(syntheticResults()).map(labelsOf);
  assert.equal(wrong?.[0], 'ir-data-pointer (A/A twin)');
  assert.ok(wrong?.includes('posted-v4 (wrong answers)'));
  assert.ok(wrong?.includes('wide-vm-id-hash'));
  assert.equal(unreliable?.[0], 'ir-data-pointer (A/A: unreliable)');
  assert.ok(unreliable?.includes('pointer-as-tag (void)'));
});

test('every chart says that it is a V8 model without the cost of atomics', () => {
  for (const { config } of rowCharts(syntheticResults())) {
    assert.match(String(config.options?.plugins?.title?.text), /V8 model.*locks are plain loads and stores/);
  }
});

test('a chart of a recording says that part of it is assumed', () => {
  const titles = rowCharts(syntheticResults()).map(({ config }) =>
    String(config.options?.plugins?.title?.text),
  );
  assert.match(titles.at(-1) ?? '', /recorded, the rest is assumed/);
  assert.doesNotMatch(titles[0] ?? '', /assumed/);
});

test('a single process gives points without lines, and the caption says why', () => {
  for (const { config, caption } of rowCharts(
    syntheticResults({ suite: 'quick', processes: 1, rounds: 3 }),
  )) {
    assert.ok(config.data.datasets.every((dataset) => dataset.showLine === false));
    assert.match(caption, /A single process has no interval/);
  }
});

test('every logarithmic axis has three to seven ticks with labels of their own, inside its ends', () => {
  const logs = fc.tuple(
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: 0.026, max: 6, noNaN: true }),
  );
  fc.assert(
    fc.property(logs, ([low, span]) => {
      const { min, max, ticks } = logarithmicAxis(10 ** low, 10 ** (low + span));
      assert.ok(ticks.length >= 3 && ticks.length <= 7, `${min} to ${max}: ${ticks.join(' ')}`);
      assert.ok(ticks.every((tick) => tick >= min && tick <= max));
      assert.equal(new Set(ticks.map((tick) => tick.toPrecision(4))).size, ticks.length);
      // A tenth of the axis: room for a label on a narrow screen.
      const gaps = ticks.slice(1).map((tick, index) => Math.log(tick / (ticks[index] as number)));
      assert.ok(Math.min(...gaps) > 0.0999 * Math.log(max / min), `${min} to ${max}: ${ticks.join(' ')}`);
    }),
  );
});

test('every chart is drawn on white with ink in more than one colour, one process or many', async () => {
  const runs = [crossoverResults(), syntheticResults({ suite: 'quick', processes: 1, rounds: 3 })];
  for (const chart of runs.flatMap(allCharts)) {
    const { inked, colours, corner } = await inkOf(renderPng(chart));
    assert.ok(inked > 5000, `${chart.name}: ${inked} pixels`);
    assert.ok(colours > 20, `${chart.name}: ${colours} colours`);
    assert.deepEqual(corner, [255, 255, 255, 255]);
  }
});

test('the same chart gives the same bytes', () => {
  const [chart] = rowCharts(syntheticResults()) as [Chart];
  assert.deepEqual(renderPng(chart), renderPng(structuredClone(chart)));
});

test('the palette of an image has the own colour of every strategy that the chart draws', async () => {
  for (const chart of allCharts(syntheticResults())) {
    const { palette } = decode(renderPng(chart));
    const text = JSON.stringify(chart.config.data.datasets);
    for (const [position] of syntheticResults().strategies.entries()) {
      const { light } = strokeOf(position);
      if (!text.includes(light)) continue;
      const channels = [1, 3, 5].map((start) => Number.parseInt(light.slice(start, start + 2), 16));
      assert.ok(
        palette?.some((colour) => colour.slice(0, 3).join() === channels.join()),
        `${chart.name}: ${light}`,
      );
    }
  }
});
