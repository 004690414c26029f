// clear() removes everything that judging leaves in a memory, after any ending and with any other views of the same
// words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordingMemory } from '../../../../harness/contention/recording-memory.js';
import { CountingMemory } from '../../../../harness/counting/counting-memory.js';
import { PATIENCE } from '../../../../harness/method.js';
import { findHiddenState } from '../../../../harness/oracle/hidden-state.js';
import { CheckedMemory } from '../../../../harness/oracle/memory/checked-memory.js';
import { JournaledMemory } from '../../../../harness/oracle/memory/journaled-memory.js';
import { ObservedMemory } from '../../../../harness/oracle/memory/observed-memory.js';
import { TracedMemory } from '../../../../harness/oracle/memory/traced-memory.js';
import { check } from '../../../../harness/oracle/oracle.js';
import { patiently } from '../../../../harness/replay/watchdog.js';
import { LINE_WORDS, Memory } from '../../../../machine/memory.js';
import { SharedMemory } from '../../../../machine/shared-memory.js';
import sound from '../../../../strategies/ir-data-pointer.js';
import type { Hypervisor, Strategy } from '../../../../strategies/strategy.js';
import { halt, host } from '../../small-stream.js';

const BYTES = 1 << 22;

/** Each kind of memory for judging, with the words behind it. */
const JUDGED: readonly (() => [memory: JournaledMemory | CheckedMemory, behind: JournaledMemory])[] = [
  ...[JournaledMemory, ObservedMemory, TracedMemory].map((Kind) => (): [JournaledMemory, JournaledMemory] => {
    const memory = new Kind(BYTES);
    return [memory, memory];
  }),
  () => {
    const behind = new ObservedMemory(BYTES);
    return [new CheckedMemory(behind), behind];
  },
];

const isZero = (words: Int32Array): boolean => words.every((word) => word === 0);

/** Asserts that a memory and its records equal those of a new memory. */
function assertClear(memory: Memory, behind: Memory = memory): void {
  const fresh = new Memory(BYTES);
  assert.equal(memory.top, fresh.top);
  assert.ok(Buffer.from(behind.words).equals(Buffer.from(fresh.words)), 'words are left');
  if (behind instanceof ObservedMemory) assert.ok(behind.notes.every(isZero), 'notes are left');
  if (memory instanceof CheckedMemory) {
    // A remaining shadow would belong to the first object of the next host.
    for (let objects = 0; objects < 200; objects++) memory.noteTable(LINE_WORDS, 4);
    for (let address = LINE_WORDS + 1; address < behind.words.length; address++) {
      assert.equal(memory.allocationAt(address), null);
    }
  }
}

/** The sound strategy with changed operations from the n-th instance on. */
function changedFrom(
  instance: number,
  change: (verbs: Hypervisor, memory: Memory) => Partial<Hypervisor>,
): Strategy {
  let made = 0;
  return {
    ...sound,
    create(machine) {
      const verbs = sound.create(machine);
      return ++made < instance ? verbs : { ...verbs, ...change(verbs, machine.memory) };
    },
  };
}

const throwing = (): Partial<Hypervisor> => ({
  put() {
    throw new Error('no');
  },
});
const notMade = (): Partial<Hypervisor> => {
  throw new Error('no');
};
const waiting = (): Partial<Hypervisor> => ({
  route() {
    for (;;);
  },
});
/** Stores to words that were never handed out. */
const wild = (verbs: Hypervisor, memory: Memory): Partial<Hypervisor> => ({
  load(vcpu, cpu) {
    memory.store(BYTES / 4 - 5, 7);
    memory.load(BYTES / 4 - 3);
    if (memory.load(BYTES / 4 - 4) === 0) memory.lock(BYTES / 4 - 4);
    verbs.load(vcpu, cpu);
  },
});

/** Strategies by the ending of their judgement: normal, in an operation, or in the search for hidden state. */
const STRATEGIES: Readonly<Record<string, () => Strategy>> = {
  'came to its end': () => sound,
  'ended with an error': () => changedFrom(1, throwing),
  'ended with an error of the first instance that was searched': () => changedFrom(2, throwing),
  'ended with an error of the second': () => changedFrom(3, throwing),
  'ended with an error of create() of the first instance that was searched': () => changedFrom(2, notMade),
  'ended with an error of create() of the second': () => changedFrom(4, notMade),
  'was endless': () => changedFrom(1, waiting),
  'was endless in the search': () => changedFrom(3, waiting),
  'met wild stores': () => changedFrom(1, wild),
};

for (const [what, strategyOf] of Object.entries(STRATEGIES)) {
  test(`a memory is clear after a judgement that ${what}`, () => {
    for (const make of JUDGED) {
      const [memory, behind] = make();
      const strategy = strategyOf();
      check({ stream: halt(), strategy, second: strategy, host, memory, patience: PATIENCE.trial });
      memory.clear();
      assertClear(memory, behind);
    }
  });

  test(`a memory is clear after a search for hidden state on its words, of a strategy that ${what}`, () => {
    for (const make of JUDGED) {
      const [memory, behind] = make();
      check({ stream: halt(), strategy: sound, host, memory });
      const strategy = strategyOf();
      const patience = PATIENCE.trial;
      const search = { strategy, second: strategy, stream: halt(), host, memory: behind, patience };
      patiently(patience, (watch) => findHiddenState({ ...search, watch }));
      memory.clear();
      assertClear(memory, behind);
    }
  });
}

test('a view of words clears the stores of another view', () => {
  const memory = new ObservedMemory(BYTES);
  const [first, last] = [memory.reserve(100), memory.reserve(100)];
  memory.observer = { loaded() {}, stored() {}, locked() {}, unlocked() {} };
  for (const address of [first, last + 99, last + 5000]) {
    memory.store(address, 1);
    for (const notes of memory.notes) notes[address] = 1;
  }
  memory.load(last + 6000);
  for (const notes of memory.notes) notes[last + 6000] = 1;
  new TracedMemory(memory.words).clear();
  assert.ok(memory.words.every((word, address) => word === 0 || address < LINE_WORDS));
  memory.clear();
  assertClear(memory);
});

test('rewinding a checked memory restores its whole shadow', () => {
  const memory = new CheckedMemory(new ObservedMemory(BYTES));
  const kept = memory.heap.cacheFor(64).alloc();
  memory.keep();
  const made = memory.heap.cacheFor(64).alloc();
  new TracedMemory(memory.behind.words).clear();
  memory.rewind();
  // A remaining shadow would belong to the next object.
  memory.noteTable(LINE_WORDS, 4);
  assert.equal(memory.allocationAt(made), null);
  assert.equal(memory.allocationAt(kept)?.address, kept);
});

test('memories that are not for judging are clear after use, and keep no word of their own', () => {
  for (const memory of [Memory, CountingMemory, RecordingMemory, SharedMemory].map(
    (Kind) => new Kind(BYTES),
  )) {
    const address = memory.reserve(100);
    for (let word = 0; word < 100; word++) memory.store(address + word, 7);
    assert.ok(memory.words.subarray(2, LINE_WORDS).every((word) => word === 0));
    memory.clear();
    assertClear(memory);
  }
});
