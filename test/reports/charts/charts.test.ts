import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from 'canvas';
import fc from 'fast-check';
import { allCharts } from '../../../reports/charts/all-charts.js';
import { type Chart, linearScale, merged, placeOn, spreadOut } from '../../../reports/charts/chart.js';
import { strokeOf } from '../../../reports/charts/palette.js';
import { renderPng } from '../../../reports/charts/png.js';
import { svgOf } from '../../../reports/charts/svg.js';
import { fullResults } from '../full-results.js';
import { syntheticResults } from '../synthetic-results.js';

const charts = allCharts(fullResults());

test('each chart states a finding, its unit and which way is better, and measured charts their n', () => {
  const titles = charts.map(({ title }) => title);
  assert.deepEqual(titles, [
    'pinned: opaque-tag-hash takes 2.20x the time of ir-data-pointer',
    'The loop over IOMMUs and their locks: 56.6 of 93.5 ns',
    'Each IOMMU beyond the second costs opaque-tag-hash 2 lines, a list 0',
    'With many entries ir-data-pointer touches more lines than a hash',
    titles[4],
    'A global lock ends scaling; without one, each of 1,024 CPUs keeps 33%',
  ]);
  assert.match(titles[4] ?? '', /^A flush of 1 µs cuts the part above the bound from 7\d% to 3\.\d%$/);
  for (const { name, subtitle } of charts) {
    assert.match(subtitle, /(lower|higher) is better|% of the update/, name);
    assert.match(subtitle, /n = \d+|counted/, name);
  }
});

test('a run without the posted hash or the baseline has its charts too', () => {
  const results = fullResults();
  results.strategies = results.strategies.filter(({ id }) => id === 'posted-v4' || id === 'floor');
  const [times] = allCharts(results);
  assert.ok(times?.lines.every(({ position }) => position >= 0));
  assert.ok(renderPng(times as Chart).length > 1000);
});

test('equal lines become one line with all names', () => {
  const line = (label: string, ...ys: number[]) => ({
    label,
    position: 0,
    points: ys.map((y, x) => ({ x, y, note: '' })),
  });
  assert.deepEqual(
    merged([line('a', 1, 2), line('b', 1, 3), line('c', 1, 2)]).map(({ label }) => label),
    ['a = c', 'b'],
  );
});

test('a linear scale begins at 0, ends at or above the largest value, and has three to seven ticks', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (most) => {
      const scale = linearScale('', most);
      assert.equal(scale.ticks[0]?.value, 0);
      assert.ok(scale.max >= most * 0.999_999 && scale.max <= most * 2, `${most} ${scale.max}`);
      assert.ok(scale.ticks.length >= 3 && scale.ticks.length <= 7, `${most}: ${scale.ticks.length}`);
      assert.equal(placeOn(scale, scale.max), 1);
    }),
  );
});

test('labels that would overlap are moved apart, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 8 }), (heights) => {
      const placed = spreadOut(heights, 13, 0, 200);
      const sorted = placed.toSorted((a, b) => a - b);
      for (const [index, height] of sorted.slice(1).entries())
        assert.ok(height - (sorted[index] as number) > 12.99);
      for (const height of placed) assert.ok(height >= -1e-9 - 13 * 8 && height <= 200 + 1e-9);
    }),
  );
});

test('an SVG has no untrusted markup, no style attribute, and a tooltip for each mark', () => {
  const [chart] = charts as [Chart];
  const hostile = {
    ...chart,
    title: '"><script>',
    lines: chart.lines.map((line) => ({ ...line, label: '<img src=x>' })),
  };
  assert.doesNotMatch(svgOf(hostile), /<script|<img| style=/);
  for (const one of charts) {
    const svg = svgOf(one);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/, one.name);
    const marks = one.lines.filter(({ isModelled }) => !isModelled).flatMap(({ points }) => points);
    assert.equal(svg.match(/<circle/g)?.length ?? 0, marks.length);
  }
});

test('measured lines have marks, and modelled or simulated ones are dashed', () => {
  const chart = charts.find(({ name }) => name === 'many-cpus');
  assert.ok(chart);
  for (const { isModelled, points } of chart.lines)
    assert.equal(Math.max(...points.map(({ x }) => x)) > 2, isModelled === true);
});

test('every chart is drawn on white in the own colour of each strategy, and strategies of a chart differ in colour', async () => {
  const runs = [charts, allCharts(syntheticResults({ suite: 'quick', processes: 1, rounds: 3 }))];
  for (const chart of runs.flat()) {
    const png = renderPng(chart);
    const image = await loadImage(png);
    const context = createCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    assert.ok(pixels.filter((pixel) => pixel !== 0xffff_ffff).length > 3000, chart.name);
    const seen = new Set(pixels);
    const colours = [...new Set(chart.lines.map(({ position }) => strokeOf(position).light))];
    for (const light of colours) {
      const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(light.slice(start, start + 2), 16));
      const pixel = new Uint32Array(
        new Uint8Array([red as number, green as number, blue as number, 255]).buffer,
      )[0];
      assert.ok(seen.has(pixel as number), `${chart.name}: ${light}`);
    }
    if (chart.rows !== undefined) continue;
    const positions = new Set(chart.lines.map(({ position }) => position));
    assert.equal(colours.length, positions.size, chart.name);
  }
});

test('the same chart gives the same bytes', () => {
  const [chart] = charts as [Chart];
  assert.deepEqual(renderPng(chart), renderPng(structuredClone(chart)));
});
