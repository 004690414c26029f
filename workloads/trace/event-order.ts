// Holds the events of a recording back until their order is known: the files of several CPUs may follow one another, and a
// kvm_entry may name a thread of a switch before it. Then it passes them on in the order of time.

import type { Header } from './trace-line.js';
import { WordList } from './word-list.js';

/** Events that are held back at least. */
const HELD_EVENTS = 1 << 17;
const EVENT_WORDS = 4;

/** Time by which a tool may print a line too late. Smaller times than a second in ticks are those of a counter. */
const JITTER_NS = 1e6;
const SECOND_NS = 1e9;
/** The shortest hole that a reader is told of. */
const HOLE_NS = 10 * SECOND_NS;

/** Takes an event: its kind, CPU, and two numbers. */
export type EventVisitor = (kind: number, cpu: number, one: number, other: number) => void;

/** The events of a recording in the order of time. */
export class EventOrder {
  readonly #visit: EventVisitor;
  #held = new WordList();
  #times: number[] = [];
  /** Whether events were passed on before the end. */
  #isCommitted = false;
  #isDisordered = false;
  #isSorted = false;

  #events = 0;
  #first = 0;
  #last = Number.NEGATIVE_INFINITY;
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;
  #isTicks = false;
  /** Events earlier than the one before, and the first that is so by more than the jitter. */
  #declines = 0;
  #stepBack: { readonly line: number; readonly by: number } | null = null;
  #gap = { line: 0, by: 0 };
  /** Time and number of the last event of each CPU, and events before the last header. */
  readonly #lastOfCpu: number[] = [];
  readonly #eventOfCpu: number[] = [];
  #cpus = 0;
  #headerAt = 0;
  /** Whether the events of each CPU are in order, and the line of one that goes on after a header. */
  #canSort = true;
  #goesOn: number | null = null;

  constructor(visit: EventVisitor) {
    this.#visit = visit;
  }

  /** A tool's header begins here. */
  header(): void {
    this.#headerAt = this.#events;
  }

  /**
   * Holds an event back.
   *
   * @param mayPassOn - Whether events of one CPU alone may be passed on, because the host has no other.
   * @returns Whether events were passed on.
   */
  hold(header: Header, line: number, mayPassOn: boolean, kind: number, one: number, other: number): boolean {
    this.#lookAtTime(header, line);
    this.#held.append(kind, header.cpu, one, other);
    this.#times.push(header.time);
    if (this.#times.length < HELD_EVENTS || (this.#cpus < 2 && !mayPassOn)) return false;
    if (this.#stepBack !== null && !this.#hasDeltas) return false;
    this.#isCommitted = true;
    this.#passOn();
    return true;
  }

  /** Passes all events on. @returns Why it cannot; null if it did. */
  finish(): string | null {
    const step = this.#stepBack;
    if (this.#goesOn !== null) {
      return `a header comes before line ${this.#goesOn}, where a CPU goes on: pass one recording at a time`;
    }
    if (step !== null && !this.#hasDeltas && (this.#isCommitted || !this.#canSort)) {
      return (
        `line ${step.line} is ${spanText(step.by, this.#isTicks)} earlier than the event before it: it holds two ` +
        'recordings, or its lines are not sorted by time; pass one recording at a time, sorted'
      );
    }
    this.#passOn();
    return null;
  }

  /** What a reader is told of the times of a recording. */
  get times() {
    const span = this.#latest - this.#earliest;
    const { by } = this.#gap;
    const hasHole = !this.#isSorted && !this.#hasDeltas && by >= HOLE_NS && by * 2 >= span;
    return {
      /** CPUs with an event, in order. */
      cpus: Object.keys(this.#lastOfCpu).map(Number),
      /** Time from the first event to the last: nanoseconds, or ticks. */
      span,
      isTicks: this.#isTicks,
      /** Whether events were sorted by time. */
      isSorted: this.#isSorted,
      /** Whether the times are differences, as of perf script --deltatime. */
      hasDeltas: this.#hasDeltas,
      /** A time without an event that is most of the recording's, and the line after it. */
      hole: hasHole ? this.#gap : null,
    };
  }

  get #hasDeltas(): boolean {
    return this.#first === 0 && this.#declines * 4 > this.#events;
  }

  #lookAtTime({ cpu, time, isTicks }: Header, line: number): void {
    if (this.#events++ === 0) this.#first = time;
    const jitter = isTicks && time < SECOND_NS ? 0 : JITTER_NS;
    const by = this.#last - time;
    if (by > 0) {
      this.#declines++;
      this.#isDisordered = true;
      if (by > jitter) this.#stepBack ??= { line, by };
    } else if (-by > this.#gap.by && this.#events > 1) {
      this.#gap = { line, by: -by };
    }
    this.#last = time;
    this.#isTicks = isTicks;
    this.#earliest = Math.min(this.#earliest, time);
    this.#latest = Math.max(this.#latest, time);
    const before = this.#lastOfCpu[cpu];
    if (before === undefined) this.#cpus++;
    else if (before - time > jitter) this.#canSort = false;
    if (before !== undefined && (this.#eventOfCpu[cpu] as number) <= this.#headerAt) this.#goesOn ??= line;
    this.#lastOfCpu[cpu] = time;
    this.#eventOfCpu[cpu] = this.#events;
  }

  #passOn(): void {
    const { words } = this.#held;
    const times = this.#times;
    const isSorted = this.#isDisordered && !this.#hasDeltas;
    const order = isSorted
      ? times.map((_, event) => event).sort((one, other) => (times[one] as number) - (times[other] as number))
      : null;
    for (let event = 0; event < times.length; event++) {
      const at = (order?.[event] ?? event) * EVENT_WORDS;
      const word = (offset: number): number => words[at + offset] as number;
      this.#visit(word(0), word(1), word(2), word(3));
    }
    this.#isSorted ||= isSorted;
    this.#isDisordered = false;
    this.#held = new WordList();
    this.#times = [];
  }
}

/** A time in words. */
export function spanText(time: number, isTicks: boolean): string {
  return isTicks ? `${time} ticks of its clock` : `${(time / SECOND_NS).toPrecision(4)} s`;
}
