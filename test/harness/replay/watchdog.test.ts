import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE } from '../../../harness/method.js';
import { endsAtOnce, inSlices, patiently } from '../../../harness/replay/watchdog.js';

/** Blocks the thread without using CPU time, as a pausing machine does. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test('work that ends runs to its end', () => {
  let done = false;
  assert.ok(
    endsAtOnce(PATIENCE.second, () => {
      done = true;
    }),
  );
  assert.ok(done);
});

test('work that loops without an access is stopped, even if it catches everything', () => {
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

test('work that lacked a CPU when its time was over starts again', () => {
  let attempts = 0;
  const isEnded = patiently(PATIENCE.trial, (watch) => {
    attempts++;
    return watch(() => {
      // V8 interrupts the work only when it runs its own code again, after the pause.
      if (attempts <= 2) pause(1000 * attempts);
      for (let count = 0; count < 1000; count++);
    });
  });
  assert.ok(isEnded);
  assert.ok(attempts > 1);
});

test('slices end at the last step, or at an endless slice', () => {
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

test('an error is passed on', () => {
  const work = (): never => {
    throw new RangeError('full');
  };
  assert.throws(() => endsAtOnce(PATIENCE.second, work), /full/);
  assert.throws(() => patiently(PATIENCE.second, (watch) => watch(work)), /full/);
});
