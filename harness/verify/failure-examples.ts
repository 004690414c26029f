import { keyOf } from '../oracle/reporter.js';
import type { Finding } from '../results/results.js';

/** A failure that several histories or schedules showed. */
export interface Shown<E> {
  /** The shortest example. */
  example: E;
  /** The number of histories or schedules that showed it. */
  times: number;
  /** The sum of the counts of all examples. */
  count: number;
}

/** Failures by key, each with its shortest example. */
export class FailureExamples<E extends { readonly finding: Finding }> {
  readonly #shown = new Map<string, Shown<E>>();
  readonly #lengthOf: (example: E) => number;

  constructor(lengthOf: (example: E) => number) {
    this.#lengthOf = lengthOf;
  }

  has(failure: Finding): boolean {
    return this.#shown.has(keyOf(failure));
  }

  /** Adds an example. @param times - The number of histories or schedules that showed it. */
  add(example: E, times = 1): void {
    const { finding } = example;
    const known = this.#shown.get(keyOf(finding));
    if (known === undefined) {
      this.#shown.set(keyOf(finding), { example, times, count: finding.count });
      return;
    }
    known.times += times;
    known.count += finding.count;
    if (this.#lengthOf(example) < this.#lengthOf(known.example)) known.example = example;
  }

  list(): Shown<E>[] {
    return [...this.#shown.values()];
  }
}
