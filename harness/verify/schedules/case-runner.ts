// Runs a case on a strategy. The host is set up once, and every schedule of the concurrent operations starts from there.

import { DELIVERY, type GaLogListener } from '../../../machine/ga-log.js';
import type { HostParameters } from '../../../machine/host.js';
import { destinationOf, IRTE_WORDS } from '../../../machine/irte.js';
import { CachingIommus, haveSameTarget, type IommuHardware } from '../../../machine/irte-cache.js';
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
import { createReplay, type Replay } from '../../replay/replay.js';
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

/** A host whose steps wait for their turns. */
interface HostInTurns {
  readonly host: Host;
  readonly machine: Machine;
  /** For each IOMMU, the lock under which its log is read. */
  readonly handlers: readonly Address[];
}

/** Makes a host whose steps wait for their turns. @param strategySide - Makes the machine that the strategy sees. */
export function hostInTurns(
  { parameters, memory, heap, hardware, turns, onWake }: HostParts,
  devices: number,
  listener: GaLogListener,
  strategySide: (host: Host) => Machine,
): HostInTurns {
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
    handlers,
    machine: {
      ...machine,
      // One thread of an IOMMU reads its log; other readers wait for it.
      drainGaLog: (iommu) => {
        const handler = handlers[host.iommus.indexOf(iommu)] as Address;
        seen.lock(handler);
        machine.drainGaLog(iommu);
        seen.unlock(handler);
      },
      wakeUp: (vcpu) => {
        turns.take('wake', vcpu, 0, () => {
          onWake(vcpu);
          return 0;
        });
        machine.wakeUp(vcpu);
      },
    },
  };
}

/** Operations that write the whole entry of the irq that they name, and flush it. */
const WRITES_ENTRY: readonly Operation['name'][] = ['allocIrq', 'freeIrq', 'route', 'unroute'];

/** How a case is run. */
export interface CaseContext {
  readonly strategy: Strategy;
  /** Its previous content is lost. */
  readonly memory: CheckedMemory;
  readonly patience: Patience;
}

/** A strategy on a host that is set up for a case. */
export class CaseRunner {
  readonly case: CaseStream;
  readonly memory: CheckedMemory;
  readonly scheduler: Scheduler;
  readonly replay: Replay;
  readonly #hardware: CachingIommus;
  readonly #machine: Machine;
  readonly #budget: number;
  /** For each IOMMU, the lock under which its log is read. */
  readonly #handlers: readonly Address[];
  /** The deliveries of the current operation. */
  #seen: Delivered[] = [];
  #fault: Fault | null = null;
  #oldCopy: OldCopy | null = null;
  /** The addresses after the setup. */
  readonly #kept: readonly Int32Array[];

