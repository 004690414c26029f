// A case on a strategy: its host is set up once, and every schedule of its operations at once starts from there.

import { DELIVERY, type GaLogNotifier } from '../../../machine/ga-log.js';
import type { HostParameters } from '../../../machine/host.js';
import { destinationOf, IRTE_WORDS } from '../../../machine/irte.js';
import { createHost, type Host, type Machine } from '../../../machine/machine.js';
import { type Address, LINE_WORDS, type Memory, NULL } from '../../../machine/memory.js';
import type { Kmalloc } from '../../../machine/slab.js';
import type { Strategy } from '../../../strategies/strategy.js';
import {
  HEADER_WORDS,
  OP,
  type Operation,
  operationAt,
  operationWords,
} from '../../../workloads/stream/stream.js';
import type { Patience } from '../../method.js';
import { checkedMachine } from '../../oracle/memory/checked-machine.js';
import type { CheckedMemory, Fault } from '../../oracle/memory/checked-memory.js';
import { NONE } from '../../oracle/model.js';
import { createReplay, type HostAndMachine, type Replay } from '../../replay/replay.js';
import { accessBudget } from '../../replay/watchdog.js';
import type { CaseStream } from './schedule-case.js';
import { type AccessKind, TurnMemory, type TurnTaker, turnHeap } from './turn-memory.js';
import { type Run, type Schedule, type ScheduledOperation, Turns } from './turns.js';

/** What an interrupt or a GA log entry came to. */
export interface Delivered {
  /** The irq that arrived; NONE for a GA log entry that was read. */
  readonly irq: number;
  /** One of DELIVERY; NONE for a GA log entry. */
  readonly delivery: number;
  /** The CPU whose doorbell was rung, or the vCPU that was named; NONE if none was. */
  readonly at: number;
}

/** What operations at once came to. */
export interface Outcome {
  /** The live entry of each irq that there is or was, one after the other. */
  readonly irtes: Int32Array;
  /** What each CPU saw, and at the end what was left in the logs. */
  readonly delivered: readonly (readonly Delivered[])[];
}

/** How a schedule ended. */
export interface Ending {
  readonly run: Run;
  /** The first fault of the checked memory; null if there was none. */
  readonly fault: Fault | null;
  /** Null if the operations did not all end. */
  readonly outcome: Outcome | null;
}

/** Decides when a step is made, and may be told that it is part of the one before. */
export interface Director extends TurnTaker {
  take(kind: AccessKind, address: Address, value: number, make: () => number, follows?: boolean): number;
}

/**
 * Makes a host whose steps wait for their turns.
 *
 * @param behind - Unused memory.
 * @param strategySide - The machine that the strategy sees of it.
 * @returns It, and for each IOMMU the lock under which its log is read.
 */
export function hostInTurns(
  parameters: HostParameters,
  devices: number,
  notify: GaLogNotifier,
  turns: Director,
  behind: Memory,
  heap: Kmalloc,
  strategySide: (host: Host) => Machine,
): HostAndMachine & { readonly handlers: readonly Address[] } {
  let entries = { start: 0, end: 0 };
  const isInEntry = (address: Address): boolean =>
    address >= entries.start && address < entries.end && (address - entries.start) % IRTE_WORDS !== 0;
  /** The host writes an entry at once. */
  const hostTurns: TurnTaker = {
    take: (kind, address, value, make) =>
      turns.take(kind, address, value, make, kind === 'store' && isInEntry(address)),
  };
  const seen = new TurnMemory(behind, hostTurns);
  const host = createHost(seen, parameters, devices, notify, turnHeap(heap, turns));
  entries = host.irtes;
  const handlers = host.iommus.map(() => seen.reserve(LINE_WORDS));
  const machine = strategySide(host);
  return {
    host,
    handlers,
    machine: {
      ...machine,
      // An IOMMU has one thread that reads its log; who wants it read waits for that.
      drainGaLog: (iommu) => {
        const handler = handlers[host.iommus.indexOf(iommu)] as Address;
        seen.lock(handler);
        machine.drainGaLog(iommu);
        seen.unlock(handler);
      },
    },
  };
}

/** A strategy on a host that was set up. */
export class Stage {
  readonly case: CaseStream;
  readonly memory: CheckedMemory;
  readonly turns: Turns;
  readonly replay: Replay;
  readonly #machine: Machine;
  readonly #operations: readonly ScheduledOperation[];
  readonly #budget: number;
  /** Words of the locks under which the GA logs are read, one for each IOMMU. */
  #handlers: readonly Address[] = [];
  /** What the operation that runs has seen. */
  #seen: Delivered[] = [];
  #fault: Fault | null = null;
  /** The addresses that the setup left. */
  readonly #kept: readonly Int32Array[];

