// The modelled host as a strategy and the harness meet it: IOMMUs, devices with their interrupt-remapping tables, the
// heap, the hash and the GA log. It knows no strategy. createHost() puts it together from the parts beside this file.
import { flushesIn } from './flushes.js';
import { type GaLogNotifier, gaLogsIn } from './ga-log.js';
import { type Hash32, hash32With } from './hash.js';
import type { HostParameters } from './host.js';
import { type CommandCounts, iommusIn } from './iommus.js';
import { irqCfgsIn } from './irq-cfg.js';
import { type IrteWriter, irqTablesIn } from './irq-tables.js';
import { type Hlist, type HlistBl, hlistBlIn, hlistIn, type List, listIn } from './lists.js';
import { type Address, type Memory, WORD_BYTES } from './memory.js';
import { ownMemoryIn } from './own-memory.js';
import { type Kmalloc, type KmemCache, kmallocIn } from './slab.js';

/** Frame number of the first backing page: above the low memory that a host keeps for itself. */
export const FIRST_BACKING_PAGE = 0x10_0000;

/** The part of the host that a strategy may use. */
export interface Machine {
  readonly host: HostParameters;
  readonly memory: Memory;
  /** Address of each IOMMU's structure. */
  readonly iommus: readonly Address[];
  readonly hlist: Hlist;
  readonly hlistBl: HlistBl;
  readonly list: List;
  /** The kernel's hash_32() of the host's era. */
  readonly hash32: Hash32;
  /**
   * The kmalloc cache for objects of a constant size: each has at least `bytes` bytes and is zeroed.
   *
   * @param struct - The name of the objects' structure, for failures.
   */
  kmemCache(bytes: number, struct?: string): KmemCache;
  /** kmalloc for a size that is known only at the call: a zeroed object of at least `bytes` bytes. */
  kmalloc(bytes: number, struct?: string): Address;
  /** Frees an object of {@link kmalloc}; `bytes` is the size that was asked for. */
  kfree(address: Address, bytes: number): void;
  /**
   * Zeroed memory for the life of the host, such as a hash table.
   *
   * @param name - Its symbol, as in the kernel's System.map: for failures, and for a C program on the same memory.
   */
  bootAlloc(bytes: number, name?: string): Address;

  /** The IOMMU that a device is behind. */
  iommuOf(devid: number): Address;
  /** Makes an IOMMU's structure point to a structure of the strategy's own. */
  setDriverData(iommu: Address, data: Address): void;
  /** The structure of {@link setDriverData}; NULL if there is none. */
  driverDataOf(iommu: Address): Address;
  /** The driver's structure for a device's interrupt-remapping table, looked up by device id. */
  irqTable(devid: number): Address;
  /** As irqTable(), but computed from an entry's address. No kernel can do this, so it is for lower bounds only. */
  irqTableOf(irte: Address): Address;
  /**
   * The lowest index of a device's table whose entry is zero. It stays free until the entry is written.
   *
   * @throws RangeError if the table is full.
   */
  freeIrteIndex(devid: number): number;
  /** Address of the live entry at an index of a device's table. */
  irteAt(devid: number, index: number): Address;
  /** Makes the irq_cfg of a host irq, {destination, vector}, one word each. */
  createIrqCfg(irq: number): Address;
  /** Frees an irq_cfg. */
  freeIrqCfg(cfg: Address): void;
  /**
   * Writes a live entry under its table's lock, and queues the commands of the host's flush policy. The table comes
   * from {@link irqTable} or {@link irqTableOf}.
   */
  readonly updateIrte: IrteWriter;

  /** Page frame number of a vCPU's vAPIC backing page; `vcpu` is its number in the stream. */
  backingPage(vcpu: number): number;
  /** The driver's GA log handler: it notifies of each entry, then restarts the log if it had overflowed. */
  drainGaLog(iommu: Address): void;
}