  /** @throws The error that the strategy throws. */
  constructor(scheduled: CaseStream, { strategy, memory, patience }: CaseContext) {
    memory.clear();
    this.case = scheduled;
    this.memory = memory;
    this.#budget = accessBudget(scheduled.stream, patience);
    const scheduler = new Scheduler(this.#budget);
    this.scheduler = scheduler;
    this.#hardware = new CachingIommus(scheduled.host);
    memory.onFault = (fault) => {
      this.#fault ??= fault;
    };
    const options = {
      parameters: scheduled.host,
      memory: memory.behind,
      heap: memory.heap,
      hardware: this.#hardware,
      turns: scheduler,
      onWake: (vcpu: Address) => this.#judgeWake(vcpu),
    };
    let made: HostInTurns | undefined;
    this.replay = createReplay(
      scheduled.stream,
      strategy,
      (devices, listener) => {
        made = hostInTurns(options, devices, listener, (host) =>
          checkedMachine(host, memory, new TurnMemory(memory, scheduler)),
        );
        return made;
      },
      {
        created: () => {},
        interrupted: (irq, delivery) => this.#seen.push({ irq, delivery, at: this.#doorbellOf(delivery) }),
        woke: (_iommu, _tag, vcpu) => this.#seen.push({ irq: NONE, delivery: NONE, at: this.#vcpuAt(vcpu) }),
      },
    );
    ({ machine: this.#machine, handlers: this.#handlers } = made as unknown as HostInTurns);
    this.runSequentially(HEADER_WORDS, scheduled.offsets[0] as number, () => {});
    memory.keep();
    this.#hardware.keep();
    this.#kept = this.#addresses().map((addresses) => addresses.slice());
  }

  /** Runs the concurrent operations by a schedule, from the end of the setup. */
  run(schedule: Schedule): Ending {
    this.#rewind();
    const { concurrent, setup, offsets } = this.case;
    const delivered: Delivered[][] = [];
    const operations = concurrent.map(({ name, operand }, cpu) => ({
      isAtomic: name === 'interrupt',
      ended: () => {
        if (WRITES_ENTRY.includes(name)) this.#oldCopy ??= this.#oldCopyOf(operand, cpu);
      },
      run: () => {
        this.memory.operation = setup.length + cpu;
        this.#seen = [];
        delivered[cpu] = this.#seen;
        this.replay.step(offsets[cpu] as number);
      },
    }));
    this.memory.behind.begin(this.#budget * operations.length);
    const iommus = { addresses: this.replay.host.iommus, hardware: this.#hardware };
    const run = this.scheduler.run(operations, schedule, iommus);
    const ending = { run, fault: this.#fault, oldCopy: this.#oldCopy };
    if (run.failure !== null) return { ...ending, outcome: null };
    delivered.push(this.#drainAll());
    return { ...ending, outcome: { irtes: this.#entries(), delivered } };
  }

  /**
   * Runs operations sequentially, from the current state.
   *
   * @param done - Called after each operation, with its deliveries and the offset of the next one.
   */
  runSequentially(
    start: number,
    end: number,
    done: (operation: Operation, seen: readonly Delivered[], next: number) => void,
  ): void {
    const { stream, setup, concurrent } = this.case;
    // The memory knows the setup, the concurrent operations and the epilogue by consecutive numbers.
    this.memory.operation = start === HEADER_WORDS ? 0 : setup.length + concurrent.length;
    for (let offset = start; offset < end; this.memory.operation++) {
      const operation = operationAt(stream.words, offset);
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

  /** A fingerprint of the memory, the hardware and the addresses. Later operations depend on nothing else. */
  fingerprint(): string {
    return [this.memory.fingerprint(), this.#hardware.fingerprint(), ...this.#addresses()].join('/');
  }

  /** Whether all entries of the host are empty. */
  get isEmpty(): boolean {
    const { start, end } = this.replay.host.irtes;
    return this.memory.behind.words.subarray(start, end).every((word) => word === 0);
  }

  /** The words of an irq's live entry. */
  entryOf(irq: number): Int32Array {
    const address = this.replay.irtes[irq] as Address;
    return this.memory.behind.words.subarray(address, address + IRTE_WORDS);
  }

  /** The IOMMU whose log is read under a lock; -1 for any other lock. */
  handlerOf(lock: Address): number {
    return this.#handlers.indexOf(lock);
  }

  /** Reads the entries left in the logs. */
  #drainAll(): Delivered[] {
    this.#seen = [];
    for (const iommu of this.replay.host.iommus) this.#machine.drainGaLog(iommu);
    return this.#seen;
  }

  /** An irq's old copy, after an operation that wrote the entry; null if an interrupt would go by the new entry. */
  #oldCopyOf(irq: number, cpu: number): OldCopy | null {
    const { host, irtes } = this.replay;
    const irte = irtes[irq] as Address;
    const live = this.entryOf(irq);
    const copy = this.#hardware.copyOf(host.deviceAt(irte), irte, live) ?? live;
    return haveSameTarget(copy, live) ? null : { cpu, irq, copy: copy.slice(), live: live.slice() };
  }

  #rewind(): void {
    this.memory.rewind();
    this.#hardware.rewind();
    this.#addresses().forEach((addresses, index) => {
      addresses.set(this.#kept[index] as Int32Array);
    });
    this.#fault = null;
    this.#oldCopy = null;
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

  #judgeWake(vcpu: Address): void {
    const object = this.memory.allocationAt(vcpu);
    if (object?.freedBy === null) return;
    const kind = this.scheduler.isFreedInLookUp(vcpu) ? 'found-freed' : 'freed-before-wakeup';
    this.#fault ??= { kind, action: 'woke', address: vcpu, object };
  }

  #doorbellOf(delivery: number): number {
    if (delivery !== DELIVERY.doorbell) return NONE;
    const [word0 = 0, , , word3 = 0] = this.#hardware.delivered;
    return destinationOf(word0, word3) >>> 0;
  }

  #vcpuAt(address: Address): number {
    return address === NULL ? NONE : this.replay.vcpus.indexOf(address);
  }
}
