import type { HostParameters } from '../../machine/host.js';
import { createHost } from '../../machine/machine.js';
import { type Address, WORD_BYTES } from '../../machine/memory.js';
import { type Kmalloc, kmallocIn, kmallocSize } from '../../machine/slab.js';
import type { Strategy } from '../../strategies/strategy.js';
import { type OperationStream, operationAt } from '../../workloads/stream/stream.js';
import { observedHeap } from '../replay/observed-heap.js';
import { createReplay } from '../replay/replay.js';
import { lineOf, type RecordingMemory, STEP, STEP_WORDS } from './recording-memory.js';

/** A step of an operation. Lines and locks are numbered from 0. */
export interface Step {
  /** See STEP. */
  readonly kind: number;
  readonly line: number;
  /** The accesses before the next step. */
  readonly accesses: number;
  /** The lock that it takes or releases; 0 if it does neither. */
  readonly lock: number;
}

/** The steps of every load and put of a host, by vCPU. */
export type RecordedHost = Readonly<ReturnType<typeof recordHost>>;

/** A heap, and the type of the object that a word is in; null if there is none. */
function namedHeap(plain: Kmalloc): { heap: Kmalloc; structAt: (address: Address) => string | null } {
  const structs = new Map<Address, string>();
  let largestWords = 0;
  const heap = observedHeap(plain, (address, bytes, struct = `object of ${bytes} bytes`) => {
    structs.set(address, struct);
    largestWords = Math.max(largestWords, kmallocSize(bytes) / WORD_BYTES);
  });
  function structAt(address: Address): string | null {
    for (let back = 0; back < largestWords; back++) {
      const struct = structs.get(address - back);
      if (struct !== undefined) return struct;
    }
    return null;
  }
  return { heap, structAt };
}

/** The nearest symbol at or before a word, without its number. */
function symbolAt(symbols: ReadonlyMap<string, Address>, address: Address): string {
  let nearest = ['memory', 0] as [string, Address];
  for (const symbol of symbols) {
    if (symbol[1] <= address && symbol[1] > nearest[1]) nearest = symbol;
  }
  return nearest[0].replace(/_\d+$/, '');
}

/** The number of a thing. Things are numbered in the order in which they come. */
function numberOf(thing: number, numbers: Map<number, number>): number {
  const number = numbers.get(thing) ?? numbers.size;
  numbers.set(thing, number);
  return number;
}

/**
 * Records a strategy on a stream whose window loads and puts each vCPU.
 *
 * @param memory - Is cleared; the host is created on it.
 * @throws Whatever the strategy throws.
 */
export function recordHost(
  stream: OperationStream,
  strategy: Strategy,
  parameters: HostParameters,
  memory: RecordingMemory,
) {
  memory.clear();
  const { heap, structAt } = namedHeap(kmallocIn(memory, parameters.heap, parameters.heapSeed));
  const replay = createReplay(stream, strategy, (devices, listener) => ({
    host: createHost(memory, parameters, devices, listener, heap),
  }));
  memory.watch(replay.host);
  replay.setUp();
  const loads: Step[][] = [];
  const puts: Step[][] = [];
  const lines = new Map<number, number>();
  const locks = new Map<Address, number>();
  for (let offset = stream.windowStart; offset < stream.windowEnd; ) {
    const { name, operand } = operationAt(stream.words, offset);
    const [first, last] = memory.record(() => {
      offset = replay.step(offset);
    });
    const steps: Step[] = [];
    for (let at = first; at < last; at += STEP_WORDS) {
      const [kind = 0, address = 0, accesses = 0] = memory.steps.slice(at, at + STEP_WORDS);
      const lock = kind === STEP.lock || kind === STEP.unlock ? numberOf(address, locks) : 0;
      steps.push({ kind, line: numberOf(lineOf(address), lines), accesses, lock });
    }
    (name === 'load' ? loads : puts)[operand] = steps;
  }
  const symbols = replay.host.symbols();
  /** By lock: the name of the object that it is in, without the object's number. */
  const lockNames = Array.from(
    locks.keys(),
    (lock) => replay.host.lockClassOf(lock) ?? structAt(lock) ?? symbolAt(symbols, lock),
  );
  return { loads, puts, lineCount: lines.size, lockNames };
}

/** Words read and written, locks taken and live entries written, per operation. */
export type MeanWork = Readonly<ReturnType<typeof meanWork>>;

/** The mean over the loads and puts of all vCPUs. */
export function meanWork({ loads, puts }: RecordedHost) {
  const operations = [...loads, ...puts];
  const steps = operations.flat();
  const meanOf = (amountOf: (step: Step) => number): number =>
    steps.reduce((total, step) => total + amountOf(step), 0) / operations.length;
  return {
    accesses: meanOf(({ accesses }) => accesses),
    locks: meanOf(({ kind }) => Number(kind === STEP.lock)),
    entries: meanOf(({ kind }) => Number(kind === STEP.entry)),
  };
}
