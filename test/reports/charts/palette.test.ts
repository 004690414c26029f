import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strokeOf } from '../../../reports/charts/palette.js';
import { positionOf } from '../../../reports/charts/run-charts.js';
import { SHOWN } from '../../../reports/figures/strategies.js';
import { fullResults } from '../full-results.js';

type Triple = readonly [number, number, number];

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const SIGHT: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** The eight colours of Okabe and Ito, a common choice, are 0.076 apart by the same measure. */
const LEAST_DISTANCE = 0.08;

function linearRgb(colour: string): Triple {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red as number, green as number, blue as number];
}

function product(rows: readonly Triple[], vector: Triple): Triple {
  const [x, y, z] = rows.map((row) =>
    row.reduce((sum, factor, i) => sum + factor * (vector[i] as number), 0),
  );
  return [x as number, y as number, z as number];
}

function oklab(rgb: Triple): Triple {
  const inRange = rgb.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple;
  const cones = product(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    inRange,
  ).map(Math.cbrt) as unknown as Triple;
  return product(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function contrast(a: string, b: string): number {
  const [darker, lighter] = [a, b]
    .map(linearRgb)
    .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue)
    .sort((x, y) => x - y) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

const PAPER = { light: '#ffffff', dark: '#15181d' };

const strokes = Array.from({ length: 12 }, (_, position) => strokeOf(position));

for (const theme of ['light', 'dark'] as const) {
  test(`twelve strategies stand out from ${theme} paper`, () => {
    for (const stroke of strokes) assert.ok(contrast(stroke[theme], PAPER[theme]) >= 3, stroke[theme]);
  });

  for (const [sight, matrix] of Object.entries(SIGHT)) {
    test(`twelve strategies can be told apart on ${theme} paper with ${sight} sight`, () => {
      const seen = strokes.map((stroke) => oklab(product(matrix, linearRgb(stroke[theme]))));
      seen.forEach((a, i) => {
        seen.slice(0, i).forEach((b, j) => {
          const apart = distance(a, b);
          assert.ok(apart >= LEAST_DISTANCE, `${strokes[i]?.[theme]} and ${strokes[j]?.[theme]}: ${apart}`);
        });
      });
    });
  }
}

test('the names of the lines in charts can be read', () => {
  const { strategies } = fullResults();
  for (const id of SHOWN) {
    const stroke = strokeOf(positionOf({ strategies }, id));
    for (const theme of ['light', 'dark'] as const)
      assert.ok(contrast(stroke[theme], PAPER[theme]) >= 4.5, `${id}: ${stroke[theme]}`);
  }
});

test('sixty strategies each have a pair of colour and dash of their own', () => {
  const pairs = Array.from({ length: 60 }, (_, position) => JSON.stringify(strokeOf(position)));
  assert.equal(new Set(pairs).size, 60);
});
