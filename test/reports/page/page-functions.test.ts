import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvParseRows } from 'd3-dsv';
import fc from 'fast-check';
import { conditionText } from '../../../reports/page/conditions.js';
import { csvText } from '../../../reports/page/copy.js';
import { firstNumber, orderOf } from '../../../reports/page/sort.js';

test('a number is found in every form that reports use', () => {
  const found: readonly (readonly [string, number | null])[] = [
    ['1,234', 1234],
    ['1,234,567.5', 1_234_567.5],
    ['-3.5', -3.5],
    ['+2', 2],
    ['1.0e+4', 10_000],
    ['2.5e-4', 0.00025],
    ['85%', 0.85],
    ['2.15x [2.1, 2.2]', 2.15],
    ['41.2 ±0.5', 41.2],
    ['512 B', 512],
    ['1.5 MiB', 1.5 * 2 ** 20],
    ['256.0 KiB', 2 ** 18],
    ['0.98 [0.9, 1.1]', 0.98],
    ['[12, 14]', 12],
    ['12 / 3', 12],
    ['16,384 / 0', 16_384],
    ['void', null],
    ['-', null],
    ['', null],
  ];
  for (const [text, number] of found) assert.equal(firstNumber(text), number, text);
});

test('a column of numbers sorts by number and unit, and texts without a number come last in both directions', () => {
  const texts = ['1.5 MiB', 'void', '900 B', '', '256.0 KiB', '1,000 B'];
  const sorted = (direction: 1 | -1) => orderOf(texts, true, direction).map((position) => texts[position]);
  assert.deepEqual(sorted(1), ['900 B', '1,000 B', '256.0 KiB', '1.5 MiB', 'void', '']);
  assert.deepEqual(sorted(-1), ['1.5 MiB', '256.0 KiB', '1,000 B', '900 B', 'void', '']);
});

test('a column of texts sorts as text, with empty texts last, and stably', () => {
  const texts = ['merged-6.17', '', 'floor', 'merged-4.9', 'floor'];
  assert.deepEqual(orderOf(texts, false, 1), [2, 4, 3, 0, 1]);
  assert.deepEqual(orderOf(texts, false, -1), [0, 3, 2, 4, 1]);
});

test('CSV parses back to its cells', () => {
  const cell = fc.string({ unit: 'binary' }).map((text) => `x${text}`);
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1 }), { minLength: 1 }), (rows) => {
      assert.deepEqual([...csvParseRows(csvText(rows))], rows);
    }),
  );
});

test('a cell that a spreadsheet would run gets an apostrophe; a number or a lone sign does not', () => {
  const written: readonly (readonly [string, string])[] = [
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"\n'],
    ['+1+1', "'+1+1\n"],
    ['-1-cmd', "'-1-cmd\n"],
    ['@SUM(A1)', "'@SUM(A1)\n"],
    ['\uff1d1', "'\uff1d1\n"],
    ['-3.5', '-3.5\n'],
    ['+2', '+2\n'],
    ['-12%', '-12%\n'],
    ['-', '-\n'],
    ['a=b', 'a=b\n'],
  ];
  for (const [text, csv] of written) assert.equal(csvText([[text]]), csv);
});

test('the bugs of the posted patch are told for a host of the reader', () => {
  const data = {
    aliases: 257,
    vmBucket: 148,
    collisions: [
      { vcpuId: 15, creation: 116, pair: 'A' },
      { vcpuId: 244, creation: 112, pair: 'B' },
    ],
  };
  const none = /^No vCPUs share a bucket, .* No vm_id repeats yet\. The GA log wakes the right VM\.$/;
  for (const [creations, vcpuId] of [
    [115, 15],
    [1, 255],
    [116, 14],
    [111, 244],
  ] as const) {
    assert.match(conditionText(data, creations, vcpuId), none);
  }
  assert.match(
    conditionText(data, 116, 15),
    /^The missing compare shows while both run: A share a bucket\. No vm_id/,
  );
  assert.match(conditionText(data, 112, 244), /: B share a bucket/);
  // A host with many VM creations has the first pair even if no vcpu_id reaches the second.
  assert.match(conditionText(data, 300, 100), /: A share a bucket\. VM 257 has had the tags of VM 1/);
  assert.match(conditionText(data, 300, 3), /does not show\. VM 257/);
  // The GA log fails on a host whose tags never share a bucket.
  assert.match(conditionText(data, 255, 0), /does not show\. No vm_id .* can wake the wrong VM: VM 148/);
  assert.match(
    conditionText(data, 256, 0),
    /does not show\. No vm_id .* From VM 256 on the GA log wakes another/,
  );
});
