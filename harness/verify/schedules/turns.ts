// Operations of several CPUs at once, of which one at a time runs: a scheduler that hands the turn over before any step
// it likes, and where a lock is held by another. An operation cannot be stopped half-way, so it is left by an exception
// and, when its turn comes again, run again from its start: the steps that it has made are answered from what they gave
// and change nothing, until the first that is new. That is right for a strategy whose state is all in the memory, and
// one that then does something else is found out. (Stateless search by re-execution: Godefroid, "Model Checking for
// Programming Languages using VeriSoft", 1997.)
//
// A step is an access, a lock or unlock, or a call of kmalloc. What hardware does in one is one step: the write of an
// entry (cmpxchg16b), and all of an interrupt.

import { type Address, LockError } from '../../../machine/memory.js';
import { EndlessError } from '../../oracle/memory/journaled-memory.js';
import type { AccessKind, TurnTaker } from './turn-memory.js';

/** In place of steps: as many as the operation has. */
const ALL = Infinity;

/** A CPU of a schedule by name: a letter, since operations name the host's CPUs by number. */
export const cpuName = (cpu: number): string => `CPU ${String.fromCharCode(65 + cpu)}`;

/** Hand the turn over before a step, counted over all CPUs from 0. */
interface Switch {
  readonly step: number;
  /** The CPU, from 0. If it cannot go on, nothing is handed over. */
  readonly to: number;
}

/**
 * Which CPU has its turn when. Between the switches a CPU goes on for as long as it can; where it cannot, the first that
 * can in the order goes on.
 */
export interface Schedule {
  /** All CPUs, from 0. */
  readonly order: readonly number[];
  /** By step, ascending. */
  readonly switches: readonly Switch[];
}

/** One step that an operation made. */
export interface Step {
  readonly kind: AccessKind;
  readonly address: Address;
  readonly value: number;
  readonly result: number;
  /** Whether nothing can come between it and the step before, as the second word of an entry after the first. */
  readonly isPart: boolean;
}

/** Why a turn was over. */
type TurnEnd = 'preempted' | 'waits' | 'done' | 'failed';

/** What a CPU did in one go. */
export interface Turn {
  readonly cpu: number;
  /** Steps of this CPU before the turn, and in it. */
  readonly from: number;
  readonly steps: number;
  readonly end: TurnEnd;
  /** The lock that it waits for. */
  readonly waitsFor: Address | null;
}

/** How a schedule ended. */
export interface Run {
  readonly turns: readonly Turn[];
  /** For each step over all CPUs who made it, and a bit for each CPU that could have. */
  readonly who: readonly number[];
  readonly could: readonly number[];
  /** What ended it before all operations were done; null if nothing did. */
  readonly failure: Failure | null;
}

/** What ended a schedule. */
export type Failure =
  | { readonly kind: 'deadlock' }
  | { readonly kind: 'lock-left-held'; readonly cpu: number; readonly lock: Address }
  | { readonly kind: 'diverged'; readonly cpu: number }
  | { readonly kind: 'error'; readonly cpu: number; readonly error: unknown };

/** Leaves an operation in the middle. */
class Paused extends Error {
  override readonly name = 'Paused';
}
const PAUSED = new Paused('the turn is handed over');

/** An operation that was run again did not do what it had done. */
class Diverged extends Error {
  override readonly name = 'Diverged';
}

/** One CPU with its operation. */
class Cpu {
  readonly steps: Step[] = [];
  /** So many of them are no part of the one before. */
  ownSteps = 0;
  waitsFor: Address | null = null;
  isDone = false;
}

/** The scheduler. */
export class Turns implements TurnTaker {
  readonly #maxSteps: number;
  #cpus: Cpu[] = [];
  readonly #owners = new Map<Address, Cpu>();
  #who: number[] = [];
  #could: number[] = [];
  /** The CPU that has its turn; null while nothing is scheduled. */
  #current: Cpu | null = null;
  #isAtomic = false;
  #again = 0;
  #left = ALL;
  #isPaused = false;
  #error: unknown = null;

  /** @param maxSteps - Steps of all CPUs together after which an operation is taken for endless. */
  constructor(maxSteps: number) {
    this.#maxSteps = maxSteps;
  }

  /** The step that a CPU made in the last run after so many of its own; undefined if it made no more. */
  stepOf(cpu: number, number: number): Step | undefined {
    return this.#cpus[cpu]?.steps.filter(({ isPart }) => !isPart)[number];
  }

