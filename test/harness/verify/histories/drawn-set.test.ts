import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyAt } from '../../../../harness/verify/histories/history-check.js';
import {
  boundsOf,
  drawnSet,
  historiesWithin,
} from '../../../../harness/verify/histories/history-generator.js';
import type { Limit } from '../../../../strategies/limits.js';
import type { EncodedHistory } from '../../../../workloads/stream/history.js';

const LIMITS: readonly Limit[] = [{ kind: 'max-vm-id', value: 255 }];
const textOf = ({ host, words }: EncodedHistory): string => `${JSON.stringify(host)} ${words.join()}`;
const draw = { count: 1003, seed: 5, fixed: {} };

test('histories are drawn portion by portion, alike each time, and each has its place', () => {
  const set = drawnSet(LIMITS, { ...draw, countBeyond: 2 });
  const within = [...set.within];
  assert.equal(within.length, draw.count);
  assert.deepEqual([...set.within], within);
  assert.deepEqual(within.slice(0, 1000), historiesWithin(boundsOf(LIMITS), { ...draw, count: 1000 }));
  const first = new Set(within.slice(0, 1000).map(textOf));
  assert.deepEqual(
    within
      .slice(1000)
      .map(textOf)
      .filter((text) => first.has(text)),
    [],
  );
  assert.deepEqual(historyAt(set, { limit: 0, index: 1002 }), within[1002]);
  assert.deepEqual(historyAt(set, { limit: 1, index: 1 }), set.beyond[0]?.histories?.[1]);
});

test('no limit is tried if nothing is to be drawn beyond it', () => {
  assert.deepEqual(drawnSet(LIMITS, { ...draw, countBeyond: 0 }).beyond, []);
});
