// Runs a case on a strategy. The host is set up once, and every schedule of the concurrent operations starts from there.

import { DELIVERY, type GaLogListener } from '../../../machine/ga-log.js';
import type { HostParameters } from '../../../machine/host.js';
import { destinationOf, IRTE_WORDS } from '../../../machine/irte.js';
import { CachingIommus, haveSameTarget, type IommuHardware } from '../../../machine/irte-cache.js';
import { createHost, type Host, type Machine } from '../../../machine/machine.js';
import { type Address, LINE_WORDS, type Memory, NULL } from '../../../machine/memory.js';
import type { Kmalloc } from '../../../machine/slab.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { HEADER_WORDS, type Operation, operationAt } from '../../../workloads/stream/stream.js';
import type { Patience } from '../../method.js';
import { WRITES_ENTRY } from '../../oracle/irte-judge.js';
import { checkedMachine } from '../../oracle/memory/checked-machine.js';
import type { CheckedMemory, Fault } from '../../oracle/memory/checked-memory.js';
import { NONE } from '../../oracle/model.js';
import { createReplay } from '../../replay/replay.js';
import { accessBudget } from '../../replay/watchdog.js';
import type { CaseStream } from './schedule-case.js';
import { type Run, type Schedule, Scheduler } from './scheduler.js';
import { TurnMemory, type TurnTaker, turnHardware, turnHeap } from './turn-memory.js';

/** Where an interrupt or a GA log entry ended. */
export interface Delivered {
  /** The irq that arrived; NONE for a GA log entry that was read. */
  readonly irq: number;
  /** One of DELIVERY; NONE for a GA log entry. */
  readonly delivery: number;
  /** The CPU whose doorbell was rung, or the vCPU that was woken; NONE if there is none. */
  readonly at: number;
}

/** The result of concurrent operations. */
export interface Outcome {
  /** The live entries of all irqs that were ever allocated, by irq. */
  readonly irtes: Int32Array;
  /** The deliveries of each CPU, and then the wakeups for entries left in the logs. */
  readonly delivered: readonly (readonly Delivered[])[];
}

/** An irq whose IOMMU still has its old entry when the operation that wrote the entry has ended. */
export interface OldCopy {
  readonly cpu: number;
  readonly irq: number;
  readonly copy: Int32Array;
  readonly live: Int32Array;
}

/** The end of a schedule. */
export interface Ending {
  readonly run: Run;
  /** The first old copy; null if there was none. */
  readonly oldCopy: OldCopy | null;
  /** The first fault of the checked memory; null if there was none. */
  readonly fault: Fault | null;
  /** Null if not all operations completed. */
  readonly outcome: Outcome | null;
}

/** The parts of a host whose steps wait for their turns. */
interface HostParts {
  readonly parameters: HostParameters;
  /** Unused memory. */
  readonly memory: Memory;
  readonly heap: Kmalloc;
  readonly hardware: IommuHardware;
  readonly turns: TurnTaker;
  /** Called when a vCPU is woken, which is a step. */
  readonly onWake: (vcpu: Address) => void;
}

/** Makes a host whose steps wait for their turns. @param strategySide - Makes the machine that the strategy sees. */
export function hostInTurns(
  { parameters, memory, heap, hardware, turns, onWake }: HostParts,
  devices: number,
  listener: GaLogListener,
  strategySide: (host: Host) => Machine,
) {
  let entries = { start: 0, end: 0 };
  const isInEntry = (address: Address): boolean =>
    address >= entries.start && address < entries.end && (address - entries.start) % IRTE_WORDS !== 0;
  /** The host writes a whole entry in one step. */
  const hostTurns: TurnTaker = {
    take: (kind, address, value, make) =>
      turns.take(kind, address, value, make, kind === 'store' && isInEntry(address)),
  };
  const seen = new TurnMemory(memory, hostTurns);
  const host = createHost(
    seen,
    parameters,
    devices,
    listener,
    turnHeap(heap, turns),
    turnHardware(hardware, turns),
  );
  entries = host.irtes;
  const handlers = host.iommus.map(() => seen.reserve(LINE_WORDS));
  const machine = strategySide(host);
  return {
    host,
    /** For each IOMMU, the lock under which its log is read. */
    handlers,
    machine: {
      ...machine,
      // One thread of an IOMMU reads its log; other readers wait for it.
      drainGaLog: (iommu: Address): void => {
        const handler = handlers[host.iommus.indexOf(iommu)] as Address;
        seen.lock(handler);
        machine.drainGaLog(iommu);
        seen.unlock(handler);
      },
      wakeUp: (vcpu: Address): void => {
        turns.take('wake', vcpu, 0, () => onWake(vcpu));
        machine.wakeUp(vcpu);
      },
    },
  };
}

/** How a case is run. */
export interface CaseContext {
  readonly strategy: Strategy;
  /** Its previous content is lost. */
  readonly memory: CheckedMemory;
  readonly patience: Patience;
}

/**
 * Sets up a strategy on a host for a case.
 *
 * @throws The error that the strategy throws.
 */
