import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsWithin } from '../../src/harness/watchdog.js';

test('work that ends is run to its end', () => {
  let done = false;
  assert.ok(
    endsWithin(60_000, () => {
      done = true;
    }),
  );
  assert.ok(done);
});

test('work that loops without touching memory is ended, whatever it catches', () => {
  assert.ok(
    !endsWithin(50, () => {
      for (;;) {
        try {
          for (;;);
        } catch {}
      }
    }),
  );
});

test('an error goes through', () => {
  assert.throws(
    () =>
      endsWithin(60_000, () => {
        throw new RangeError('full');
      }),
    /full/,
  );
});
