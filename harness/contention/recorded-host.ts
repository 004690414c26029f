import type { HostParameters } from '../../machine/host.js';
import { createHost } from '../../machine/machine.js';
import { type Address, WORD_BYTES } from '../../machine/memory.js';
import { type Kmalloc, kmallocIn, kmallocSize } from '../../machine/slab.js';
import type { Strategy } from '../../strategies/strategy.js';
import { type OperationStream, operationAt } from '../../workloads/stream/stream.js';
import { createReplay } from '../replay/replay.js';
import { lineOf, type RecordingMemory, STEP, STEP_WORDS } from './recording-memory.js';

/** An operation: a range of its host's steps. */
export interface Program {
  readonly start: number;
  readonly end: number;
}

/** The steps of every load and put of a host. Lines and locks are numbered from 0. */
export interface RecordedHost {
  /** By vCPU. */
  readonly loads: readonly Program[];
  readonly puts: readonly Program[];
  /** By step: its kind; see STEP. */
  readonly kinds: Uint8Array;
  /** By step: its line, and the accesses before the next step. */
  readonly lines: Int32Array;
  readonly accesses: Int32Array;
  /** By step: the lock that it takes or releases. */
  readonly locks: Int32Array;
  readonly lineCount: number;
  /** By lock: the name of the object that it is in, without the object's number. */
  readonly lockNames: readonly string[];
}

/** A heap that knows the type of each object. */
class NamedHeap {
  readonly heap: Kmalloc;
  readonly #structs = new Map<Address, string>();
  #largestWords = 0;

  constructor(inner: Kmalloc) {
    this.heap = {
      cacheFor: (bytes, struct = `object of ${bytes} bytes`) => {
        const { alloc, free } = inner.cacheFor(bytes);
        this.#largestWords = Math.max(this.#largestWords, kmallocSize(bytes) / WORD_BYTES);
        return {
          alloc: () => {
            const address = alloc();
            this.#structs.set(address, struct);
            return address;
          },
          free,
        };
      },
      live: inner.live,
    };
  }

  /** The type of the object that a word is in; null if there is none. */
  structAt(address: Address): string | null {
    for (let back = 0; back < this.#largestWords; back++) {
      const struct = this.#structs.get(address - back);
      if (struct !== undefined) return struct;
    }
    return null;
  }
}

/** The nearest symbol at or before a word, without its number. */
function symbolAt(symbols: ReadonlyMap<string, Address>, address: Address): string {
  let nearest = ['memory', 0] as [string, Address];
  for (const symbol of symbols) {
    if (symbol[1] <= address && symbol[1] > nearest[1]) nearest = symbol;
  }
  return nearest[0].replace(/_\d+$/, '');
}

/** Numbers things in the order in which they come. */
class Numbering {
  readonly #numbers = new Map<number, number>();

  numberOf(thing: number): number {
    const known = this.#numbers.get(thing);
    if (known !== undefined) return known;
    this.#numbers.set(thing, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  get things(): number[] {
    return [...this.#numbers.keys()];
  }
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
): RecordedHost {
  memory.clear();
  const named = new NamedHeap(kmallocIn(memory, parameters.heap, parameters.heapSeed));
  const replay = createReplay(stream, strategy, (devices, listener) => ({
    host: createHost(memory, parameters, devices, listener, named.heap),
  }));
  const { start, end } = replay.host.irtes;
  memory.watchEntries(start, end);
  memory.watchWaits(replay.host.completionWaits);
  replay.setUp();
  const loads: Program[] = [];
  const puts: Program[] = [];
  for (let offset = stream.windowStart; offset < stream.windowEnd; ) {
    const { name, operand } = operationAt(stream.words, offset);
    const [first, last] = memory.record(() => {
      offset = replay.step(offset);
    });
    (name === 'load' ? loads : puts)[operand] = { start: first / STEP_WORDS, end: last / STEP_WORDS };
  }

  const { steps } = memory;
  const count = steps.length / STEP_WORDS;
  const kinds = new Uint8Array(count);
  const lines = new Int32Array(count);
  const accesses = new Int32Array(count);
  const locks = new Int32Array(count);
  const lineNumbers = new Numbering();
  const lockNumbers = new Numbering();
  for (let step = 0; step < count; step++) {
    const kind = steps[step * STEP_WORDS] as number;
    const address = steps[step * STEP_WORDS + 1] as Address;
    kinds[step] = kind;
    lines[step] = lineNumbers.numberOf(lineOf(address));
    accesses[step] = steps[step * STEP_WORDS + 2] as number;
    if (kind === STEP.lock || kind === STEP.unlock) locks[step] = lockNumbers.numberOf(address);
  }
  const symbols = replay.host.symbols();
  return {
    loads,
    puts,
    kinds,
    lines,
    accesses,
    locks,
    lineCount: lineNumbers.things.length,
    lockNames: lockNumbers.things.map(
      (lock) => replay.host.lockClassOf(lock) ?? named.structAt(lock) ?? symbolAt(symbols, lock),
    ),
  };
}

/** Words read and written, locks taken and live entries written, per operation. */
export interface MeanWork {
  readonly accesses: number;
  readonly locks: number;
  readonly entries: number;
}

/** The mean over the loads and puts of all vCPUs. */
export function meanWork({ loads, puts, kinds, accesses }: RecordedHost): MeanWork {
  const programs = [...loads, ...puts];
  let [words, locks, entries] = [0, 0, 0];
  for (const { start, end } of programs) {
    for (let step = start; step < end; step++) {
      words += accesses[step] as number;
      if (kinds[step] === STEP.lock) locks++;
      if (kinds[step] === STEP.entry) entries++;
    }
  }
  const { length } = programs;
  return { accesses: words / length, locks: locks / length, entries: entries / length };
}
