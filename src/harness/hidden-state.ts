// Whether all state of a strategy lives in the modelled memory, as it must: what V8 keeps for it costs no cache line,
// is in no count of bytes, and is not there for a second thread or a program in C. Two instances of the strategy take
// turns on one memory. If nothing is hidden in either, they read and write what one alone does.
import type { HostParameters } from '../machine/host.js';
import { createHost, type GaLogNotifier, type Machine } from '../machine/machine.js';
import type { Memory } from '../machine/memory.js';
import type { KmemCache } from '../machine/slab.js';
import { TracedMemory } from '../machine/traced-memory.js';
import type { Hypervisor, Strategy } from '../strategies/strategy.js';
import { HEADER_WORDS, type OperationStream, operationWords } from '../workloads/stream.js';
import { STATE_OPERATIONS, STATE_PATIENCE_FACTOR } from './method.js';
import { createReplay, type HostAndMachine, NO_OBSERVER } from './replay.js';
import { accessBudget, endsWithin } from './watchdog.js';

/** A strategy as two imports of its module give it: what the module itself keeps is not shared either. */
export interface Instances {
  readonly strategy: Strategy;
  readonly second: Strategy;
}

/** Decides whose turn it is: Knuth's multiplier spreads the turns of one verb over both. */
const TURN_MULTIPLIER = 0x9e37_79b1;

/** What create() was given, for the other instance to be given the same. */
class Handouts {
  readonly #given: unknown[] = [];
  #next = 0;
  #isOver = false;

  /** The same for each instance in turn, as long as they ask in the same order; made anew once all are there. */
  give<T>(make: () => T): T {
    if (this.#isOver) return make();
    if (this.#next === this.#given.length) this.#given.push(make());
    return this.#given[this.#next++] as T;
  }

  rewind(): void {
    this.#next = 0;
  }

  end(): void {
    this.#isOver = true;
  }
}

/** A machine that hands the same objects to each instance that is made on it. */
function sharedMachine(machine: Machine, handouts: Handouts): Machine {
  const shared = ({ alloc, free }: KmemCache): KmemCache => ({ alloc: () => handouts.give(alloc), free });
  return {
    ...machine,
    kmemCache: (bytes, struct) => shared(machine.kmemCache(bytes, struct)),
    kmalloc: (bytes, struct) => handouts.give(() => machine.kmalloc(bytes, struct)),
    bootAlloc: (bytes, name) => handouts.give(() => machine.bootAlloc(bytes, name)),
    setDriverData: (iommu, data) => handouts.give(() => machine.setDriverData(iommu, data)),
  };
}

/** A strategy of two instances on one memory, which take turns. */
function takingTurns({ strategy, second }: Instances, memory: TracedMemory): Strategy {
  return {
    ...strategy,
    create(machine) {
      const handouts = new Handouts();
      const shared = sharedMachine(machine, handouts);
      const one = strategy.create(shared);
      handouts.rewind();
      // What create() writes is there already.
      memory.isFrozen = true;
      const other = second.create(shared);
      memory.isFrozen = false;
      handouts.end();
      let turn = 0;
      let current = one;
      const next = (): Hypervisor => {
        current = Math.imul(++turn, TURN_MULTIPLIER) < 0 ? one : other;
        return current;
      };
      return {
        createVm: (...words) => next().createVm(...words),
        // It follows createVm, once for each vCPU, and whose turn comes after must not depend on how many there are.
        vcpuAt: (...words) => current.vcpuAt(...words),
        destroyVm: (...words) => next().destroyVm(...words),
        allocIrq: (...words) => next().allocIrq(...words),
        freeIrq: (...words) => next().freeIrq(...words),
        route: (...words) => next().route(...words),
        unroute: (...words) => next().unroute(...words),
        load: (...words) => next().load(...words),
        put: (...words) => next().put(...words),
        wake: (...words) => next().wake(...words),
      };
    },
  };
}

/** Offsets of the operations that are run: the setup and so many of the window; of a history, the teardown. */
function offsetsIn({ words, windowStart, windowEnd }: OperationStream): number[] {
  const end = windowStart < windowEnd ? windowEnd : words.length;
  const offsets: number[] = [];
  let left = STATE_OPERATIONS;
  for (let offset = HEADER_WORDS; offset < end && left > 0; ) {
    offsets.push(offset);
    if (offset >= windowStart) left--;
    offset += operationWords((words[offset] as number) & 15);
  }
  return offsets;
}

/**
 * Runs a strategy on a stream, alone and then with its second instance.
 *
 * @param space - Memory that is not in use.
 * @param patienceMs - How long the run alone may take, and how much longer than it the second; null for no bound.
 * @returns The index of the first operation in which the two runs differ; null if they do not, or if the strategy alone
 * does not come to its end.
 */
export function findHiddenState(
  stream: OperationStream,
  instances: Instances,
  host: HostParameters,
  space: Memory,
  patienceMs: number | null,
): number | null {
  const memory = new TracedMemory(space.words);
  const budget = accessBudget(stream);
  const offsets = offsetsIn(stream);
  const alone = new Int32Array(offsets.length);
  let index = 0;

  /** Runs the operations, one by one. @param goesOn - Asked after each. */
  function run(subject: Strategy, goesOn: () => boolean): void {
    index = 0;
    memory.clear();
    const makeHost = (devices: number, notify: GaLogNotifier): HostAndMachine => {
      const made = createHost(memory, host, devices, notify);
      return { host: made, machine: made };
    };
    const { step } = createReplay(stream, subject, host, makeHost, NO_OBSERVER);
    for (; index < offsets.length; index++) {
      memory.begin(budget);
      step(offsets[index] as number);
      if (!goesOn()) return;
    }
  }

  /** Runs the operations as far as it gets. */
  function tryToRun(subject: Strategy, milliseconds: number | null, goesOn: () => boolean): void {
    try {
      endsWithin(milliseconds, () => run(subject, goesOn));
    } catch {
      // What one instance does not find where the other left it may well be an error.
    }
  }

  const startedAt = performance.now();
  tryToRun(instances.strategy, patienceMs, () => {
    alone[index] = memory.trace;
    return true;
  });
  if (index < offsets.length) return null;
  // On a large host both runs are long, and the second must not be found wanting for that.
  const took = performance.now() - startedAt;
  const longer = patienceMs === null ? null : Math.ceil(patienceMs + STATE_PATIENCE_FACTOR * took);
  tryToRun(takingTurns(instances, memory), longer, () => alone[index] === memory.trace);
  return index < offsets.length ? index : null;
}
