import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNativeStream } from '../../../harness/native/eligibility.js';
import { smallHost, smallStream } from './streams.js';

test('a window of loads, puts, interrupts and drains can be replayed in C; one with a route cannot', async () => {
  const host = smallHost('v6.8');
  const isNative = async (id: string) => isNativeStream(await smallStream(id, { operations: 400 }, host));
  assert.equal(await isNative('pinned'), true);
  assert.equal(await isNative('halt-wake'), true);
  assert.equal(await isNative('rebalance'), false);
});
