// Schedules the operations of several CPUs. One CPU runs at a time, and the scheduler can preempt it before any step,
// or where it waits for a lock. JavaScript cannot suspend an operation, so the scheduler leaves it by an exception and
// later runs it again from its start. The steps that the operation has already made are answered from a record and have
// no effect. This is right for a strategy whose state is all in the memory; a strategy that deviates from the record is
// detected. (Stateless search by re-execution: Godefroid, "Model Checking for Programming Languages using VeriSoft",
// 1997.)
//
// A step is a memory access, a lock or unlock, or a call of kmalloc. An atomic hardware action is one step: the write
// of an entry (cmpxchg16b), and a whole interrupt. An IOMMU with open commands is one more actor: each of its steps
// completes its oldest command. By default it does so when a CPU waits for it.

import type { CachingIommus } from '../../../machine/irte-cache.js';
import { type Address, LockError } from '../../../machine/memory.js';
import { EndlessError } from '../../oracle/memory/journaled-memory.js';
import type { AccessKind, TurnTaker } from './turn-memory.js';

/** A CPU of a schedule by name: a letter, since operations name the host's CPUs by number. */
export const cpuName = (cpu: number): string => `CPU ${String.fromCharCode(65 + cpu)}`;

/** A switch to another CPU before a step. */
interface Switch {
  /** Number of the step over all CPUs, from 0. */
  readonly step: number;
  /** The CPU to run, from 0, or an IOMMU; their numbers follow. The switch has no effect if it cannot run. */
  readonly to: number;
}

/**
 * An order of execution. Between switches a CPU runs for as long as it can; then the first ready CPU of the order runs.
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
  readonly result: unknown;
  /** Its number over all CPUs, from 1; parts of a step share it. */
  readonly number: number;
  /** Whether it is part of the step before, such as the second word of an entry. */
  readonly isPart: boolean;
}

/** Why a turn ended. */
type TurnEnd = 'preempted' | 'waits' | 'done' | 'failed';

/** The steps of a CPU or IOMMU without interruption. */
export interface Turn {
  readonly cpu: number;
  /** Steps of this CPU before the turn. */
  readonly from: number;
  /** Steps of the turn. */
  readonly steps: number;
  readonly end: TurnEnd;
  /** The lock that the CPU waits for; null if it waits for an IOMMU. */
  readonly waitsFor: Address | null;
}

/** The choice of the CPU that makes a step. */
interface Choice {
  /** The CPU or IOMMU that made the step. */
  readonly cpu: number;
  /** The CPUs that could have made it, as bits. */
  readonly ready: number;
  /** Whether the CPU of the step before was neither done nor waiting for a lock. It may wait for an IOMMU. */
  readonly couldGoOn: boolean;
}

/** The run of a schedule. */
export interface Run {
  readonly turns: readonly Turn[];
  /** One for each step. */
  readonly choices: readonly Choice[];
  /** Why the run ended before all operations were done; null if it did not. */
  readonly failure: RunFailure | null;
}

/** Why a run ended early. */
export type RunFailure =
  | { readonly kind: 'deadlock' }
  | { readonly kind: 'lock-left-held'; readonly cpu: number; readonly lock: Address }
  | { readonly kind: 'diverged'; readonly cpu: number }
  | { readonly kind: 'error'; readonly cpu: number; readonly error: unknown };

/** The operation of one CPU. */
export interface ScheduledOperation {
  /** Whether the whole operation is one step. */
  readonly isAtomic: boolean;
  run(): void;
  /** Called when it has ended. */
  ended?(): void;
}

/** Thrown to leave an operation in the middle. */
const PAUSED = new Error('the turn is handed over');

/** Thrown where an operation that is run again deviates from its record. */
const DIVERGED = new Error('an operation that was run again did something else');

/** One CPU with its operation, or an IOMMU. */
class Actor {
  /** Its number: the CPUs from 0, and then the IOMMUs. */
  readonly number: number;
  /** The address of an IOMMU; null for a CPU. */
  readonly iommu: Address | null;
  readonly steps: Step[] = [];
  /** The number of steps that are not part of the step before. */
  ownSteps = 0;
  waitsFor: Address | null = null;
  /** Whether the IOMMU that a CPU waits for has completed the wait; null if the CPU waits for none. */
  isCompleted: (() => boolean) | null = null;
  isDone = false;

  constructor(number: number, iommu: Address | null) {
    this.number = number;
    this.iommu = iommu;
  }
}