export function caseRunner(scheduled: CaseStream, { strategy, memory, patience }: CaseContext) {
  const { host: parameters, stream, setup, concurrent, offsets } = scheduled;
  const budget = accessBudget(stream, patience);
  const hardware = new CachingIommus(parameters);
  const scheduler = new Scheduler(budget, hardware);
  /** For each IOMMU, the lock under which its log is read. */
  let handlers: readonly Address[] = [];
  /** The deliveries of the current operation. */
  let seen: Delivered[] = [];
  let fault: Fault | null = null;
  let oldCopy: OldCopy | null = null;
  memory.clear();
  memory.onFault = (next) => {
    fault ??= next;
  };
  const parts = {
    parameters,
    memory: memory.behind,
    heap: memory.heap,
    hardware,
    turns: scheduler,
    onWake: judgeWake,
  };
  const replay = createReplay(
    stream,
    strategy,
    (devices, listener) => {
      const made = hostInTurns(parts, devices, listener, (host) =>
        checkedMachine(host, memory, new TurnMemory(memory, scheduler)),
      );
      ({ handlers } = made);
      return made;
    },
    {
      created: () => {},
      interrupted: (irq, delivery) => seen.push({ irq, delivery, at: doorbellOf(delivery) }),
      woke: (_iommu, _tag, vcpu) => seen.push({ irq: NONE, delivery: NONE, at: vcpuAt(vcpu) }),
    },
  );
  const { host, vms, vcpus, irqs, irtes } = replay;
  const addresses = [vms, vcpus, irqs, irtes];
  runSequentially(HEADER_WORDS, offsets[0] as number, () => {});
  memory.keep();
  hardware.keep();
  /** The addresses after the setup. */
  const kept = addresses.map((each) => each.slice());

  /** Runs the concurrent operations by a schedule, from the end of the setup. */
  function run(schedule: Schedule): Ending {
    memory.rewind();
    hardware.rewind();
    for (const [index, each] of addresses.entries()) each.set(kept[index] as Int32Array);
    fault = null;
    oldCopy = null;
    const delivered: Delivered[][] = [];
    const operations = concurrent.map(({ name, operand }, cpu) => ({
      isAtomic: name === 'interrupt',
      ended: () => {
        if (WRITES_ENTRY.includes(name)) oldCopy ??= oldCopyOf(operand, cpu);
      },
      run: () => {
        memory.operation = setup.length + cpu;
        seen = [];
        delivered[cpu] = seen;
        replay.step(offsets[cpu] as number);
      },
    }));
    memory.behind.begin(budget * operations.length);
    const ended = scheduler.run(operations, schedule, host.iommus);
    const ending = { run: ended, fault, oldCopy };
    if (ended.failure !== null) return { ...ending, outcome: null };
    seen = [];
    delivered.push(seen);
    for (const iommu of host.iommus) host.drainGaLog(iommu);
    return { ...ending, outcome: { irtes: entries(), delivered } };
  }

  /**
   * Runs operations sequentially, from the current state.
   *
   * @param done - Called after each operation, with its deliveries and the offset of the next one.
   */
  function runSequentially(
    start: number,
    end: number,
    done: (operation: Operation, seen: readonly Delivered[], next: number) => void,
  ): void {
    // The memory knows the setup, the concurrent operations and the epilogue by consecutive numbers.
    memory.operation = start === HEADER_WORDS ? 0 : setup.length + concurrent.length;
    for (let offset = start; offset < end; memory.operation++) {
      const operation = operationAt(stream.words, offset);
      memory.behind.begin(budget);
      seen = [];
      offset = replay.step(offset);
      done(operation, seen, offset);
    }
  }

  /** The words of an irq's live entry. */
  function entryOf(irq: number): Int32Array {
    const address = irtes[irq] as Address;
    return memory.behind.words.subarray(address, address + IRTE_WORDS);
  }

  /** An irq's old copy, after an operation that wrote the entry; null if an interrupt would go by the new entry. */
  function oldCopyOf(irq: number, cpu: number): OldCopy | null {
    const irte = irtes[irq] as Address;
    const live = entryOf(irq);
    const copy = hardware.copyOf(host.deviceAt(irte), irte, live) ?? live;
    return haveSameTarget(copy, live) ? null : { cpu, irq, copy: copy.slice(), live: live.slice() };
  }

  function entries(): Int32Array {
    const words = new Int32Array(irtes.length * IRTE_WORDS);
    irtes.forEach((address, irq) => {
      if (address !== NULL) words.set(entryOf(irq), irq * IRTE_WORDS);
    });
    return words;
  }

  function judgeWake(vcpu: Address): void {
    const object = memory.allocationAt(vcpu);
    if (object?.freedBy === null) return;
    const kind = scheduler.isFreedInLookUp(vcpu) ? 'found-freed' : 'freed-before-wakeup';
    fault ??= { kind, action: 'woke', address: vcpu, object };
  }

  function doorbellOf(delivery: number): number {
    if (delivery !== DELIVERY.doorbell) return NONE;
    const [word0 = 0, , , word3 = 0] = hardware.delivered;
    return destinationOf(word0, word3) >>> 0;
  }

  function vcpuAt(address: Address): number {
    return address === NULL ? NONE : vcpus.indexOf(address);
  }

  return {
    case: scheduled,
    memory,
    scheduler,
    replay,
    run,
    runSequentially,
    entryOf,
    /** The first fault of the checked memory since the last schedule began. */
    fault: () => fault,
    /** A fingerprint of the memory, the hardware and the addresses. Later operations depend on nothing else. */
    fingerprint: () => [memory.fingerprint(), hardware.fingerprint(), ...addresses].join('/'),
    /** Whether all entries of the host are empty. */
    isEmpty: () => memory.behind.words.subarray(host.irtes.start, host.irtes.end).every((word) => word === 0),
    /** The IOMMU whose log is read under a lock; -1 for any other lock. */
    handlerOf: (lock: Address) => handlers.indexOf(lock),
  };
}

/** A strategy on a host that is set up for a case. */
export type CaseRunner = ReturnType<typeof caseRunner>;