  /** @param follows - Whether it is part of the step before. */
  take(kind: AccessKind, address: Address, value: number, make: () => number, follows = false): number {
    const cpu = this.#current;
    if (cpu === null) return make();
    if (this.#isPaused) throw PAUSED;
    if (this.#again < cpu.steps.length) return this.#repeat(cpu, kind, address, value);
    const isPart = cpu.steps.length > 0 && (this.#isAtomic || follows);
    if (!isPart && this.#left === 0) this.#pause();
    if (kind === 'lock' && this.#isHeldByAnother(cpu, address)) {
      cpu.waitsFor = address;
      this.#pause();
    }
    if (!isPart) this.#count(cpu);
    const result = this.#make(cpu, kind, address, make);
    cpu.steps.push({ kind, address, value, result, isPart });
    this.#again++;
    return result;
  }

  /**
   * Runs operations by a schedule.
   *
   * @param operations - One for each CPU.
   */
  run(operations: readonly ScheduledOperation[], { order, switches }: Schedule): Run {
    this.#cpus = operations.map(() => new Cpu());
    this.#owners.clear();
    this.#who = [];
    this.#could = [];
    const turns: Turn[] = [];
    let last: number | null = null;
    let next = 0;
    const ended = (failure: Failure | null): Run => ({ turns, who: this.#who, could: this.#could, failure });
    for (;;) {
      if (this.#cpus.every(({ isDone }) => isDone)) return ended(null);
      let chosen: number | null = last !== null && this.#canRun(last) ? last : null;
      while ((switches[next]?.step ?? ALL) <= this.#who.length) {
        const { to } = switches[next++] as Switch;
        if (this.#canRun(to)) chosen = to;
      }
      chosen ??= order.find((cpu) => this.#canRun(cpu)) ?? null;
      if (chosen === null) return ended({ kind: 'deadlock' });
      const cpu = this.#cpus[chosen] as Cpu;
      const from = cpu.ownSteps;
      const until = switches[next]?.step ?? ALL;
      const end = this.#runTurn(cpu, operations[chosen] as ScheduledOperation, until - this.#who.length);
      turns.push({ cpu: chosen, from, steps: cpu.ownSteps - from, end, waitsFor: cpu.waitsFor });
      last = chosen;
      const failure = this.#failureOf(cpu, end);
      if (failure !== null) return ended(failure);
    }
  }

  #runTurn(cpu: Cpu, { isAtomic, run }: ScheduledOperation, steps: number): TurnEnd {
    this.#current = cpu;
    this.#isAtomic = isAtomic;
    this.#again = 0;
    this.#left = steps;
    this.#isPaused = false;
    this.#error = null;
    cpu.waitsFor = null;
    try {
      run();
      if (this.#again < cpu.steps.length && !this.#isPaused) this.#diverge();
    } catch (error) {
      if (error !== PAUSED) this.#error ??= error;
    } finally {
      this.#current = null;
    }
    if (this.#error !== null) return 'failed';
    if (this.#isPaused) return cpu.waitsFor === null ? 'preempted' : 'waits';
    cpu.isDone = true;
    return 'done';
  }

  #failureOf(cpu: Cpu, end: TurnEnd): Failure | null {
    const number = this.#cpus.indexOf(cpu);
    if (end === 'failed') {
      if (this.#error instanceof Diverged) return { kind: 'diverged', cpu: number };
      return { kind: 'error', cpu: number, error: this.#error };
    }
    if (end !== 'done') return null;
    for (const [lock, owner] of this.#owners) {
      if (owner === cpu) return { kind: 'lock-left-held', cpu: number, lock };
    }
    return null;
  }

  #canRun(number: number): boolean {
    const { isDone, waitsFor } = this.#cpus[number] as Cpu;
    return !isDone && (waitsFor === null || !this.#owners.has(waitsFor));
  }

  #isHeldByAnother(cpu: Cpu, lock: Address): boolean {
    const owner = this.#owners.get(lock);
    return owner !== undefined && owner !== cpu;
  }

  #count(cpu: Cpu): void {
    if (this.#who.length === this.#maxSteps) this.#fail(new EndlessError('it touches memory without end'));
    const could = this.#cpus.reduce(
      (bits, _, other) => (this.#canRun(other) ? bits | (1 << other) : bits),
      0,
    );
    this.#who.push(this.#cpus.indexOf(cpu));
    this.#could.push(could);
    cpu.ownSteps++;
    this.#left--;
  }

  #make(cpu: Cpu, kind: AccessKind, address: Address, make: () => number): number {
    if (kind === 'unlock' && this.#isHeldByAnother(cpu, address)) {
      this.#fail(new LockError(`lock at ${address} released by a CPU that does not hold it`));
    }
    try {
      const result = make();
      if (kind === 'lock') this.#owners.set(address, cpu);
      if (kind === 'unlock') this.#owners.delete(address);
      return result;
    } catch (error) {
      this.#fail(error);
    }
  }

  #repeat(cpu: Cpu, kind: AccessKind, address: Address, value: number): number {
    const step = cpu.steps[this.#again++] as Step;
    if (step.kind !== kind || step.address !== address || step.value !== value) this.#diverge();
    return step.result;
  }

  #pause(): never {
    this.#isPaused = true;
    throw PAUSED;
  }

  /** Ends the run with an error, also where the strategy catches it. */
  #fail(error: unknown): never {
    this.#error = error;
    throw error;
  }

  #diverge(): never {
    this.#fail(new Diverged('an operation that was run again did something else'));
  }
}

/** What one CPU does. */
export interface ScheduledOperation {
  /** Whether all of it is one step. */
  readonly isAtomic: boolean;
  run(): void;
}