/** The scheduler. */
export class Scheduler implements TurnTaker {
  readonly #maxSteps: number;
  readonly #hardware: CachingIommus;
  #cpus: Actor[] = [];
  #iommus: Actor[] = [];
  /** The CPU that holds each lock. */
  readonly #owners = new Map<Address, Actor>();
  #choices: Choice[] = [];
  /** The CPU of the last step; null before the first. */
  #last: Actor | null = null;
  /** The running CPU; null while nothing is scheduled. */
  #current: Actor | null = null;
  #isAtomic = false;
  /** Steps of the current operation that were answered from its record or made in this turn. */
  #answered = 0;
  /** Steps until a switch is due. */
  #left = Infinity;
  #turns: Turn[] = [];
  /** Steps of the actor before its turn. */
  #from = 0;
  #isPaused = false;
  #error: unknown = null;

  /** @param maxSteps - Steps of all CPUs together after which an operation counts as endless. */
  constructor(maxSteps: number, hardware: CachingIommus) {
    this.#maxSteps = maxSteps;
    this.#hardware = hardware;
  }

  /** A CPU's own step of the last run by its number from 0; undefined if the CPU made fewer. */
  stepOf(cpu: number, number: number): Step | undefined {
    return this.#cpus[cpu]?.steps.filter(({ isPart }) => !isPart)[number];
  }

  /** Whether an object was freed before the running CPU released a lock under which it had read the object's address. */
  isFreedInLookUp(object: Address): boolean {
    const steps = this.#current?.steps ?? [];
    const found = steps.findLastIndex(({ kind, result }) => kind === 'load' && result === object);
    const lookUpEnds = steps.slice(found + 1).find(({ kind }) => kind === 'unlock')?.number ?? Infinity;
    const freed = this.#cpus
      .flatMap(({ steps: all }) => all)
      .find(({ kind, address }) => kind === 'free' && address === object);
    return (freed?.number ?? 0) < lookUpEnds;
  }

