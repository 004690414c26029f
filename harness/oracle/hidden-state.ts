// Checks that all state of a strategy lives in the modelled memory. State in a JavaScript object costs no cache line, is
// missing from the byte counts, and is invisible to a second thread or a C program. Two instances of the strategy take
// turns on one memory: without hidden state they access it exactly as one instance does alone.
import type { HostParameters } from '../../machine/host.js';
import type { Machine } from '../../machine/machine.js';
import type { Memory } from '../../machine/memory.js';
import type { Hypervisor, Strategy } from '../../strategies/strategy.js';
import { HEADER_WORDS, type OperationStream, operationWords } from '../../workloads/stream/stream.js';
import { type Patience, STATE_OPERATIONS } from '../method.js';
import { createReplay, plainHost, type Replay } from '../replay/replay.js';
import { accessBudget, inSlices, type Watch } from '../replay/watchdog.js';
import { TracedMemory } from './memory/traced-memory.js';

/** A search for hidden state. */
export interface HiddenStateSearch {
  readonly stream: OperationStream;
  readonly strategy: Strategy;
  /** A second import of the strategy's module, so that not even the module's own variables are shared. */
  readonly second: Strategy;
  readonly host: HostParameters;
  /** Memory that is not in use. */
  readonly memory: Memory;
  readonly patience: Patience;
  /** Watches each slice of either run. */
  readonly watch: Watch;
  /** Called if the watch ended a run. Then the search is inconclusive. */
  readonly onUnsearchable?: () => void;
}

/** Decides whose turn it is. Knuth's multiplier spreads the turns of each kind of operation over both instances. */
const TURN_MULTIPLIER = 0x9e37_79b1;

/** A strategy whose operations are divided between two instances on one memory. */
function takingTurns({ strategy, second }: HiddenStateSearch, memory: TracedMemory): Strategy {
  return {
    ...strategy,
    create(machine) {
      /** The objects that the first create() obtains. The second one must ask for them in the same order. */
      const given: unknown[] = [];
      let place = 0;
      let areCreated = false;
      /** Makes an object, or gives the one that was made before. */
      function give<T>(make: () => T): T {
        if (areCreated) return make();
        if (place === given.length) given.push(make());
        return given[place++] as T;
      }
      /** The machine on which both instances obtain the same objects. */
      const shared: Machine = {
        ...machine,
        kmemCache(bytes, struct) {
          const { alloc, free } = machine.kmemCache(bytes, struct);
          return { alloc: () => give(alloc), free };
        },
        kmalloc: (bytes, struct) => give(() => machine.kmalloc(bytes, struct)),
        bootAlloc: (bytes, name) => give(() => machine.bootAlloc(bytes, name)),
        setDriverData: (iommu, data) => give(() => machine.setDriverData(iommu, data)),
      };
      const one = strategy.create(shared);
      place = 0;
      // The first create() has already written these words.
      memory.isFrozen = true;
      const other = second.create(shared);
      memory.isFrozen = false;
      areCreated = true;
      let turn = 0;
      let current = one;
      const next = (): Hypervisor => {
        current = Math.imul(++turn, TURN_MULTIPLIER) < 0 ? one : other;
        return current;
      };
      return {
        createVm: (...words) => next().createVm(...words),
        // It follows createVm once for each vCPU. The turns after it must not depend on the number of vCPUs.
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

/**
 * Offsets of the operations to run: the setup, then STATE_OPERATIONS of the window; a history has a teardown instead.
 */
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
 * @returns The first operation in which the two runs differ; null if none does.
 */
export function findHiddenState(search: HiddenStateSearch): number | null {
  const { stream, strategy, host, patience, watch } = search;
  const memory = new TracedMemory(search.memory.words);
  const budget = accessBudget(stream, patience);
  const offsets = offsetsIn(stream);
  const alone = new Int32Array(offsets.length);
  let index = 0;

  /**
   * Runs the operations one by one, until one fails. An instance may throw where the other instance hides state.
   *
   * @param goesOn - Called after each operation.
   * @returns False if the watch ended the run.
   */
  function run(subject: Strategy, goesOn: () => boolean): boolean {
    index = 0;
    memory.clear();
    let replay: Replay | undefined;
    const hasEnded = inSlices(watch, () => {
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
    if (!hasEnded) search.onUnsearchable?.();
    return hasEnded;
  }

  const record = (): boolean => {
    alone[index] = memory.trace;
    return true;
  };
  // A strategy that fails alone has other failures.
  if (!run(strategy, record) || index < offsets.length) return null;
  if (!run(takingTurns(search, memory), () => alone[index] === memory.trace)) return null;
  return index < offsets.length ? index : null;
}
