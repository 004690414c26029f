// How the main thread of a process starts and stops its threads: shared words. Each word that threads wait for has a cache
// line of its own.
import { LINE_WORDS, WORD_BYTES } from '../../machine/memory.js';

/** The tasks of threads. */
export const TASK = {
  /** Create the host and the strategy on the memory, which is cleared first. */
  boot: 1,
  /** Take over the addresses of the vCPUs from the setup. */
  adopt: 2,
  /** Replay the window `count` times. */
  warm: 3,
  /** Start at the same time as the others, and replay the window until one thread has done so `count` times. */
  run: 4,
} as const;

export type Task = (typeof TASK)[keyof typeof TASK];

const TASK_CODE = 0;
const THREADS = 1;
const COUNT = 2;
const DONE = LINE_WORDS;
const ARRIVED = 2 * LINE_WORDS;
const STOP = 3 * LINE_WORDS;
const FAILED = 4 * LINE_WORDS;
/** Calls of the first thread. Each further thread has the next line. */
const CALLED = 5 * LINE_WORDS;

/** Room for the message of a thread that failed. */
const MESSAGE_BYTES = 1000;

/** Numbers in a thread's answer. */
const ANSWER_FIGURES = 2;

/** The memory that all threads of a process share, besides the host's. */
export type Shared = Readonly<ReturnType<typeof createShared>>;

export function createShared(threads: number, vcpus: number) {
  return {
    control: new Int32Array(new SharedArrayBuffer((CALLED + threads * LINE_WORDS) * WORD_BYTES)),
    message: new Uint8Array(new SharedArrayBuffer(MESSAGE_BYTES)),
    /** One answer for each thread. */
    answers: new Float64Array(
      new SharedArrayBuffer(threads * ANSWER_FIGURES * Float64Array.BYTES_PER_ELEMENT),
    ),
    /** Address of each vCPU after the setup. */
    vcpus: new Int32Array(new SharedArrayBuffer(vcpus * WORD_BYTES)),
  };
}

/**
 * Gives a task to the threads from `first` up to, not including, `end`, and sleeps until all have done it.
 *
 * @returns Their answers in order.
 * @throws Error if a thread failed.
 */
export function conduct(
  { control, answers, message }: Shared,
  task: Task,
  first: number,
  end: number,
  count = 0,
): Float64Array[] {
  control[TASK_CODE] = task;
  control[THREADS] = end - first;
  control[COUNT] = count;
  for (const word of [DONE, ARRIVED, STOP]) Atomics.store(control, word, 0);
  for (let thread = first; thread < end; thread++) {
    Atomics.add(control, CALLED + thread * LINE_WORDS, 1);
    Atomics.notify(control, CALLED + thread * LINE_WORDS);
  }
  for (let done = 0; ; done = Atomics.load(control, DONE)) {
    const failed = Atomics.load(control, FAILED);
    if (failed !== 0) {
      const text = new TextDecoder().decode(message.slice()).replace(/\0+$/, '');
      throw new Error(`thread ${failed - 1}: ${text}`);
    }
    if (done === end - first) break;
    Atomics.wait(control, DONE, done);
  }
  return Array.from({ length: end - first }, (_, index) => {
    const start = (first + index) * ANSWER_FIGURES;
    return answers.slice(start, start + ANSWER_FIGURES);
  });
}

/** A thread's side. */
export function createPlayer({ control, message, answers }: Shared, thread: number) {
  const called = CALLED + thread * LINE_WORDS;
  let calls = 0;

  function leave(): void {
    Atomics.add(control, DONE, 1);
    Atomics.notify(control, DONE);
  }

  /** Ends the run of all threads. */
  function stop(): void {
    Atomics.store(control, STOP, 1);
  }

  return {
    stop,
    isStopped: (): boolean => Atomics.load(control, STOP) !== 0,

    /** Sleeps until this thread has a task. @returns The task, the number of threads that have it, and its count. */
    next() {
      Atomics.wait(control, called, calls++);
      return {
        task: control[TASK_CODE] as Task,
        threads: control[THREADS] as number,
        count: control[COUNT] as number,
      };
    },

    /** Spins until all threads with this task are here. */
    meet(threads: number): void {
      Atomics.add(control, ARRIVED, 1);
      while (Atomics.load(control, ARRIVED) < threads);
    },

    /** Answers that the task is done. */
    done(...figures: readonly number[]): void {
      answers.set(figures, thread * ANSWER_FIGURES);
      leave();
    },

    /** Answers with an error. */
    fail(error: unknown): void {
      new TextEncoder().encodeInto(String(error), message);
      Atomics.store(control, FAILED, thread + 1);
      stop();
      leave();
    },
  };
}