  /**
   * @param memory - What was in it is gone.
   * @throws What the strategy throws.
   */
  constructor(strategy: Strategy, scheduled: CaseStream, memory: CheckedMemory, patience: Patience) {
    memory.clear();
    this.case = scheduled;
    this.memory = memory;
    this.#budget = accessBudget(scheduled.stream, patience);
    this.turns = new Turns(this.#budget);
    memory.onFault = (fault) => {
      this.#fault ??= fault;
    };
    let machine: Machine | undefined;
    this.replay = createReplay(
      scheduled.stream,
      strategy,
      (devices, notify) => {
        const made = this.#makeHost(devices, notify);
        machine = made.machine;
        return made;
      },
      {
        interrupted: (irq, delivery) =>
          this.#seen.push({ irq, delivery, at: this.#doorbellOf(irq, delivery) }),
        woke: (_iommu, _tag, vcpu) => this.#seen.push({ irq: NONE, delivery: NONE, at: this.#vcpuAt(vcpu) }),
      },
    );
    this.#machine = machine as Machine;
    const { offsets } = scheduled;
    this.#operations = scheduled.atOnce.map(({ name }, cpu) => ({
      isAtomic: name === 'interrupt',
      run: () => {
        memory.operation = scheduled.setup.length + cpu;
        this.#seen = [];
        this.replay.step(offsets[cpu] as number);
      },
    }));
    this.runSequentially(HEADER_WORDS, offsets[0] as number, () => {});
    memory.keep();
    this.#kept = this.#addresses().map((addresses) => addresses.slice());
  }

  /** Runs the operations at once by a schedule, from where the setup ended. */
  run(schedule: Schedule): Ending {
    this.#rewind();
    const delivered: Delivered[][] = this.#operations.map(() => []);
    const operations = this.#operations.map(({ isAtomic, run }, cpu) => ({
      isAtomic,
      run: () => {
        run();
        delivered[cpu] = this.#seen;
      },
    }));
    this.memory.behind.begin(this.#budget * operations.length);
    const run = this.turns.run(operations, schedule);
    if (run.failure !== null) return { run, fault: this.#fault, outcome: null };
    delivered.push(this.#drainAll());
    return { run, fault: this.#fault, outcome: { irtes: this.#entries(), delivered } };
  }

  /**
   * Runs operations one after the other, on what there is.
   *
   * @param done - Hears of each, with what it saw and the offset of the next.
   */
  runSequentially(
    start: number,
    end: number,
    done: (operation: Operation, seen: readonly Delivered[], next: number) => void,
  ): void {
    const { words } = this.case.stream;
    for (let offset = start, index = 0; offset < end; index++) {
      const operation = operationAt(words, offset);
      // What comes after the operations at once is known by numbers after theirs.
      const before = start === HEADER_WORDS ? 0 : this.case.setup.length + this.case.atOnce.length;
      this.memory.operation = before + index;
      this.memory.behind.begin(this.#budget);
      this.#seen = [];
      this.replay.step(offset);
      offset += operationWords(OP[operation.name]);
      done(operation, this.#seen, offset);
    }
  }

  /** The first fault of the checked memory since the last schedule began. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** The memory, and what the harness knows of it, in a word: what comes after depends on nothing else. */
  fingerprint(): string {
    return [this.memory.fingerprint(), ...this.#addresses()].join('/');
  }

  /** Whether all entries of the host are empty. */
  get isEmpty(): boolean {
    const { start, end } = this.replay.host.irtes;
    const { words } = this.memory.behind;
    for (let address = start; address < end; address++) if (words[address] !== 0) return false;
    return true;
  }

  /** The words of an irq's live entry. */
  entryOf(irq: number): Int32Array {
    const address = this.replay.irtes[irq] as Address;
    return this.memory.behind.words.subarray(address, address + IRTE_WORDS);
  }

  /** The IOMMU whose log is read under a lock; -1 if it is another lock. */
  handlerOf(lock: Address): number {
    return this.#handlers.indexOf(lock);
  }

  #makeHost(devices: number, notify: GaLogNotifier): HostAndMachine {
    const { turns, memory } = this;
    const made = hostInTurns(this.case.host, devices, notify, turns, memory.behind, memory.heap, (host) =>
      checkedMachine(host, memory, new TurnMemory(memory, turns)),
    );
    this.#handlers = made.handlers;
    return made;
  }

  /** Reads what is left in the logs. */
  #drainAll(): Delivered[] {
    this.#seen = [];
    for (const iommu of this.replay.host.iommus) this.#machine.drainGaLog(iommu);
    return this.#seen;
  }

  #rewind(): void {
    this.memory.rewind();
    this.#addresses().forEach((addresses, index) => {
      addresses.set(this.#kept[index] as Int32Array);
    });
    this.#fault = null;
  }

  #addresses(): Int32Array[] {
    const { vms, vcpus, irqs, irtes } = this.replay;
    return [vms, vcpus, irqs, irtes];
  }

  #entries(): Int32Array {
    const { irtes } = this.replay;
    const entries = new Int32Array(irtes.length * IRTE_WORDS);
    irtes.forEach((address, irq) => {
      if (address !== NULL) entries.set(this.entryOf(irq), irq * IRTE_WORDS);
    });
    return entries;
  }

  #doorbellOf(irq: number, delivery: number): number {
    if (delivery !== DELIVERY.doorbell) return NONE;
    const [word0 = 0, , , word3 = 0] = this.entryOf(irq);
    return destinationOf(word0, word3) >>> 0;
  }

  #vcpuAt(address: Address): number {
    return address === NULL ? NONE : this.replay.vcpus.indexOf(address);
  }
}