/** The machine plus what only the hardware and the harness use. */
export interface Host extends Machine {
  /** The device whose table holds an entry. */
  devidOf(irte: Address): number;
  /** A device's interrupt arrives at this entry. @returns One of DELIVERY. */
  interrupt(irte: Address): number;
  /** Ends an operation: queues the commands that a per-device flush policy has deferred. */
  finishOperation(): void;
  /** Commands queued by all IOMMUs since the host was made. */
  commands(): CommandCounts;
  /** Objects of kmalloc that are in use, by size class in bytes. */
  liveObjects(): Map<number, number>;
  /** Bytes in use by the strategy and by the irq_cfgs: memory from boot, and live objects. */
  heldBytes(): number;
  /** Names an address of the host's own, such as "word 3 of the GA log of IOMMU 0"; null if it is not the host's. */
  nameOf(address: Address): string | null;
  /** The kind of a lock of the host's own, such as "irq_remap_table"; null if it is not the host's. */
  lockClassOf(lock: Address): string | null;
  /** Addresses by name: memory from boot, and the host's own tables and locks. */
  symbols(): ReadonlyMap<string, Address>;
  /** The region of all live entries: the devices' tables one after the other, by device id. */
  readonly irtes: { readonly start: Address; readonly end: Address };
  /** The counter of COMPLETION_WAIT commands of each IOMMU: a store to it is followed by the wait. */
  readonly completionWaits: readonly Address[];
}

/**
 * Makes a host in an unused memory.
 *
 * @param devices - Devices with an interrupt-remapping table; their ids count from 0.
 * @param notify - Called for each entry that {@link Machine.drainGaLog} reads.
 * @param heap - Its kmalloc; by default the host's slabs.
 * @throws RangeError if there are more devices than device ids.
 */
export function createHost(
  memory: Memory,
  host: HostParameters,
  devices: number,
  notify: GaLogNotifier,
  heap: Kmalloc = kmallocIn(memory, host.heap, host.heapSeed),
): Host {
  const own = ownMemoryIn(memory);
  const iommus = iommusIn(memory, host, own);
  const tables = irqTablesIn(memory, host, devices, own);
  const flushes = flushesIn(memory, host, devices, iommus, own);
  const irqCfgs = irqCfgsIn(memory, heap);
  const gaLogs = gaLogsIn(memory, iommus, tables.devidOf, notify);
  const symbols = new Map(Object.entries({ ...tables.symbols, flush_chain: flushes.chain }));
  let bootBytes = 0;

  const { irtes, devidOf, writeIrte } = tables;
  const { entryWritten } = flushes;

  return {
    host,
    memory,
    iommus: iommus.addresses,
    hlist: hlistIn(memory, host.pointerBytes),
    hlistBl: hlistBlIn(memory, host.pointerBytes),
    list: listIn(memory, host.pointerBytes),
    hash32: hash32With(host.hashMultiplier),

    kmemCache: heap.cacheFor,
    kmalloc: (bytes, struct) => heap.cacheFor(bytes, struct).alloc(),
    kfree: (address, bytes) => heap.cacheFor(bytes).free(address),
    bootAlloc(bytes, name) {
      bootBytes += bytes;
      const address = memory.reserve(Math.ceil(bytes / WORD_BYTES));
      if (name !== undefined) symbols.set(name, address);
      return address;
    },

    iommuOf: iommus.iommuOf,
    setDriverData: iommus.setDriverData,
    driverDataOf: iommus.driverDataOf,
    irtes,
    completionWaits: iommus.completionWaits,
    devidOf,
    irqTable: tables.irqTable,
    irqTableOf: tables.irqTableOf,
    irteAt: tables.irteAt,
    freeIrteIndex: tables.freeIrteIndex,
    createIrqCfg: irqCfgs.createIrqCfg,
    freeIrqCfg: irqCfgs.freeIrqCfg,
    updateIrte:
      entryWritten === null
        ? writeIrte
        : (table, irte, word0, word1, word2, word3) => {
            writeIrte(table, irte, word0, word1, word2, word3);
            entryWritten(devidOf(irte));
          },
    finishOperation: flushes.finishOperation,
    commands: iommus.commands,

    backingPage: (vcpu) => FIRST_BACKING_PAGE + vcpu,
    interrupt: gaLogs.interrupt,
    drainGaLog: gaLogs.drainGaLog,

    symbols: () => symbols,
    liveObjects: heap.live,
    heldBytes: () => [...heap.live()].reduce((bytes, [size, objects]) => bytes + size * objects, bootBytes),
    nameOf: (address) =>
      address >= irtes.start && address < irtes.end
        ? `a live IRTE of device ${devidOf(address)}`
        : own.nameOf(address),
    lockClassOf: (lock) => tables.lockClassOf(lock) ?? iommus.lockClassOf(lock),
  };
}
