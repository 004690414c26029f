import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE } from '../../../harness/method.js';
import { endsAtOnce, inSlices, patiently } from '../../../harness/replay/watchdog.js';

/** Blocks the thread without using its CPU: a machine that pauses. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test('work that ends is run to its end', () => {
  let done = false;
  assert.ok(
    endsAtOnce(PATIENCE.second, () => {
      done = true;
    }),
  );
  assert.ok(done);
});

test('work that loops without touching memory is ended, whatever it catches', () => {
  const isEnded = patiently(PATIENCE.trial, (watch) =>
    watch(() => {
      for (;;) {
        try {
          for (;;);
        } catch {}
      }
    }),
  );
  assert.equal(isEnded, false);
});

test('work that had no CPU when its time was over is done again from its start', () => {
  let attempts = 0;
  const isEnded = patiently(PATIENCE.trial, (watch) => {
    attempts++;
    return watch(() => {
      // Interrupted where it next runs code of its own, which it does only after the pause.
      if (attempts <= 2) pause(1000 * attempts);
      for (let count = 0; count < 1000; count++);
    });
  });
  assert.ok(isEnded);
  assert.ok(attempts > 1);
});

test('slices end where the last step is, or where one of them is endless', () => {
  let steps = 0;
  const isEnded = patiently(PATIENCE.first, (watch) => inSlices(watch, () => ++steps < 1000));
  assert.ok(isEnded);
  assert.equal(steps, 1000);
  const isLoopEnded = patiently(PATIENCE.trial, (watch) =>
    inSlices(watch, () => {
      for (;;);
    }),
  );
  assert.equal(isLoopEnded, false);
});

test('an error goes through', () => {
  const work = (): never => {
    throw new RangeError('full');
  };
  assert.throws(() => endsAtOnce(PATIENCE.second, work), /full/);
  assert.throws(() => patiently(PATIENCE.second, (watch) => watch(work)), /full/);
});
