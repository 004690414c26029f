import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournaledMemory } from '../../harness/oracle/memory/journaled-memory.js';
import { check } from '../../harness/oracle/oracle.js';
import { HOST_PRESETS } from '../../machine/host.js';
import irDataPointer from '../../strategies/ir-data-pointer.js';
import { contention, partOfThread, threadOf } from '../../workloads/contention.js';
import { haltWake } from '../../workloads/halt-wake.js';
import { type Operation, type OperationStream, operationAt } from '../../workloads/stream/stream.js';

const HOST = HOST_PRESETS['v6.8'];
const THREADS = 3;
const PARAMETERS = contention.schema.parse({ threads: THREADS, rounds: 5 });
const { stream } = await contention.generate(PARAMETERS, 1, HOST);
const parts = Array.from({ length: THREADS }, (_, thread) => partOfThread(stream, thread, THREADS));

function windowOf({ words, windowStart, windowEnd }: OperationStream): Operation[] {
  const operations: Operation[] = [];
  for (let offset = windowStart; offset < windowEnd; offset += 2) operations.push(operationAt(words, offset));
  return operations;
}

test('each thread has the operations on its own vCPUs, in their order, and none is lost', () => {
  for (const [thread, part] of parts.entries()) {
    const own = windowOf(stream).filter(({ operand }) => threadOf(operand, THREADS) === thread);
    assert.deepEqual(windowOf(part), own);
    assert.equal(part.windowOperations, own.length);
  }
  assert.equal(
    parts.reduce((sum, part) => sum + part.windowOperations, 0),
    stream.windowOperations,
  );
});

test('a thread loads vCPUs on its own CPUs: t, t + threads, t + 2 threads and so on', () => {
  for (const [thread, part] of parts.entries()) {
    const cpus = new Set(windowOf(part).flatMap(({ name, argument }) => (name === 'load' ? [argument] : [])));
    assert.deepEqual(
      [...cpus].sort((one, other) => one - other),
      [0, 1, 2, 3].map((n) => thread + n * THREADS),
    );
  }
});

test('every VM has vCPUs of every thread', () => {
  const { vcpusPerVm } = PARAMETERS;
  for (let first = 0; first < stream.vcpus; first += vcpusPerVm) {
    const threads = Array.from({ length: vcpusPerVm }, (_, index) => threadOf(first + index, THREADS));
    assert.equal(new Set(threads).size, THREADS);
  }
});

test('the whole is a stream that the oracle judges, and its window is closed', () => {
  const judged = check({ stream, strategy: irDataPointer, host: HOST, memory: new JournaledMemory(1 << 26) });
  assert.deepEqual(judged.findings, []);
  assert.ok(judged.matchesOracle);
  // Twice the window, and no put or load besides.
  const turns = windowOf(stream).length / 2;
  assert.equal(turns, stream.vcpus * PARAMETERS.rounds);
});

test("each thread's window leaves its vCPUs where it found them", () => {
  const setUp = new Map<number, number>();
  for (const { name, operand, argument } of windowOf({
    ...stream,
    windowStart: 16,
    windowEnd: stream.windowStart,
  }))
    if (name === 'load') setUp.set(operand, argument);
  for (const part of parts) {
    const last = new Map<number, string>();
    for (const { name, operand, argument } of windowOf(part)) {
      last.set(operand, name === 'load' ? `${argument}` : `${last.get(operand)?.split(' ')[0]} ${argument}`);
    }
    for (const [vcpu, end] of last) assert.equal(end, `${setUp.get(vcpu)} 0`);
  }
});

test('a window with other operations than load and put has no parts', async () => {
  const other = await haltWake.generate(haltWake.schema.parse({ operations: 64 }), 1, HOST);
  assert.throws(() => partOfThread(other.stream, 0, 2), /a thread's part with the operation interrupt/);
});
