// Whether all state of a strategy lives in the modelled memory, as it must: what V8 keeps for it costs no cache line,
// is in no count of bytes, and is not there for a second thread or a program in C. Two instances of the strategy take
// turns on one memory. If nothing is hidden in either, they read and write what one alone does.

import type { HostParameters } from '../../machine/host.js';
import type { Machine } from '../../machine/machine.js';
import type { Memory } from '../../machine/memory.js';
import type { KmemCache } from '../../machine/slab.js';
import type { Hypervisor, Strategy } from '../../strategies/strategy.js';
import { HEADER_WORDS, type OperationStream, operationWords } from '../../workloads/stream/stream.js';
import { type Patience, STATE_OPERATIONS } from '../method.js';
import { createReplay, plainHost, type Replay } from '../replay/replay.js';
import { accessBudget, inSlices, type Watch } from '../replay/watchdog.js';
import { TracedMemory } from './memory/traced-memory.js';

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

/** What came of looking for hidden state. */
interface HiddenState {
  /** The first operation in which the two runs differ; null if none was found. */
  readonly index: number | null;
  /** Whether a run was ended by its watch. Then nothing is known. */
  readonly isEnded: boolean;
}

/**
 * Runs a strategy on a stream, alone and then with its second instance.
 *
 * @param space - Memory that is not in use.
 * @param watch - Of each slice of either run.
 */
export function findHiddenState(
  stream: OperationStream,
  instances: Instances,
  host: HostParameters,
  space: Memory,
  patience: Patience,
  watch: Watch,
): HiddenState {
  const memory = new TracedMemory(space.words);
  const budget = accessBudget(stream, patience);
  const offsets = offsetsIn(stream);
  const alone = new Int32Array(offsets.length);
  let index = 0;

  /**
   * Runs the operations one by one, as far as it gets. What one instance does not find where the other left it may well be
   * an error.
   *
   * @param goesOn - Asked after each.
   * @returns Whether all slices came to their ends.
   */
  function run(subject: Strategy, goesOn: () => boolean): boolean {
    index = 0;
    memory.clear();
    let replay: Replay | undefined;
    return inSlices(watch, () => {
      try {
        memory.begin(budget);
        if (replay === undefined) {
          replay = createReplay(stream, subject, plainHost(memory, host));
          return offsets.length > 0;
        }
        replay.step(offsets[index] as number);
        return goesOn() && ++index < offsets.length;
      } catch {
        return false;
      }
    });
  }

  const record = (): boolean => {
    alone[index] = memory.trace;
    return true;
  };
  if (!run(instances.strategy, record)) return { index: null, isEnded: true };
  // Whoever goes wrong alone has other findings.
  if (index < offsets.length) return { index: null, isEnded: false };
  if (!run(takingTurns(instances, memory), () => alone[index] === memory.trace)) {
    return { index: null, isEnded: true };
  }
  return { index: index < offsets.length ? index : null, isEnded: false };
}
