import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { countingHost } from '../../../harness/counting/counting-machine.js';
import { CountingMemory } from '../../../harness/counting/counting-memory.js';
import { loadStrategies } from '../../../harness/plan/strategy-module.js';
import { writeStream } from '../../../harness/process/scratch.js';
import { createReplay } from '../../../harness/replay/replay.js';
import { runReference } from '../../../harness/single-updates/references.js';
import { singleUpdateStream } from '../../../harness/single-updates/stream.js';
import { HOST_PRESETS } from '../../../machine/host.js';
import opaqueTagHash from '../../../strategies/opaque-tag-hash.js';
import pointerArray from '../../../strategies/pointer-array.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { operationAt } from '../../../workloads/stream/stream.js';
import { temporaryFolder } from '../../project.js';

test('the recorded lines of a vCPU are as many as those that are counted, and the digest tells heaps apart', async (t) => {
  const directory = temporaryFolder(t);
  const host = HOST_PRESETS['v6.8'];
  const { stream } = singleUpdateStream(host, 1);
  const streamFile = await writeStream(directory, 'stream', stream.words);
  const strategies = new Map([opaqueTagHash, pointerArray].map((strategy) => [strategy.id, strategy]));
  for (const loaded of await loadStrategies([...strategies.keys()])) {
    const heaps = [1, 2, 1].map((seed, index) => ({ seed, lines: join(directory, `${index}.lines`) }));
    const job = { stream: streamFile, host, replays: 3, heaps };
    const { digests, error } = await runReference(loaded, job, directory, () => {});
    assert.equal(error, null);
    const [one, other, again] = heaps.map(({ lines }) => digests.get(lines));
    assert.equal(one, again);
    assert.notEqual(one, other);
    assert.match(one as string, /^[0-9a-f]{16}$/);

    const words = new Uint32Array(new Uint8Array(readFileSync(heaps[0]?.lines as string)).buffer);
    const linesOf: Set<number>[] = [];
    for (let offset = 0; offset < words.length; offset += 1 + (words[offset] as number)) {
      linesOf.push(new Set(words.subarray(offset + 1, offset + 1 + (words[offset] as number))));
      assert.equal(linesOf.at(-1)?.size, words[offset]);
    }
    assert.equal(linesOf.length, stream.vcpus);

    const memory = new CountingMemory(1 << 26);
    const replay = createReplay(
      stream,
      strategies.get(loaded.strategy.id) as Strategy,
      (devices, listener) => ({
        host: countingHost(memory, { ...host, heapSeed: 1 }, devices, listener),
      }),
    );
    replay.setUp();
    for (let offset = stream.windowStart; offset < stream.windowEnd; ) {
      const { name, operand } = operationAt(stream.words, offset);
      memory.begin();
      offset = replay.step(offset);
      const { lines } = memory.end();
      // A load touches all that a put touches.
      if (name === 'load')
        assert.equal(linesOf[operand]?.size, lines, `${loaded.strategy.id}, vCPU ${operand}`);
      else assert.ok(lines <= (linesOf[operand]?.size ?? 0));
    }
  }
});
