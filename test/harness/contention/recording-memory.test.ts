import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOf, RecordingMemory, STEP, STEP_WORDS } from '../../../harness/contention/recording-memory.js';

const NAMES = Object.keys(STEP) as (keyof typeof STEP)[];

/** What was recorded, step by step: what it does, the line, and the accesses. */
function stepsOf(memory: RecordingMemory): string[] {
  const steps: string[] = [];
  for (let at = 0; at < memory.steps.length; at += STEP_WORDS) {
    const [kind, address, accesses] = memory.steps.slice(at) as [number, number, number];
    steps.push(`${NAMES[kind]} ${lineOf(address)} ${accesses}`);
  }
  return steps;
}

test('of the accesses between two locks the first read and write of each line are steps, and all are counted', () => {
  const memory = new RecordingMemory(1 << 20);
  const [start, end] = memory.record(() => {
    memory.load(32);
    memory.load(33);
    memory.store(34, 1);
    memory.lock(64);
    memory.load(32);
    memory.store(80, 1);
    memory.store(81, 1);
    memory.load(33);
    memory.unlock(64);
  });
  assert.deepEqual(stepsOf(memory), [
    'read 2 2',
    'write 2 1',
    'lock 4 0',
    'read 2 1',
    'write 5 3',
    'unlock 4 0',
  ]);
  assert.deepEqual([start, end], [0, 6 * STEP_WORDS]);
});

test('writes of live entries are steps of their own kind', () => {
  const memory = new RecordingMemory(1 << 20);
  memory.watch({ irtes: { start: 128, end: 136 }, completionWaits: [] });
  memory.record(() => {
    for (const word of [128, 129, 130, 131]) memory.store(word, 1);
    memory.store(144, 1);
  });
  assert.deepEqual(stepsOf(memory), ['entry 8 4', 'write 9 1']);
});

test('a store that is followed by a wait is a step of its own, also to a line that is written before', () => {
  const memory = new RecordingMemory(1 << 20);
  memory.watch({ irtes: { start: 0, end: 0 }, completionWaits: [145, 161] });
  memory.record(() => {
    memory.lock(147);
    memory.store(144, 1);
    memory.load(145);
    memory.store(145, 1);
    memory.unlock(147);
  });
  assert.deepEqual(stepsOf(memory), ['lock 9 0', 'write 9 1', 'read 9 1', 'wait 9 1', 'unlock 9 0']);
});

test('nothing is recorded but operations', () => {
  const memory = new RecordingMemory(1 << 20);
  memory.store(32, 1);
  memory.lock(64);
  memory.unlock(64);
  assert.deepEqual(stepsOf(memory), []);
});
