// How the main thread of a process tells its threads what to do: words that all of them see. Each word that threads wait
// for has a cache line of its own.
import { LINE_WORDS, WORD_BYTES } from '../../machine/memory.js';

/** What threads are told to do. */
export const TASK = {
  /** Makes host and strategy on the memory, which is cleared first. */
  boot: 1,
  /** Takes on where the setup has put the vCPUs. */
  adopt: 2,
  /** Replays the thread's window so often, alone or with others, and no barrier. */
  warm: 3,
  /** Replays it at the same time as others until one has done so many. */
  run: 4,
} as const;

/** A task for threads. */
export type Task = (typeof TASK)[keyof typeof TASK];

const TASK_CODE = 0;
const THREADS = 1;
const COUNT = 2;
const DONE = LINE_WORDS;
const ARRIVED = 2 * LINE_WORDS;
const STOP = 3 * LINE_WORDS;
const FAILED = 4 * LINE_WORDS;
/** How often the first thread was called; the others have a line each behind it. */
const CALLED = 5 * LINE_WORDS;

/** Bytes of the message of a thread that failed. */
const MESSAGE_BYTES = 1000;

/** Figures that a thread answers with. */
export const ANSWER_FIGURES = 2;

/** What all threads of a process share besides the host's memory. */
export interface Shared {
  readonly control: Int32Array;
  readonly message: Uint8Array;
  /** For each thread its answer. */
  readonly answers: Float64Array;
  /** Address of each vCPU after the setup. */
  readonly vcpus: Int32Array;
}

/** What so many threads share. */
export function createShared(threads: number, vcpus: number): Shared {
  return {
    control: new Int32Array(new SharedArrayBuffer((CALLED + threads * LINE_WORDS) * WORD_BYTES)),
    message: new Uint8Array(new SharedArrayBuffer(MESSAGE_BYTES)),
    answers: new Float64Array(
      new SharedArrayBuffer(threads * ANSWER_FIGURES * Float64Array.BYTES_PER_ELEMENT),
    ),
    vcpus: new Int32Array(new SharedArrayBuffer(vcpus * WORD_BYTES)),
  };
}

/** What a thread is told. */
export interface Order {
  readonly task: Task;
  /** Threads that take part. */
  readonly threads: number;
  readonly count: number;
}

/** The main thread's end: it sleeps while the others work. */
export class Conductor {
  readonly #shared: Shared;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /**
   * Has the threads from `first` up to, not including, `end` do something, and waits for all of them.
   *
   * @returns What each of them answered, in order.
   * @throws Error if one of them failed.
   */
  conduct(task: Task, first: number, end: number, count = 0): Float64Array[] {
    const { control, answers } = this.#shared;
    control[TASK_CODE] = task;
    control[THREADS] = end - first;
    control[COUNT] = count;
    for (const word of [DONE, ARRIVED, STOP]) Atomics.store(control, word, 0);
    for (let thread = first; thread < end; thread++) {
      Atomics.add(control, CALLED + thread * LINE_WORDS, 1);
      Atomics.notify(control, CALLED + thread * LINE_WORDS);
    }
    for (let done = 0; done < end - first; done = Atomics.load(control, DONE)) {
      if (Atomics.load(control, FAILED) !== 0) throw new Error(this.#message());
      Atomics.wait(control, DONE, done);
    }
    if (Atomics.load(control, FAILED) !== 0) throw new Error(this.#message());
    return Array.from({ length: end - first }, (_, index) => {
      const start = (first + index) * ANSWER_FIGURES;
      return answers.slice(start, start + ANSWER_FIGURES);
    });
  }

  #message(): string {
    const { control, message } = this.#shared;
    const text = new TextDecoder().decode(message.slice()).replace(/\0+$/, '');
    return `thread ${Atomics.load(control, FAILED) - 1}: ${text}`;
  }
}

/** A thread's end. */
export class Player {
  readonly #control: Int32Array;
  readonly #shared: Shared;
  readonly #thread: number;
  #calls = 0;

  constructor(shared: Shared, thread: number) {
    this.#control = shared.control;
    this.#shared = shared;
    this.#thread = thread;
  }

  /** Sleeps until there is something to do for this thread. */
  next(): Order {
    const control = this.#control;
    Atomics.wait(control, CALLED + this.#thread * LINE_WORDS, this.#calls++);
    return {
      task: control[TASK_CODE] as Task,
      threads: control[THREADS] as number,
      count: control[COUNT] as number,
    };
  }

  /** Waits, awake, until all who take part have come here. */
  meet(threads: number): void {
    Atomics.add(this.#control, ARRIVED, 1);
    while (Atomics.load(this.#control, ARRIVED) < threads);
  }

  /** Ends the run for all. */
  stop(): void {
    Atomics.store(this.#control, STOP, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#control, STOP) !== 0;
  }

  /** Says that the thread is done. */
  done(...figures: readonly number[]): void {
    this.#shared.answers.set(figures, this.#thread * ANSWER_FIGURES);
    this.#leave();
  }

  /** Says that the thread has failed; it answers nothing more. */
  fail(error: unknown): void {
    new TextEncoder().encodeInto(String(error), this.#shared.message);
    Atomics.store(this.#control, FAILED, this.#thread + 1);
    this.stop();
    this.#leave();
  }

  #leave(): void {
    Atomics.add(this.#control, DONE, 1);
    Atomics.notify(this.#control, DONE);
  }
}
