import { type Address, LINE_WORDS, Memory } from './memory.js';

/** What a step of an operation does to a cache line. */
export const STEP = { read: 0, write: 1, lock: 2, unlock: 3 } as const;

/** Bits of a step's kind; its line is above them. */
export const STEP_BITS = 2;

const LINE_SHIFT = 31 - Math.clz32(LINE_WORDS);

/** What an operation does to memory, in order. */
export interface Program {
  /**
   * For each step its line and kind: each lock taken and released, and of the accesses between two of those the first
   * read and the first write of each line.
   */
  readonly steps: readonly number[];
  /** For each step the words read and written from it up to the next, its own among them; a lock's own are none. */
  readonly accesses: readonly number[];
}

/** A memory that writes down what operations do to its lines. */
export class RecordingMemory extends Memory {
  #steps: number[] = [];
  #accesses: number[] = [];
  #isRecording = false;
  /** Lines read and written since a lock was last taken or released. */
  readonly #read = new Set<number>();
  readonly #written = new Set<number>();

  /** Begins an operation. */
  begin(): void {
    this.#isRecording = true;
    this.#steps = [];
    this.#accesses = [];
    this.#forget();
  }

  /** Ends it. @returns What it did. */
  end(): Program {
    this.#isRecording = false;
    return { steps: this.#steps, accesses: this.#accesses };
  }

  override load(address: Address): number {
    if (this.#isRecording) this.#access(address, STEP.read, this.#read);
    return super.load(address);
  }

  override store(address: Address, value: number): void {
    if (this.#isRecording) this.#access(address, STEP.write, this.#written);
    super.store(address, value);
  }

  override lock(address: Address): void {
    super.lock(address);
    this.#lockStep(address, STEP.lock);
  }

  override unlock(address: Address): void {
    super.unlock(address);
    this.#lockStep(address, STEP.unlock);
  }

  #access(address: Address, kind: number, known: Set<number>): void {
    const line = address >>> LINE_SHIFT;
    if (known.has(line) && this.#steps.length > 0) {
      const last = this.#accesses.length - 1;
      this.#accesses[last] = (this.#accesses[last] as number) + 1;
      return;
    }
    known.add(line);
    this.#steps.push((line << STEP_BITS) | kind);
    this.#accesses.push(1);
  }

  #lockStep(address: Address, kind: number): void {
    if (!this.#isRecording) return;
    this.#steps.push((address << STEP_BITS) | kind);
    this.#accesses.push(0);
    this.#forget();
  }

  #forget(): void {
    this.#read.clear();
    this.#written.clear();
  }
}
