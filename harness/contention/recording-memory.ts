import type { Host } from '../../machine/machine.js';
import { type Address, LINE_WORDS, Memory } from '../../machine/memory.js';

/** The kinds of steps. */
export const STEP = {
  /** A line is read. */
  read: 0,
  /** A line is written. */
  write: 1,
  /** A live entry is written. */
  entry: 2,
  lock: 3,
  unlock: 4,
  /** A COMPLETION_WAIT is queued, and the CPU waits until it is completed. */
  wait: 5,
} as const;

/** Words of a step: its kind, the address, and the accesses before the next step. */
export const STEP_WORDS = 3;

const LINE_SHIFT = 31 - Math.clz32(LINE_WORDS);

/** The number of the cache line that a word is in. */
export function lineOf(address: Address): number {
  return address >>> LINE_SHIFT;
}

/**
 * A memory that records operations as steps. Each taking and release of a lock is a step. Between two of these, the first
 * read and the first write of each line are steps, and later accesses add to the count of the last step.
 */
export class RecordingMemory extends Memory {
  /** All steps so far. */
  readonly steps: number[] = [];
  #isRecording = false;
  #entries: Host['irtes'] = { start: 0, end: 0 };
  #waits: ReadonlySet<Address> = new Set();
  /** Lines read and written since the last step of a lock. */
  readonly #read = new Set<number>();
  readonly #written = new Set<number>();

  override clear(): void {
    super.clear();
    this.#isRecording = false;
    this.steps.length = 0;
  }

  /** Watches a host's live entries, and the words whose store is a wait. */
  watch({ irtes, completionWaits }: Pick<Host, 'irtes' | 'completionWaits'>): void {
    this.#entries = irtes;
    this.#waits = new Set(completionWaits);
  }

  /**
   * Records an operation.
   *
   * @returns The range of its steps in {@link steps}.
   */
  record(operation: () => void): readonly [start: number, end: number] {
    const start = this.steps.length;
    this.#forget();
    this.#isRecording = true;
    operation();
    this.#isRecording = false;
    return [start, this.steps.length];
  }

  override load(address: Address): number {
    if (this.#isRecording) this.#access(address, STEP.read, this.#read);
    return super.load(address);
  }

  override store(address: Address, value: number): void {
    if (this.#isRecording) {
      const isEntry = address >= this.#entries.start && address < this.#entries.end;
      if (this.#waits.has(address)) this.steps.push(STEP.wait, address, 1);
      else this.#access(address, isEntry ? STEP.entry : STEP.write, this.#written);
    }
    super.store(address, value);
  }

  override lock(address: Address): void {
    super.lock(address);
    if (this.#isRecording) this.#lockStep(address, STEP.lock);
  }

  override unlock(address: Address): void {
    super.unlock(address);
    if (this.#isRecording) this.#lockStep(address, STEP.unlock);
  }

  // A lock bit shares its word with the head that it protects. For a simulation that is a lock like any other.

  override lockBit(address: Address): void {
    super.lockBit(address);
    if (this.#isRecording) this.#lockStep(address, STEP.lock);
  }

  override unlockBit(address: Address): void {
    super.unlockBit(address);
    if (this.#isRecording) this.#lockStep(address, STEP.unlock);
  }

  #access(address: Address, kind: number, known: Set<number>): void {
    const line = lineOf(address);
    if (known.has(line)) {
      const last = this.steps.length - 1;
      this.steps[last] = (this.steps[last] as number) + 1;
      return;
    }
    known.add(line);
    this.steps.push(kind, address, 1);
  }

  #lockStep(address: Address, kind: number): void {
    this.steps.push(kind, address, 0);
    this.#forget();
  }

  #forget(): void {
    this.#read.clear();
    this.#written.clear();
  }
}