  take<T>(kind: AccessKind, address: Address, value: number, make: () => T, follows = false): T {
    const cpu = this.#current;
    if (cpu === null) return make();
    if (this.#isPaused) throw PAUSED;
    if (this.#answered < cpu.steps.length) return this.#answer(cpu, kind, address, value) as T;
    const isPart = cpu.steps.length > 0 && (this.#isAtomic || follows);
    if (!isPart && this.#left === 0) this.#pause();
    if (kind === 'lock' && this.#isHeldByAnother(cpu, address)) {
      cpu.waitsFor = address;
      this.#pause();
    }
    if (kind === 'completion') this.#await(cpu, address, value);
    if (!isPart) this.#count(cpu);
    const result = this.#make(cpu, kind, address, make);
    cpu.steps.push({ kind, address, value, result, isPart, number: this.#choices.length });
    this.#answered++;
    return result;
  }

  /**
   * Runs operations by a schedule.
   *
   * @param operations - One for each CPU.
   * @param iommus - The addresses of the IOMMUs.
   */
  run(
    operations: readonly ScheduledOperation[],
    { order, switches }: Schedule,
    iommus: readonly Address[] = [],
  ): Run {
    this.#cpus = operations.map((_, number) => new Actor(number, null));
    this.#iommus = iommus.map((address, index) => new Actor(operations.length + index, address));
    this.#owners.clear();
    this.#choices = [];
    this.#last = null;
    this.#turns = [];
    const actors = [...this.#cpus, ...this.#iommus];
    const waiting = [...this.#iommus, ...order.map((cpu) => this.#cpus[cpu] as Actor)];
    const run = { turns: this.#turns, choices: this.#choices };
    let last: Actor | undefined;
    let next = 0;
    for (;;) {
      if (this.#cpus.every(({ isDone }) => isDone)) return { ...run, failure: null };
      const made = this.#choices.length;
      let chosen: Actor | undefined = last !== undefined && this.#canRun(last) ? last : undefined;
      while ((switches[next]?.step ?? Infinity) <= made) {
        const to = actors[(switches[next++] as Switch).to];
        if (to !== undefined && this.#canRun(to)) chosen = to;
      }
      chosen ??= waiting.find((actor) => this.#canRun(actor));
      if (chosen === undefined) return { ...run, failure: { kind: 'deadlock' } };
      this.#left = (switches[next]?.step ?? Infinity) - made;
      const operation = operations[chosen.number];
      if (operation === undefined) {
        // The CPU of the last turn goes on afterwards.
        this.#completeCommands(chosen);
        continue;
      }
      this.#from = chosen.ownSteps;
      const end = this.#runTurn(chosen, operation);
      this.#endTurn(chosen, end);
      last = chosen;
      if (end === 'done') operation.ended?.();
      const failure = this.#failureOf(chosen, end);
      if (failure !== null) return { ...run, failure };
    }
  }

  /** Waits for an IOMMU. If no switch is due, its turn comes now, and the operation need not be left and run again. */
  #await(cpu: Actor, address: Address, wait: number): void {
    const isCompleted = (): boolean => this.#hardware.hasCompleted(address, wait);
    if (!isCompleted() && this.#left > 0) {
      this.#endTurn(cpu, 'waits');
      this.#completeCommands(this.#iommus.find(({ iommu }) => iommu === address) as Actor);
      this.#from = cpu.ownSteps;
    }
    if (isCompleted()) return;
    cpu.isCompleted = isCompleted;
    this.#pause();
  }

  /** The turn of an IOMMU. It completes its commands until a switch is due. */
  #completeCommands(actor: Actor): void {
    const iommu = actor.iommu as Address;
    this.#from = actor.ownSteps;
    while (this.#left > 0 && this.#hardware.isBusy(iommu)) {
      this.#count(actor);
      this.#hardware.completeOldest(iommu);
    }
    this.#endTurn(actor, 'preempted');
  }

  #endTurn({ number, ownSteps, waitsFor }: Actor, end: TurnEnd): void {
    this.#turns.push({ cpu: number, from: this.#from, steps: ownSteps - this.#from, end, waitsFor });
  }

  #runTurn(cpu: Actor, { isAtomic, run }: ScheduledOperation): TurnEnd {
    this.#current = cpu;
    this.#isAtomic = isAtomic;
    this.#answered = 0;
    this.#isPaused = false;
    this.#error = null;
    cpu.waitsFor = null;
    cpu.isCompleted = null;
    try {
      run();
      if (this.#answered < cpu.steps.length && !this.#isPaused) this.#fail(DIVERGED);
    } catch (error) {
      if (error !== PAUSED) this.#error ??= error;
    } finally {
      this.#current = null;
    }
    if (this.#error !== null) return 'failed';
    if (this.#isPaused) return cpu.waitsFor === null && cpu.isCompleted === null ? 'preempted' : 'waits';
    cpu.isDone = true;
    return 'done';
  }

  #failureOf(actor: Actor, end: TurnEnd): RunFailure | null {
    const { number: cpu } = actor;
    if (end === 'failed') {
      return this.#error === DIVERGED
        ? { kind: 'diverged', cpu }
        : { kind: 'error', cpu, error: this.#error };
    }
    if (end !== 'done') return null;
    const held = [...this.#owners].find(([, owner]) => owner === actor);
    return held === undefined ? null : { kind: 'lock-left-held', cpu, lock: held[0] };
  }

  #canRun(actor: Actor): boolean {
    if (actor.iommu !== null) return this.#hardware.isBusy(actor.iommu);
    return this.#couldGoOn(actor) && (actor.isCompleted === null || actor.isCompleted());
  }

  /** Whether a CPU is neither done nor waiting for a lock. */
  #couldGoOn({ isDone, waitsFor }: Actor): boolean {
    return !isDone && (waitsFor === null || !this.#owners.has(waitsFor));
  }

  #isHeldByAnother(cpu: Actor, lock: Address): boolean {
    const owner = this.#owners.get(lock);
    return owner !== undefined && owner !== cpu;
  }

  #count(actor: Actor): void {
    if (this.#choices.length === this.#maxSteps) {
      this.#fail(new EndlessError('it touches memory without end'));
    }
    const ready = this.#cpus.reduce((bits, cpu) => (this.#canRun(cpu) ? bits | (1 << cpu.number) : bits), 0);
    const couldGoOn = this.#last !== null && this.#couldGoOn(this.#last);
    this.#choices.push({ cpu: actor.number, ready, couldGoOn });
    if (actor.iommu === null) this.#last = actor;
    actor.ownSteps++;
    this.#left--;
  }

  #make<T>(cpu: Actor, kind: AccessKind, address: Address, make: () => T): T {
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

  /** Answers a step from the record. */
  #answer(cpu: Actor, kind: AccessKind, address: Address, value: number): unknown {
    const step = cpu.steps[this.#answered++] as Step;
    if (step.kind !== kind || step.address !== address || step.value !== value) this.#fail(DIVERGED);
    return step.result;
  }

  #pause(): never {
    this.#isPaused = true;
    throw PAUSED;
  }

  /** Ends the run with an error, even if the strategy catches it. */
  #fail(error: unknown): never {
    this.#error = error;
    throw error;
  }
}
