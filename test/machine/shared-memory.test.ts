import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { SharedMemory } from '../../machine/shared-memory.js';

const LOCK = 64;
const COUNTER = 96;
const ADDITIONS = 50_000;

/** Adds to the counter in a thread, under the lock. */
function addInThread(memory: SharedMemory, kind: '' | 'Bit'): Promise<void> {
  const module = new URL('../../machine/shared-memory.js', import.meta.url).href;
  const source = `
    import('${module}').then(({ SharedMemory }) => {
      const { workerData } = require('node:worker_threads');
      const memory = new SharedMemory(workerData);
      // Both begin when both are there.
      Atomics.add(workerData, ${COUNTER + 64}, 1);
      while (Atomics.load(workerData, ${COUNTER + 64}) < 2);
      for (let count = 0; count < ${ADDITIONS}; count++) {
        memory.lock${kind}(${LOCK});
        memory.store(${COUNTER}, memory.load(${COUNTER}) + 1);
        memory.unlock${kind}(${LOCK});
      }
    });`;
  const worker = new Worker(source, { eval: true, workerData: memory.words });
  return new Promise((resolve, reject) => worker.once('exit', () => resolve()).once('error', reject));
}

for (const [what, kind, word] of [
  ['a lock', '', 0],
  ['a lock bit', 'Bit', 0x40],
] as const) {
  test(`two threads that add under ${what} lose nothing`, async () => {
    const memory = new SharedMemory(1 << 20);
    memory.store(LOCK, word);
    await Promise.all([addInThread(memory, kind), addInThread(memory, kind)]);
    assert.equal(memory.load(COUNTER), 2 * ADDITIONS);
    assert.equal(memory.load(LOCK), word);
  });
}
